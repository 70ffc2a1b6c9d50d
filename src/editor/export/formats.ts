import * as vscode from 'vscode';
import { exportCsv } from '../../runs/export/csv.ts';
import { exportJson } from '../../runs/export/json.ts';
import { exportJsonLines } from '../../runs/export/jsonl.ts';
import { exportMarkdown } from '../../runs/export/markdown.ts';
import type { Run } from '../../runs/run.ts';

/** A way to write a run down. */
export interface Format extends vscode.QuickPickItem {
  /** Of its files, without the dot. */
  readonly extension: string;
  readonly write: (run: Run) => AsyncIterable<string>;
}

export function formats(): readonly Format[] {
  return [
    {
      label: 'Markdown',
      description: vscode.l10n.t('a note for people: what ran where, and each output once'),
      iconPath: new vscode.ThemeIcon('markdown'),
      extension: 'md',
      write: (run) => exportMarkdown(run, Date.now()),
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
      write: exportJson,
    },
    {
      label: 'JSON Lines',
      description: vscode.l10n.t('everything, a line for each node'),
      iconPath: new vscode.ThemeIcon('list-flat'),
      extension: 'jsonl',
      write: exportJsonLines,
    },
  ];
}
