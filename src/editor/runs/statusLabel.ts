import * as vscode from 'vscode';
import type { NodeStatus } from '../../runs/model/nodeStatus.ts';

/** A status in a word or two. */
export function statusLabel(status: NodeStatus): string {
  switch (status) {
    case 'failed':
      return vscode.l10n.t('failed');
    case 'lost':
      return vscode.l10n.t('lost');
    case 'noResponse':
      return vscode.l10n.t('no response');
    case 'unknown':
      return vscode.l10n.t('not known');
    case 'running':
      return vscode.l10n.t('running');
    case 'waiting':
      return vscode.l10n.t('waiting');
    case 'ok':
      return vscode.l10n.t('ok');
  }
}
