import type { IgnoredDifferences } from './ignoredDifferences.ts';
import type { Ledger } from '../model/ledger.ts';
import { compareNodes } from '../model/nodeOrder.ts';
import {
  type NodeEnding,
  type NodeResult,
  type NodeStatus,
  statusOf,
} from '../model/nodeStatus.ts';
import { EMPTY_DIGEST, type OutputDigest, outputDigest } from './outputDigest.ts';

/** Nodes with the same exit code and output; or, of the others, with the same status. */
export interface OutputGroup {
  /** Stays the same while the group exists. */
  readonly id: string;
  readonly status: NodeStatus;
  /** Set for nodes that exited; the others are grouped by status alone. */
  readonly code?: number;
  /** Set for nodes on which the user ended the job. */
  readonly ending?: NodeEnding;
  /** Names in the order of `compareNodes`; at least one. */
  readonly nodes: readonly [string, ...string[]];
}

/** What is known about the job whose outputs are grouped. */
export interface GroupedJob {
  /** Returns a node's name on the node itself. */
  readonly nameOf?: (node: string) => string;
  /** Whether the job is a script. The name of its temporary file never counts as a difference. */
  readonly isScript?: boolean;
}

/**
 * Groups nodes with the same output while the output arrives: each chunk is digested at once, and none
 * is stored. `RunGroupings` has one of these for each set of ignored differences.
 */
export class OutputGrouping {
  readonly ignored: IgnoredDifferences;
  readonly #nameOf: (node: string) => string;
  readonly #isScript: boolean;
  /** A digest in progress, or the final digest of a node that exited. */
  readonly #digests = new Map<string, OutputDigest | string>();
  #names: readonly string[] = [];

  constructor(ignored: IgnoredDifferences = {}, { nameOf, isScript }: GroupedJob = {}) {
    this.ignored = ignored;
    this.#nameOf = nameOf ?? ((node) => node);
    this.#isScript = isScript ?? false;
  }

  /** Adds the next chunk of a node's output. */
  append(node: string, bytes: Uint8Array): void {
    const digest = this.#digests.get(node);
    if (digest === undefined) {
      const { ignored } = this;
      const name = this.#nameOf(node);
      const fresh = outputDigest({ ignored, name, isScript: this.#isScript });
      fresh.append(bytes);
      this.#digests.set(node, fresh);
    } else if (typeof digest === 'string') {
      // A node that runs the job twice writes after its exit. It is then a group of its own, regardless
      // of how the output was cut.
      this.#digests.set(node, `${EMPTY_DIGEST} ${node}`);
    } else {
      digest.append(bytes);
    }
  }

  /** The node exited: no more output comes. */
  end(node: string): void {
    const digest = this.#digests.get(node);
    if (typeof digest !== 'string') this.#digests.set(node, digest?.end() ?? EMPTY_DIGEST);
  }

  /** The node's output comes again from its beginning. */
  forget(node: string): void {
    this.#digests.delete(node);
  }

  /** Largest first; groups of the same size by better code, then by name. */
  groups(ledger: Ledger): readonly OutputGroup[] {
    const groups = new Map<
      string,
      { status: NodeStatus; code?: number; ending?: NodeEnding; nodes: [string, ...string[]] }
    >();
    for (const node of this.#sorted(ledger)) {
      const result = ledger.get(node);
      if (!result) continue;
      const { state, code, ending } = result;
      const status = statusOf(result);
      const exited = state === 'exited' && code !== undefined;
      const isEnded = exited && ending?.outcome === 'ended';
      const id = this.groupOf(result);
      const group = groups.get(id);
      if (group) group.nodes.push(node);
      else {
        const cause = isEnded ? { ending } : {};
        groups.set(id, { status, ...(exited ? { code } : {}), ...cause, nodes: [node] });
      }
    }
    // The groups are in the order of their first names, and the sort is stable.
    return [...groups].map(([id, group]) => ({ id, ...group })).sort(compareSizeAndCode);
  }

  /** The id of the group that a node is in. */
  groupOf(result: NodeResult): string {
    const { node, state, code, ending } = result;
    if (state !== 'exited' || code === undefined) return statusOf(result);
    const by = ending?.outcome === 'ended' ? `${ending.signal ?? ''} ` : '';
    return `${by}${code} ${this.#digest(node)}`;
  }

  #digest(node: string): string {
    this.end(node);
    const digest = this.#digests.get(node);
    return typeof digest === 'string' ? digest : EMPTY_DIGEST;
  }

  /** Nodes are only ever added, so the order is valid while their number is the same. */
  #sorted(ledger: Ledger): readonly string[] {
    if (this.#names.length !== ledger.size) {
      this.#names = Array.from(ledger.nodes, ({ node }) => node).sort(compareNodes);
    }
    return this.#names;
  }
}

function compareGroups(a: OutputGroup, b: OutputGroup): number {
  return compareSizeAndCode(a, b) || compareNodes(a.nodes[0], b.nodes[0]);
}

function compareSizeAndCode(a: OutputGroup, b: OutputGroup): number {
  return b.nodes.length - a.nodes.length || compareCodes(a, b);
}

/** Lowest first; a signal (-1) comes after every code, and nodes that did not exit come last. */
function compareCodes(a: OutputGroup, b: OutputGroup): number {
  return rank(a.code) - rank(b.code);
}

function rank(code: number | undefined): number {
  if (code === undefined) return Number.MAX_SAFE_INTEGER;
  return code < 0 ? 1e9 - code : code;
}

/**
 * The largest group of nodes that exited; of groups with the same size the one with the better code,
 * then the first by name. Descriptions of the other groups say how these differ from it.
 */
export function largestGroup(groups: readonly OutputGroup[]): OutputGroup | undefined {
  return groups
    .filter(({ code }) => code !== undefined)
    .reduce<OutputGroup | undefined>(
      (best, group) => (best && compareGroups(best, group) <= 0 ? best : group),
      undefined,
    );
}

/** The group with the most common output: none if several groups have the most nodes. */
export function mostCommonGroup(groups: readonly OutputGroup[]): OutputGroup | undefined {
  const largest = largestGroup(groups);
  const isTie = groups.some(
    (group) =>
      group !== largest && group.code !== undefined && group.nodes.length === largest?.nodes.length,
  );
  return isTie ? undefined : largest;
}

/** The same, if it is worth a mention: one of several groups, with more than one node. */
export function markedGroup(groups: readonly OutputGroup[]): OutputGroup | undefined {
  const common = mostCommonGroup(groups);
  return groups.length > 1 && common && common.nodes.length > 1 ? common : undefined;
}
