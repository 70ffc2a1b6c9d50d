import * as vscode from 'vscode';

/** `1 node`, `12 nodes`. */
export function nodeCountLabel(count: number): string {
  return count === 1 ? vscode.l10n.t('1 node') : vscode.l10n.t('{0} nodes', count);
}

/** The verb on every button that starts a run: `Run on 12 nodes`. */
export function runOnLabel(count: number): string {
  return count === 1 ? vscode.l10n.t('Run on 1 node') : vscode.l10n.t('Run on {0} nodes', count);
}

/** The row after the nodes that a tree shows in one place. */
export function moreNodesLabel(count: number): string {
  return count === 1
    ? vscode.l10n.t('Show more (1 hidden)')
    : vscode.l10n.t('Show more ({0} hidden)', count);
}

/** The row after the groups that a tree shows in one place. */
export function moreGroupsLabel(count: number): string {
  return count === 1
    ? vscode.l10n.t('Show more (1 group hidden)')
    : vscode.l10n.t('Show more ({0} groups hidden)', count);
}
