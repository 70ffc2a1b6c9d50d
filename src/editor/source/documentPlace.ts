import * as vscode from 'vscode';

export interface DocumentPlace {
  readonly uri: vscode.Uri;
  /** From 0. */
  readonly line: number;
}

/**
 * The place that a command was called for: from a lens a document and a line, from the menu of the gutter an
 * object with both.
 * @returns undefined for anything else
 */
export function placeOf(first: unknown, second: unknown): DocumentPlace | undefined {
  if (first instanceof vscode.Uri) {
    return { uri: first, line: typeof second === 'number' ? second : 0 };
  }
  if (typeof first !== 'object' || first === null) return undefined;
  const { uri, lineNumber } = first as { readonly uri?: unknown; readonly lineNumber?: unknown };
  if (!(uri instanceof vscode.Uri) || typeof lineNumber !== 'number') return undefined;
  // Menus count lines from 1.
  return { uri, line: lineNumber - 1 };
}
