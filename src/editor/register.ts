import * as vscode from 'vscode';
import type { CommandId } from './contributions.ts';
import { reportError } from './reportError.ts';

/**
 * Registers a command whose failures reach the user as a sentence, and the log in full.
 * @param run gets what the menu or caller hands over, which may be nothing
 */
export function registerCommand(
  id: CommandId,
  log: vscode.LogOutputChannel,
  run: (...args: readonly unknown[]) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(id, async (...args: unknown[]) => {
    try {
      return await run(...args);
    } catch (error) {
      reportError(error, log);
      return undefined;
    }
  });
}
