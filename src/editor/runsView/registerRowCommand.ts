import * as vscode from 'vscode';
import { type CommandArgs, type CommandId, SELECTED } from '../base/contributions.ts';
import { registerCommand } from '../base/registerCommand.ts';
import { UserError } from '../base/userError.ts';
import { isRunElement, type ViewSelection } from './runElements.ts';

type RowCommandId = {
  [Id in keyof CommandArgs]: typeof SELECTED extends CommandArgs[Id][0] ? Id : never;
}[keyof CommandArgs];

/**
 * Registers a command for rows that has a key binding. VS Code passes the rows to a command of a menu,
 * but none to a command of a key binding, which would apply to the latest run instead.
 * @param run gets the row, and all rows that are selected with it
 */
export function registerRowCommand(
  id: RowCommandId,
  { log, selection }: { readonly log: vscode.LogOutputChannel; readonly selection: ViewSelection },
  run: (element: unknown, elements: unknown) => unknown,
): vscode.Disposable {
  return registerCommand(id, log, (element?: unknown, elements?: unknown) => {
    if (element !== SELECTED) return run(element, elements);
    const [first] = selection.rows;
    if (!first) throw new UserError(vscode.l10n.t('Select a row in the Runs view first.'));
    return run(first, selection.rows);
  });
}

/**
 * Registers a command that starts something for a row, or for the latest run from the Command Palette,
 * which passes nothing. If a row was drawn again while its menu was open, VS Code passes no row in its
 * place: that must not mean the latest run.
 * @param run gets the row, and all rows that are selected with it
 */
export function registerRunCommand(
  id: CommandId,
  log: vscode.LogOutputChannel,
  run: (element: unknown, elements: unknown) => unknown,
): vscode.Disposable {
  return registerCommand(id, log, (...args: unknown[]) => {
    const [element, elements] = args;
    if (args.length > 0 && !isRunElement(element)) {
      throw new UserError(vscode.l10n.t('The row has changed. Open its menu again.'));
    }
    return run(element, elements);
  });
}
