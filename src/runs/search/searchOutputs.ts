import type { LineMatcher, LineMatch } from './searchQuery.ts';
import { outputLines } from '../output/outputLines.ts';
import type { OutputStore } from '../output/outputStore.ts';
import { createYielder, type MaybeYield } from '../../base/yielder.ts';

export interface Hit {
  /** From 1, in the node's document. */
  readonly line: number;
  readonly text: string;
  /** At least one. */
  readonly matches: readonly LineMatch[];
}

export interface NodeHits {
  readonly node: string;
  /** Lines with a match. */
  readonly hits: readonly Hit[];
  /** There are more in this node's output. */
  readonly truncated: boolean;
  /** A line was too long to be searched to its end. */
  readonly cut: boolean;
}

export interface SearchLimits {
  /** Lines in all. */
  readonly hits: number;
  /** Lines of one node. */
  readonly hitsPerNode: number;
}

export interface SearchEnd {
  readonly hits: number;
  readonly nodes: number;
  /** The limit was reached, so some nodes were searched in part or not at all. */
  readonly truncated: boolean;
  /** A line was too long to be searched to its end. */
  readonly cut: boolean;
}

const SEARCH_LIMITS: SearchLimits = { hits: 20_000, hitsPerNode: 1000 };

/**
 * Finds lines in the outputs of a run, and yields them node by node as they are found. Nodes without
 * a hit are skipped.
 * @param nodes whose outputs to search, in this order
 */
export async function* searchOutputs(
  output: OutputStore,
  nodes: Iterable<string>,
  matcher: LineMatcher,
  limits: SearchLimits = SEARCH_LIMITS,
  signal?: AbortSignal,
): AsyncGenerator<NodeHits, SearchEnd> {
  const maybeYield = createYielder();
  let total = 0;
  let nodesHit = 0;
  let truncated = false;
  let cut = false;
  for (const node of nodes) {
    signal?.throwIfAborted();
    if (total >= limits.hits) return { hits: total, nodes: nodesHit, truncated: true, cut };
    const maxHits = Math.min(limits.hitsPerNode, limits.hits - total);
    const found = await searchNode(output, node, matcher, maxHits, maybeYield, signal);
    truncated ||= found.truncated;
    cut ||= found.cut;
    if (found.hits.length === 0) continue;
    total += found.hits.length;
    nodesHit++;
    yield found;
  }
  return { hits: total, nodes: nodesHit, truncated, cut };
}

async function searchNode(
  output: OutputStore,
  node: string,
  { find, reach }: LineMatcher,
  maxHits: number,
  maybeYield: MaybeYield,
  signal: AbortSignal | undefined,
): Promise<NodeHits> {
  const hits: Hit[] = [];
  let line = 0;
  let cut = false;
  for await (const lines of outputLines(output, node)) {
    for (const text of lines) {
      line++;
      cut ||= text.length > reach;
      const matches = find(text);
      if (matches.length > 0) {
        if (hits.length === maxHits) return { node, hits, truncated: true, cut };
        hits.push({ line, text, matches });
      }
    }
    await maybeYield();
    signal?.throwIfAborted();
  }
  return { node, hits, truncated: false, cut };
}
