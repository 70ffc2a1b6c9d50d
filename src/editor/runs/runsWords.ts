import * as vscode from 'vscode';
import type { NodeFilter } from './runsLook.ts';
import { standingLabel } from './standingLabel.ts';
import type { GroupMode } from './shownGroups.ts';

/** What the look of the Runs view is called. */

export function modeLabel(mode: GroupMode): string {
  switch (mode) {
    case 'node':
      return vscode.l10n.t('By node');
    case 'state':
      return vscode.l10n.t('By state');
    case 'output':
      return vscode.l10n.t('By identical output');
    case 'service':
      return vscode.l10n.t('By service');
  }
}

/** `Only nodes with “web” · failed, lost` */
export function filterWords({ text, standings }: NodeFilter): string {
  return [
    text === '' ? '' : vscode.l10n.t('Only nodes with “{0}”', text),
    standings ? vscode.l10n.t('Only {0}', standings.map(standingLabel).join(', ')) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
