import * as vscode from 'vscode';
import type { OutputLimits } from '../../exec/cap/outputLimit.ts';
import { describeBytes } from '../../runs/text/stateText.ts';

/** `10 MB per node, 256 MB per run` */
export function limitsLabel({ perNode, perRun }: OutputLimits): string {
  const labels = [
    perNode > 0 ? vscode.l10n.t('{0} per node', describeBytes(perNode)) : '',
    perRun > 0 ? vscode.l10n.t('{0} per run', describeBytes(perRun)) : '',
  ].filter(Boolean);
  return labels.join(', ') || vscode.l10n.t('no limit');
}
