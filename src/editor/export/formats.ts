import * as vscode from 'vscode';
import { exportCsv } from '../../runs/export/csv.ts';
import { exportJson } from '../../runs/export/json.ts';
import { exportJsonLines } from '../../runs/export/jsonl.ts';
import type { IgnoredDifferences } from '../../runs/grouping/ignoredDifferences.ts';
import type { Run } from '../../runs/run.ts';
import { markdownNote } from './markdownNote.ts';

/** A file format for a run. */
export interface ExportFormat extends vscode.QuickPickItem {
  /** The file extension without the dot. */
  readonly extension: string;
  readonly write: (run: Run, ignored: IgnoredDifferences) => AsyncIterable<string>;
}

export function formats(): readonly ExportFormat[] {
  return [
    {
      label: 'Markdown',
      description: vscode.l10n.t('a note to read: what ran where, and each different output once'),
      iconPath: new vscode.ThemeIcon('markdown'),
      extension: 'md',
      write: markdownNote,
    },
    {
      label: 'CSV',
      description: vscode.l10n.t('one row per node, for spreadsheets'),
      iconPath: new vscode.ThemeIcon('table'),
      extension: 'csv',
      write: (run) => exportCsv(run),
    },
    {
      label: 'JSON',
      description: vscode.l10n.t('everything, as one document with a schema'),
      iconPath: new vscode.ThemeIcon('json'),
      extension: 'json',
      write: (run) => exportJson(run),
    },
    {
      label: 'JSON Lines',
      description: vscode.l10n.t('everything, one line per node'),
      iconPath: new vscode.ThemeIcon('list-flat'),
      extension: 'jsonl',
      write: (run) => exportJsonLines(run),
    },
  ];
}
