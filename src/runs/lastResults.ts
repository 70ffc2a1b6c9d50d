import { nodeLabel } from '../base/nodeLabel.ts';
import { createYielder } from '../base/yielder.ts';
import { nodeIdOf } from './model/runNodes.ts';
import type { NodeStatus } from './model/nodeStatus.ts';
import type { RunInfo } from './run.ts';

/** A run as far as it is known without reading it from disk. */
export interface KnownRun {
  readonly info: RunInfo;
  /** @returns undefined if only the run's files say it */
  readonly statusOf: (label: string) => NodeStatus | undefined;
}

/** The latest run that had a node among its targets. */
export interface LastResult {
  readonly info: RunInfo;
  /** Undefined if it isn't known without reading the run. */
  readonly status: NodeStatus | undefined;
}

/** The targets of ten thousand nodes are read in parts, so that nothing else waits. */
const TARGETS_PER_PART = 500;

/**
 * The latest result of each node of a connection, by `name@datacenter`.
 * @param runs latest first
 * @param signal when it aborts, the results are incomplete
 */
export async function lastResults(
  runs: Iterable<KnownRun>,
  connection: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LastResult>> {
  const results = new Map<string, LastResult>();
  const maybeYield = createYielder();
  for (const { info, statusOf } of runs) {
    if (info.connection !== connection) continue;
    for (let from = 0; from < info.targets.length; from += TARGETS_PER_PART) {
      if (signal.aborted) return results;
      for (const label of info.targets.slice(from, from + TARGETS_PER_PART)) {
        const { node, datacenter } = nodeIdOf(info, label);
        const key = nodeLabel(node, datacenter);
        if (!results.has(key)) results.set(key, { info, status: statusOf(label) });
      }
      await maybeYield();
    }
  }
  return results;
}
