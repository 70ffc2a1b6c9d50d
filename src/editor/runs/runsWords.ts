import * as vscode from 'vscode';
import type { Ignored } from '../../runs/ignored.ts';
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

export function ignoredLabel(difference: keyof Ignored): string {
  switch (difference) {
    case 'trailingSpace':
      return vscode.l10n.t('trailing space');
    case 'timestamps':
      return vscode.l10n.t('dates and times');
    case 'ownName':
      return vscode.l10n.t('the node’s own name');
  }
}

/** `Grouped ignoring dates and times` */
export function ignoredWords(ignored: Ignored): string {
  const on = Object.entries(ignored).flatMap(([difference, isOn]) =>
    isOn ? [ignoredLabel(difference as keyof Ignored)] : [],
  );
  return vscode.l10n.t('Grouped ignoring {0}', on.join(', '));
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
