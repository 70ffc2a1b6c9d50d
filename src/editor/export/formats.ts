import * as vscode from 'vscode';
import { exportCsv } from '../../runs/export/csv.ts';
import { exportJson } from '../../runs/export/json.ts';
import { exportJsonLines } from '../../runs/export/jsonl.ts';
import type { Ignored } from '../../runs/ignored.ts';
import type { Run } from '../../runs/run.ts';
import { markdownNote } from './markdownNote.ts';

/** A way to write a run down. */
export interface Format extends vscode.QuickPickItem {
  /** Of its files, without the dot. */
  readonly extension: string;
  readonly write: (run: Run, ignored: Ignored) => AsyncIterable<string>;
}

export function formats(): readonly Format[] {
  return [
    {
      label: 'Markdown',
      description: vscode.l10n.t('a note for people: what ran where, and each output once'),
      iconPath: new vscode.ThemeIcon('markdown'),
      extension: 'md',
      write: markdownNote,
    },
    {
      label: 'CSV',
      description: vscode.l10n.t('a row for each node, for spreadsheets'),
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
      description: vscode.l10n.t('everything, a line for each node'),
      iconPath: new vscode.ThemeIcon('list-flat'),
      extension: 'jsonl',
      write: (run) => exportJsonLines(run),
    },
  ];
}
