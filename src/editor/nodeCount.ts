import * as vscode from 'vscode';

/** `1 node`, `12 nodes`. */
export function nodeCount(count: number): string {
  return count === 1 ? vscode.l10n.t('1 node') : vscode.l10n.t('{0} nodes', count);
}

/** The verb on every button that starts a run: `Run on 12 nodes`. */
export function runOn(count: number): string {
  return count === 1 ? vscode.l10n.t('Run on 1 node') : vscode.l10n.t('Run on {0} nodes', count);
}
