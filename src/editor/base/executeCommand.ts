import * as vscode from 'vscode';
import type { CommandArgs, CommandId } from './contributions.ts';

/** Runs one of our commands; its failures are reported there. */
export async function executeCommand<Id extends CommandId>(
  id: Id,
  ...args: CommandArgs[Id]
): Promise<void> {
  await vscode.commands.executeCommand(id, ...args);
}

/** One of our commands for an item that runs it when it is selected. */
export function commandLink<Id extends CommandId>(
  id: Id,
  title: string,
  ...args: CommandArgs[Id]
): vscode.Command {
  return { command: id, title, arguments: args };
}
