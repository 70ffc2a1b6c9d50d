import { displayName } from '../../base/displayName.ts';
import { type IgnoredDifferences, listIgnored } from '../grouping/ignoredDifferences.ts';
import { sortableMinute } from '../text/time.ts';
import type { RunInfo } from '../run.ts';

/** What a combined document has: sections by node, sections by group, or a text to compare runs. */
const FORMS = ['node', 'group', 'comparison'] as const;
export type CombinedForm = (typeof FORMS)[number];

/** The content of a document of this extension. */
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
  readonly ignored: IgnoredDifferences;
}

/** The job of a run. */
interface ScriptAddress {
  readonly kind: 'script';
  readonly runId: string;
}

/**
 * The parts of a URI that this extension sets, not encoded. They have the whole address, so that the
 * document opens again after a reload.
 */
export interface DocumentUriParts {
  /**
   * For people, and never parsed: `/<title> · <time>/<node>.txt`,
   * `/<title> · <time>/by-<form>/<title> (all).txt`, `/<title> · <time>/script`.
   */
  readonly path: string;
  /** The address: `<run>/node/<unchanged name>`, `<run>/by-<form>/<ignored>`, `<run>/script/`. */
  readonly query: string;
}

/** The URI of a document. Different addresses have different URIs. */
export function toUriParts(
  address: DocumentAddress,
  { title, createdAt }: Pick<RunInfo, 'title' | 'createdAt'>,
): DocumentUriParts {
  const { day, hour, minute } = sortableMinute(createdAt);
  const folder = `/${toFileName(title)} · ${day} ${hour}:${minute}`;
  const { runId } = address;
  switch (address.kind) {
    case 'node':
      return {
        path: `${folder}/${toFileName(address.node)}.txt`,
        query: `${runId}/node/${address.node}`,
      };
    case 'combined': {
      const by = `by-${address.form}`;
      return {
        path: `${folder}/${by}/${toFileName(title)} (all).txt`,
        query: `${runId}/${by}/${listIgnored(address.ignored).join(',')}`,
      };
    }
    case 'script':
      return { path: `${folder}/script`, query: `${runId}/script/` };
  }
}

/** @returns undefined for a query that `toUriParts` did not create */
export function parseAddress(query: string): DocumentAddress | undefined {
  const [, runId = '', kind = '', rest = ''] = /^([^/]+)\/([^/]+)\/(.*)$/s.exec(query) ?? [];
  if (kind === 'node') return { kind, runId, node: rest };
  if (kind === 'script') return { kind, runId };
  const form = FORMS.find((name) => kind === `by-${name}`);
  if (!form) return undefined;
  const on = rest.split(',').filter(Boolean);
  return { kind: 'combined', runId, form, ignored: Object.fromEntries(on.map((d) => [d, true])) };
}

const MAX_NAME_LENGTH = 60;

/** The tab shows the end of the path. A slash must not become a folder. */
function toFileName(name: string): string {
  return displayName(name).slice(0, MAX_NAME_LENGTH).toWellFormed().replaceAll('/', '∕');
}
