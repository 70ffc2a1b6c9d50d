import { displayName } from './displayText.ts';
import { type Ignored, ignoredOf } from './ignored.ts';
import { localMinute } from './localMinute.ts';
import type { RunInfo } from './run.ts';

/** What a combined document puts together: the nodes, groups of them, or what two runs can differ in. */
const FORMS = ['node', 'group', 'comparison'] as const;
export type CombinedForm = (typeof FORMS)[number];

/** What a document of ours shows. */
export type DocumentAddress = NodeAddress | CombinedAddress | ScriptAddress;

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

/** What was run. */
interface ScriptAddress {
  readonly kind: 'script';
  readonly runId: string;
}

/** The parts of a URI that are ours, not encoded. All is in them, so that it opens again after a reload. */
export interface DocumentPlace {
  /**
   * For people, and never read: `/<title> · <time>/<node>.txt`,
   * `/<title> · <time>/by-<form>/<title> (all).txt`, `/<title> · <time>/script`.
   */
  readonly path: string;
  /** The address: `<run>/node/<name as it is>`, `<run>/by-<form>/<ignored>`, `<run>/script/`. */
  readonly query: string;
}

/** Where a document stands. Addresses that differ have places that differ. */
export function placeOf(
  address: DocumentAddress,
  { title, createdAt }: Pick<RunInfo, 'title' | 'createdAt'>,
): DocumentPlace {
  const { day, hour, minute } = localMinute(createdAt);
  const folder = `/${fileName(title)} · ${day} ${hour}:${minute}`;
  const { runId } = address;
  switch (address.kind) {
    case 'node':
      return {
        path: `${folder}/${fileName(address.node)}.txt`,
        query: `${runId}/node/${address.node}`,
      };
    case 'combined': {
      const by = `by-${address.form}`;
      return {
        path: `${folder}/${by}/${fileName(title)} (all).txt`,
        query: `${runId}/${by}/${ignoredOf(address.ignored).join(',')}`,
      };
    }
    case 'script':
      return { path: `${folder}/script`, query: `${runId}/script/` };
  }
}

/** @returns undefined for a query that is not one of ours */
export function addressIn(query: string): DocumentAddress | undefined {
  const [, runId = '', kind = '', rest = ''] = /^([^/]+)\/([^/]+)\/(.*)$/s.exec(query) ?? [];
  if (kind === 'node') return { kind, runId, node: rest };
  if (kind === 'script') return { kind, runId };
  const form = FORMS.find((one) => kind === `by-${one}`);
  if (!form) return undefined;
  const on = rest.split(',').filter(Boolean);
  return { kind: 'combined', runId, form, ignored: Object.fromEntries(on.map((d) => [d, true])) };
}

const LONGEST_NAME = 60;

/** The end of the path is what the tab says. A slash must not become a folder. */
function fileName(name: string): string {
  return displayName(name).slice(0, LONGEST_NAME).toWellFormed().replaceAll('/', '∕');
}
