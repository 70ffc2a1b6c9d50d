import * as vscode from 'vscode';
import { editorLanguageOf } from '../../exec/runbook/blockLanguage.ts';
import { type Cell, splitRunbook } from '../../exec/runbook/cells.ts';
import { joinRunbook } from '../../exec/runbook/joinCells.ts';
import { decodeRunbook, encodeRunbook } from '../../exec/runbook/runbookBytes.ts';
import { UserError } from '../base/userError.ts';
import { editedCell, fileOf, withFile, withOrigin } from './cellOrigin.ts';

/** Shows a Markdown file as cells. Saving changes only the lines of cells that the user edited. */
export const runbookSerializer: vscode.NotebookSerializer = {
  deserializeNotebook(content) {
    const { text, encoding } = decodeRunbook(content);
    const { start, cells } = splitRunbook(text);
    const notebook = new vscode.NotebookData(cells.map(toCellData));
    notebook.metadata = withFile({ start, encoding });
    return notebook;
  },
  serializeNotebook({ cells, metadata }) {
    const { start, encoding } = fileOf(metadata);
    const text = joinRunbook(start, cells.map(editedCell));
    const bytes = encodeRunbook({ text, encoding });
    if (bytes) return bytes;
    throw new UserError(
      vscode.l10n.t(
        'This file is not UTF-8, and has no such characters as you added. Use "Reopen Editor With…" to open it as text, and save it with the encoding UTF-8.',
      ),
    );
  },
};

function toCellData(cell: Cell, index: number): vscode.NotebookCellData {
  const { kind, text, language } = cell;
  const data =
    kind === 'prose'
      ? new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, text, 'markdown')
      : new vscode.NotebookCellData(
          vscode.NotebookCellKind.Code,
          text,
          editorLanguageOf(language) ?? 'plaintext',
        );
  data.metadata = withOrigin({ ...cell, index });
  return data;
}
