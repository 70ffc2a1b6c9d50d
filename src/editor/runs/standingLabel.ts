import * as vscode from 'vscode';
import type { Standing } from '../../runs/nodeResult.ts';

/** A standing in a word. */
export function standingLabel(standing: Standing): string {
  switch (standing) {
    case 'failed':
      return vscode.l10n.t('failed');
    case 'lost':
      return vscode.l10n.t('lost');
    case 'silent':
      return vscode.l10n.t('silent');
    case 'running':
      return vscode.l10n.t('running');
    case 'waiting':
      return vscode.l10n.t('waiting');
    case 'ok':
      return vscode.l10n.t('ok');
  }
}
