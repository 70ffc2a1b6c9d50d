import * as vscode from 'vscode';
import type { Ignored } from '../../runs/ignored.ts';
import type { Run } from '../../runs/run.ts';

export const OUTPUT_SCHEME = 'consul-exec';

/** What a combined document puts together: the nodes, groups of them, or what two runs can differ in. */
const FORMS = ['node', 'group', 'comparison'] as const;
export type CombinedForm = (typeof FORMS)[number];

/** What a document of ours shows. All of it is in the URI, so that it opens again after a reload. */
export type DocumentAddress = NodeAddress | CombinedAddress;

interface NodeAddress {
  readonly kind: 'node';
  readonly runId: string;
  readonly node: string;
}

export interface CombinedAddress {
  readonly kind: 'combined';
  readonly runId: string;
  readonly form: CombinedForm;
  /** For groups. */
  readonly ignored: Ignored;
}

/** `consul-exec:/<run>/<node>.txt?<node>`: the query is the name as it is. */
export function nodeUri({ info }: Run, node: string): vscode.Uri {
  const path = `/${info.id}/${fileName(node)}.txt`;
  return vscode.Uri.from({ scheme: OUTPUT_SCHEME, path, query: node });
}

/** `consul-exec:/<run>/by-<form>/<title> (all).txt?<ignored>` */
export function combinedUri({ info }: Run, form: CombinedForm, ignored: Ignored = {}): vscode.Uri {
  const path = `/${info.id}/by-${form}/${fileName(info.title)} (all).txt`;
  const on = Object.entries(ignored).flatMap(([difference, isOn]) => (isOn ? [difference] : []));
  return vscode.Uri.from({ scheme: OUTPUT_SCHEME, path, query: on.join(',') });
}

/** @returns undefined for a URI that is not one of ours */
export function documentAddress(uri: vscode.Uri): DocumentAddress | undefined {
  if (uri.scheme !== OUTPUT_SCHEME) return undefined;
  const [, runId = '', name = '', more] = uri.path.split('/');
  if (more === undefined) return { kind: 'node', runId, node: uri.query };
  const form = FORMS.find((one) => name === `by-${one}`);
  if (!form) return undefined;
  const on = uri.query.split(',').filter(Boolean);
  return { kind: 'combined', runId, form, ignored: Object.fromEntries(on.map((d) => [d, true])) };
}

const LONGEST_NAME = 60;

/** The end of the path is what the tab says. A slash must not become a folder. */
function fileName(name: string): string {
  return name.slice(0, LONGEST_NAME).toWellFormed().replaceAll('/', '∕');
}
