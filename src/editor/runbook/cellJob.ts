import * as vscode from 'vscode';
import { blockDirectives } from '../../exec/directive/blockDirectives.ts';
import { jobTitle } from '../../exec/protocol/job.ts';
import { interpreterOfBlock } from '../../exec/runbook/blockLanguage.ts';
import { joinRunbook } from '../../exec/runbook/joinCells.ts';
import { editorLines } from '../../exec/runbook/lines.ts';
import { parseMarkdown } from '../../exec/runbook/markdownBlocks.ts';
import { type Script, scriptJob } from '../../exec/script/script.ts';
import { bytesToSend } from '../../exec/script/scriptBytes.ts';
import { baseName } from '../../runs/text/fileReferences.ts';
import { NothingToDo } from '../base/userError.ts';
import type { NamedJob } from '../source/namedJob.ts';
import { editedCell, fileOf } from './cellOrigin.ts';

export function isBlankCell({ document }: vscode.NotebookCell): boolean {
  return document.getText().trim() === '';
}

/**
 * The job of a cell: the same as of its block in the file.
 * @throws NothingToDo for a cell without text
 */
export function jobOfCell(cell: vscode.NotebookCell): NamedJob {
  if (isBlankCell(cell)) {
    throw new NothingToDo(vscode.l10n.t('The cell is empty, so there is nothing to run.'));
  }
  const { notebook } = cell;
  const { uri, metadata } = notebook;
  const { language, text: shown } = partsOf(cell);
  const text = shown.replace(/\r\n?/g, '\n').replace(/\n$/, '');
  const { encoding } = fileOf(metadata);
  const { line, directive } = blockOf(cell, text);
  const name = baseName(uri.path);
  const script: Script = {
    text,
    bytes: encoding === 'utf8' ? undefined : bytesToSend(text, Buffer.from(text, encoding)),
    interpreter: interpreterOfBlock(language, text),
    part: 'block',
    place: { name, line },
    hadCrlf: false,
    source: notebook.isUntitled ? undefined : uri.toString(),
  };
  const job = scriptJob(script);
  const place = uri.scheme === 'file' ? { file: uri.fsPath, line } : undefined;
  const title = `${jobTitle(job)} (${name}:${line})`;
  return { job, title, script, place, directive };
}

/** Where the cell is in the file if that is saved now, and what the file says about its run. */
function blockOf(cell: vscode.NotebookCell, text: string) {
  const { notebook, index } = cell;
  const cells = notebook.getCells().slice(0, index + 1);
  const markdown = joinRunbook(fileOf(notebook.metadata).start, cells.map(partsOf));
  const block = parseMarkdown(markdown).blocks.at(-1);
  // The prose above can have a fence that nothing closes.
  if (block?.text.replace(/\n$/, '') !== text) return { line: 1, directive: undefined };
  const lines = editorLines(markdown);
  return { line: block.fenceLine + 1, directive: blockDirectives(lines, [block])[0] };
}

function partsOf({ kind, document, metadata }: vscode.NotebookCell) {
  return editedCell({ kind, value: document.getText(), languageId: document.languageId, metadata });
}
