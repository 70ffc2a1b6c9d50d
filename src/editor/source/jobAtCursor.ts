import * as vscode from 'vscode';
import { plainLabel } from '../base/plainLabel.ts';
import { NothingToDo } from '../base/userError.ts';
import { blockAt, isMarkdown } from './documentBlocks.ts';
import type { NamedJob } from './namedJob.ts';
import {
  activeEditor,
  jobFromBlock,
  jobFromEditor,
  jobFromFile,
  jobFromLine,
  jobFromParagraph,
  paragraphAt,
} from './scriptSource.ts';

/**
 * The selection; else the fenced block or cell at the cursor; else the line, the paragraph, or the file,
 * as the user chooses.
 * @throws CancellationError when the user chooses none; UserError when there is nothing to run
 */
export async function jobAtCursor(): Promise<NamedJob> {
  const editor = activeEditor();
  const { document, selection, selections } = editor;
  if (selections.some(({ isEmpty }) => !isEmpty)) return jobFromEditor();
  const block = blockAt(document, selection.active.line);
  if (block) return jobFromBlock(document, block);
  return askForPart(editor);
}

/** In Markdown, the selection or the block at the cursor; else the selection or the whole file. */
export async function jobFromSelection(): Promise<NamedJob> {
  return isMarkdown(activeEditor().document) ? jobAtCursor() : jobFromEditor();
}

interface PartRow extends vscode.QuickPickItem {
  readonly read: () => Promise<NamedJob>;
}

async function askForPart({ document, selection }: vscode.TextEditor): Promise<NamedJob> {
  const { line } = selection.active;
  const rows = [...(isMarkdown(document) ? [] : [fileRow(document)])];
  if (!document.lineAt(line).isEmptyOrWhitespace) {
    rows.unshift(lineRow(document, line), paragraphRow(document, line));
  }
  if (rows.length === 0) {
    throw new NothingToDo(
      vscode.l10n.t('There is no block at the cursor. Select text, or move the cursor to a block.'),
    );
  }
  const picked = await vscode.window.showQuickPick(rows, {
    title: vscode.l10n.t('Run at Cursor'),
    placeHolder: vscode.l10n.t('Nothing is selected. Choose what to run.'),
  });
  if (!picked) throw new vscode.CancellationError();
  return picked.read();
}

function lineRow(document: vscode.TextDocument, line: number): PartRow {
  return {
    label: vscode.l10n.t('Line {0}', line + 1),
    iconPath: new vscode.ThemeIcon('dash'),
    description: plainLabel(document.lineAt(line).text.trim()),
    read: jobFromLine,
  };
}

function paragraphRow(document: vscode.TextDocument, line: number): PartRow {
  const { start, end } = paragraphAt(document, line);
  return {
    label: vscode.l10n.t('Paragraph'),
    iconPath: new vscode.ThemeIcon('list-flat'),
    description:
      start.line === end.line
        ? vscode.l10n.t('line {0}', start.line + 1)
        : vscode.l10n.t('lines {0} to {1}', start.line + 1, end.line + 1),
    read: () => jobFromParagraph(document, line),
  };
}

function fileRow(document: vscode.TextDocument): PartRow {
  return {
    label: vscode.l10n.t('File'),
    iconPath: new vscode.ThemeIcon('file-code'),
    description:
      document.lineCount === 1
        ? vscode.l10n.t('1 line')
        : vscode.l10n.t('{0} lines', document.lineCount),
    read: () => jobFromFile(document.uri),
  };
}
