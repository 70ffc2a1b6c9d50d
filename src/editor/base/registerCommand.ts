import * as vscode from 'vscode';
import type { CommandArgs, CommandId } from './contributions.ts';
import { reportError } from './reportError.ts';

/** As many arguments, none of which has been checked. */
type Unchecked<Args extends unknown[]> = { [Index in keyof Args]: unknown };

/**
 * Registers a command that reports its failures to the user in one sentence, and in full to the log.
 * @param run must check its arguments: menus, key bindings, and other extensions pass them too
 */
export function registerCommand<Id extends CommandId>(
  id: Id,
  log: vscode.LogOutputChannel,
  run: (...args: Unchecked<CommandArgs[Id]>) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      return await run(...(args as Unchecked<CommandArgs[Id]>));
    } catch (error) {
      reportError(error, log);
      return undefined;
    }
  });
}
