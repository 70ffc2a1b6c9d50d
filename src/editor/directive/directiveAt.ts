import * as vscode from 'vscode';
import { scriptHead } from '../../exec/directive/scriptHead.ts';
import { firstLines, isMarkdown } from '../source/documentBlocks.ts';

/** Where a line has a directive, from its name to the end of the line; undefined if it has none. */
export function directiveAt(
  document: vscode.TextDocument,
  { line }: vscode.Position,
): vscode.Range | undefined {
  const { text } = document.lineAt(line);
  const column = text.toLowerCase().indexOf('consul-exec:');
  if (column === -1) return undefined;
  if (!isMarkdown(document)) {
    const isHead = scriptHead(firstLines(document)).some(
      (comment) => comment.line === line && comment.column === column,
    );
    if (!isHead && !text.includes('%%')) return undefined;
  }
  return new vscode.Range(line, column, line, text.replace(/\s*-->\s*$/, '').length);
}
