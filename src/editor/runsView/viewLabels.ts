import * as vscode from 'vscode';
import type { GroupMode } from '../../runs/grouping/groupMode.ts';
import type { IgnoredDifferences } from '../../runs/grouping/ignoredDifferences.ts';
import { groupedIgnoringLabel } from '../../runs/grouping/ignoredDifferencesLabel.ts';
import { statusLabel } from '../runs/statusLabel.ts';
import type { NodeFilter } from './viewOptions.ts';

export function groupModeLabel(mode: GroupMode): string {
  switch (mode) {
    case 'node':
      return vscode.l10n.t('By node');
    case 'status':
      return vscode.l10n.t('By status');
    case 'output':
      return vscode.l10n.t('By identical output');
    case 'service':
      return vscode.l10n.t('By service');
  }
}

/** How nodes are grouped, for the view's message; empty if they aren't. */
export function groupedLabel(mode: GroupMode, ignored: IgnoredDifferences): string {
  switch (mode) {
    case 'node':
      return '';
    case 'status':
      return vscode.l10n.t('Grouped by status');
    case 'service':
      return vscode.l10n.t('Grouped by service');
    case 'output':
      return groupedIgnoringLabel(ignored) || vscode.l10n.t('Grouped by identical output');
  }
}

/** `Only nodes with "web" · Only failed, lost` */
export function filterLabel({ text, statuses }: NodeFilter): string {
  return [
    text === '' ? '' : vscode.l10n.t('Only nodes with "{0}"', text),
    statuses ? vscode.l10n.t('Only {0}', statuses.map(statusLabel).join(', ')) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}
