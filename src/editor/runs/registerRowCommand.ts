import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { type CommandId, SELECTED } from '../contributions.ts';
import { registerCommand } from '../register.ts';
import { UserError } from '../userError.ts';

/**
 * Registers a command of rows that has a key: VS Code tells a menu's command which rows it was opened
 * on, but hands a key's command nothing, so that it would act on the newest run instead.
 * @param run gets the row, and all that are selected with it
 */
export function registerRowCommand(
  id: CommandId,
  { log, selection }: Pick<App, 'log' | 'selection'>,
  run: (element: unknown, elements: unknown) => unknown,
): vscode.Disposable {
  return registerCommand(id, log, (element, elements) => {
    if (element !== SELECTED) return run(element, elements);
    const [first] = selection.rows;
    if (!first) throw new UserError(vscode.l10n.t('Select a row of the Runs view first.'));
    return run(first, selection.rows);
  });
}
