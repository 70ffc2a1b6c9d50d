import { nodesWithStatus } from '../export/nodeList.ts';
import type { Run, RunInfo } from '../run.ts';
import {
  type NodeHits,
  type SearchEnd,
  type SearchLimits,
  searchOutputs,
} from './searchOutputs.ts';
import type { LineMatcher } from './searchQuery.ts';

/** The lines of one node in one run. */
export interface RunHits extends NodeHits {
  readonly info: RunInfo;
}

export interface RunsSearchEnd extends SearchEnd {
  /** Runs with a hit. */
  readonly runs: number;
}

/** A list to pick from: with more lines than this, the user should narrow the search instead. */
export const LIST_LIMITS: SearchLimits = { hits: 500, hitsPerNode: 50 };

/** A text to read. */
export const DOCUMENT_LIMITS: SearchLimits = { hits: 20_000, hitsPerNode: 1000 };

/**
 * Finds lines in the outputs of runs, run by run, and within a run node by node.
 * @param runs whose outputs to search, in this order
 * @param limits for all runs together
 */
export async function* searchRuns(
  runs: AsyncIterable<Run>,
  matcher: LineMatcher,
  limits: SearchLimits,
  signal?: AbortSignal,
): AsyncGenerator<RunHits, RunsSearchEnd> {
  const end = { hits: 0, nodes: 0, runs: 0, truncated: false, cut: false };
  for await (const { info, ledger, output } of runs) {
    const left = { ...limits, hits: limits.hits - end.hits };
    const search = searchOutputs(output, nodesWithStatus(ledger), matcher, left, signal);
    let next = await search.next();
    for (; next.done !== true; next = await search.next()) yield { ...next.value, info };
    const { hits, nodes, truncated, cut } = next.value;
    end.hits += hits;
    end.nodes += nodes;
    if (hits > 0) end.runs++;
    end.truncated ||= truncated;
    end.cut ||= cut;
    if (end.hits >= limits.hits) return { ...end, truncated: true };
  }
  return end;
}
