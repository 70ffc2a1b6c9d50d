import type { Ignored } from './ignored.ts';
import type { Ledger } from './ledger.ts';
import { compareNodes } from './nodeOrder.ts';
import { type Standing, standingOf } from './nodeResult.ts';
import { EMPTY_DIGEST, type OutputDigest, outputDigest } from './outputDigest.ts';

/** Nodes that ended the same way and wrote the same; or that have no end yet and stand the same. */
export interface OutputGroup {
  /** The same for the same group at every time. */
  readonly id: string;
  readonly standing: Standing;
  /** Of nodes that exited; the others are grouped by where they stand alone. */
  readonly code?: number;
  /** Names, as people count; at least one. */
  readonly nodes: readonly [string, ...string[]];
}

/**
 * Puts nodes whose output is the same into groups, while the output comes in: each chunk is digested
 * as it arrives, and none is kept.
 */
export class Grouping {
  readonly ignored: Ignored;
  readonly #nameOf: (node: string) => string;
  /** A digest under way, or the digest of a node that exited. */
  readonly #digests = new Map<string, OutputDigest | string>();
  #names: readonly string[] = [];

  /** @param nameOf what a node is called on itself */
  constructor(ignored: Ignored = {}, nameOf = (node: string) => node) {
    this.ignored = ignored;
    this.#nameOf = nameOf;
  }

  /** Takes in what a node wrote after all that came before. */
  append(node: string, bytes: Uint8Array): void {
    const digest = this.#digests.get(node);
    if (digest === undefined) {
      const fresh = outputDigest(this.#nameOf(node), this.ignored);
      fresh.append(bytes);
      this.#digests.set(node, fresh);
    } else if (typeof digest === 'string') {
      // Told to run twice, a node writes on after its exit: it is like no other then, however the
      // output was cut.
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

  /** Largest first; of the same size, better codes first, then by name. */
  groups(ledger: Ledger): readonly OutputGroup[] {
    const groups = new Map<
      string,
      { standing: Standing; code?: number; nodes: [string, ...string[]] }
    >();
    for (const node of this.#sorted(ledger)) {
      const result = ledger.get(node);
      if (!result) continue;
      const { state, code } = result;
      const standing = standingOf(result);
      const exited = state === 'exited' && code !== undefined;
      const id = exited ? `${code} ${this.#digest(node)}` : standing;
      const group = groups.get(id);
      if (group) group.nodes.push(node);
      else groups.set(id, { standing, ...(exited ? { code } : {}), nodes: [node] });
    }
    // Made in the order of their first names, in which the sort leaves what it finds equal.
    return [...groups].map(([id, group]) => ({ id, ...group })).sort(compareSizeAndCode);
  }

  #digest(node: string): string {
    this.end(node);
    const digest = this.#digests.get(node);
    return typeof digest === 'string' ? digest : EMPTY_DIGEST;
  }

  /** Nodes only join, so the order holds for as long as their number does. */
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

/** Lowest first; a signal (-1) is no better than a failure, and no exit is worse than any. */
function compareCodes(a: OutputGroup, b: OutputGroup): number {
  return rank(a.code) - rank(b.code);
}

function rank(code: number | undefined): number {
  if (code === undefined) return Number.MAX_SAFE_INTEGER;
  return code < 0 ? 1e9 - code : code;
}

/**
 * What most nodes wrote: the largest group of those that exited; of the same size the one with the
 * better code, then the first by name.
 */
export function majorityOf(groups: readonly OutputGroup[]): OutputGroup | undefined {
  return groups
    .filter(({ code }) => code !== undefined)
    .reduce<OutputGroup | undefined>(
      (best, one) => (best && compareGroups(best, one) <= 0 ? best : one),
      undefined,
    );
}

/** The majority, where saying so tells anything: of several groups one with more than one node. */
export function tellingMajorityOf(groups: readonly OutputGroup[]): OutputGroup | undefined {
  const majority = majorityOf(groups);
  return groups.length > 1 && majority && majority.nodes.length > 1 ? majority : undefined;
}
