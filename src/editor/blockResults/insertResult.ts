import * as vscode from 'vscode';
import { editorLines } from '../../exec/runbook/lines.ts';
import { type LineEdit, resultEdit } from '../../exec/runbook/resultBlock.ts';
import { blockResult } from '../../runs/export/blockResult.ts';
import type { IgnoredDifferences } from '../../runs/grouping/ignoredDifferences.ts';
import { NothingToDo, UserError } from '../base/userError.ts';
import type { LoadServices } from '../runsView/runElements.ts';
import { blockAt, blocksOf, type DocumentBlock, isMarkdown } from '../source/documentBlocks.ts';
import { placeOf } from '../source/documentPlace.ts';
import { latestRunOf } from './blockRuns.ts';

/**
 * Writes the result of the latest run of a block below it, or replaces the one that is there. Without
 * arguments, of the block at the cursor.
 * @throws NothingToDo if the block has not run
 */
export async function insertResult(
  { runs, loader }: LoadServices,
  ignored: IgnoredDifferences,
  first: unknown,
  second: unknown,
): Promise<void> {
  const { document, block } = await findBlock(first, second);
  const listed = latestRunOf(document, block, runs.all);
  if (!listed) {
    throw new NothingToDo(
      vscode.l10n.t('No run in the list has the text of this block. Run it first.'),
    );
  }
  const run = await loader.load(listed);
  const lines = await blockResult(run, Date.now(), await run.groupings.ignoring(ignored));
  // Reading takes time, in which the document can change.
  const now = blocksOf(document).find(({ fence }) => fence?.text === block.fence?.text);
  if (!now?.fence) throw changedError();
  const fences = blocksOf(document).flatMap(({ fence }) => (fence ? [fence] : []));
  const text = editorLines(document.getText());
  if (!(await apply(document, resultEdit(text, fences, now.fence, lines)))) throw changedError();
}

async function findBlock(
  first: unknown,
  second: unknown,
): Promise<{ readonly document: vscode.TextDocument; readonly block: DocumentBlock }> {
  const editor = vscode.window.activeTextEditor;
  const active = editor && { uri: editor.document.uri, line: editor.selection.active.line };
  const place = first === undefined ? active : placeOf(first, second);
  const document = place && (await vscode.workspace.openTextDocument(place.uri));
  const block = document && isMarkdown(document) ? blockAt(document, place.line) : undefined;
  if (document && block) return { document, block };
  throw new NothingToDo(
    vscode.l10n.t('There is no block at the cursor. Move the cursor to a block in Markdown.'),
  );
}

async function apply(
  document: vscode.TextDocument,
  { from, to, lines }: LineEdit,
): Promise<boolean> {
  const edit = new vscode.WorkspaceEdit();
  const { uri, eol, lineCount } = document;
  const end = eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  const text = lines.join(end);
  if (from >= lineCount) {
    edit.insert(uri, document.lineAt(lineCount - 1).range.end, end + text + end);
  } else {
    edit.replace(uri, new vscode.Range(from, 0, to, 0), text + end);
  }
  return vscode.workspace.applyEdit(edit);
}

function changedError(): UserError {
  return new UserError(vscode.l10n.t('The document changed meanwhile. Insert the result again.'));
}
