import * as vscode from 'vscode';
import { UserError } from './userError.ts';

/** @throws UserError in Restricted Mode, in which nothing runs */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserError(
    vscode.l10n.t('In Restricted Mode you can view runs and their output, but not start runs.'),
  );
}
