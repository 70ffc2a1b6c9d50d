import * as vscode from 'vscode';
import {
  addressIn,
  type CombinedForm,
  type DocumentAddress,
  placeOf,
} from '../../runs/documentAddress.ts';
import type { Ignored } from '../../runs/ignored.ts';
import type { Run } from '../../runs/run.ts';

export const OUTPUT_SCHEME = 'consul-exec';

export function nodeUri({ info }: Run, node: string): vscode.Uri {
  return uriOf({ kind: 'node', runId: info.id, node }, info);
}

export function combinedUri({ info }: Run, form: CombinedForm, ignored: Ignored = {}): vscode.Uri {
  return uriOf({ kind: 'combined', runId: info.id, form, ignored }, info);
}

/** What was run, by the id, title and time of the run. */
export function scriptUri({ info }: Pick<Run, 'info'>): vscode.Uri {
  return uriOf({ kind: 'script', runId: info.id }, info);
}

/** @returns undefined for a URI that is not one of ours */
export function documentAddress({ scheme, query }: vscode.Uri): DocumentAddress | undefined {
  return scheme === OUTPUT_SCHEME ? addressIn(query) : undefined;
}

function uriOf(address: DocumentAddress, info: Run['info']): vscode.Uri {
  return vscode.Uri.from({ scheme: OUTPUT_SCHEME, ...placeOf(address, info) });
}
