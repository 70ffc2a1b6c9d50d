import * as vscode from 'vscode';
import type { Run } from '../../runs/run.ts';
import type { OutputDocuments } from '../output/outputDocuments.ts';
import type { FoundLine } from './hitRows.ts';

/** Opens the node's document with the first match of the line selected. */
export async function openHit(
  documents: OutputDocuments,
  run: Run,
  { node, hit }: FoundLine,
): Promise<void> {
  const [match] = hit.matches;
  const column = match?.column ?? 0;
  const line = hit.line - 1;
  const selection = new vscode.Range(line, column, line, column + (match?.length ?? 0));
  const document = await vscode.workspace.openTextDocument(documents.uri(run, node));
  await vscode.window.showTextDocument(document, { preview: true, selection });
}
