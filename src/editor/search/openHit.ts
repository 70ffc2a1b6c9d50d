import * as vscode from 'vscode';
import { nodeUri, openDocument } from '../output/documentUri.ts';
import type { FoundLine } from './hitRows.ts';

/** Opens the node's document and selects the first match in the line. */
export async function openHit({ info, node, hit }: FoundLine): Promise<void> {
  const [match] = hit.matches;
  const column = match?.column ?? 0;
  const line = hit.line - 1;
  const selection = new vscode.Range(line, column, line, column + (match?.length ?? 0));
  const document = await openDocument(nodeUri({ info }, node));
  await vscode.window.showTextDocument(document, { preview: true, selection });
}
