import * as vscode from 'vscode';
import {
  parseAddress,
  type CombinedForm,
  type DocumentAddress,
  toUriParts,
} from '../../runs/documents/documentAddress.ts';
import type { IgnoredDifferences } from '../../runs/grouping/ignoredDifferences.ts';
import type { Run } from '../../runs/run.ts';

export const OUTPUT_SCHEME = 'consul-exec';

export function nodeUri({ info }: Pick<Run, 'info'>, node: string): vscode.Uri {
  return uriOf({ kind: 'node', runId: info.id, node }, info);
}

export function combinedUri(
  { info }: Run,
  form: CombinedForm,
  ignored: IgnoredDifferences = {},
): vscode.Uri {
  return uriOf({ kind: 'combined', runId: info.id, form, ignored }, info);
}

/** The URI of the job's text. */
export function scriptUri({ info }: Pick<Run, 'info'>): vscode.Uri {
  return uriOf({ kind: 'script', runId: info.id }, info);
}

/** @returns undefined for a URI of another scheme or without a valid address */
export function parseDocumentUri({ scheme, query }: vscode.Uri): DocumentAddress | undefined {
  return scheme === OUTPUT_SCHEME ? parseAddress(query) : undefined;
}

/**
 * Opens a document of this extension. Its bytes are UTF-8 whatever `files.encoding` says; a script that
 * is not UTF-8 is decoded as the user's files are.
 */
export function openDocument(uri: vscode.Uri): Thenable<vscode.TextDocument> {
  return parseDocumentUri(uri)?.kind === 'script'
    ? vscode.workspace.openTextDocument(uri)
    : vscode.workspace.openTextDocument(uri, { encoding: 'utf8' });
}

function uriOf(address: DocumentAddress, info: Run['info']): vscode.Uri {
  return vscode.Uri.from({ scheme: OUTPUT_SCHEME, ...toUriParts(address, info) });
}
