import * as vscode from 'vscode';

/** The name of a connection. Production is marked wherever it is named. */
export function connectionLabel(name: string, isProduction: boolean): string {
  return isProduction ? vscode.l10n.t('{0} (production)', name) : name;
}
