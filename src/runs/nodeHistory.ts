import type { NodeHistory } from '../exec/doctor/finding.ts';
import type { RunEnd } from '../exec/events/runEvent.ts';
import type { Run, RunInfo } from './run.ts';
import { nodesIn } from './model/runNodes.ts';

/** Which nodes responded in a run that is over. */
export interface NodeResponses {
  readonly info: RunInfo;
  readonly end: RunEnd;
  /** @param label the run's name for a target */
  readonly hasResponded: (label: string) => boolean;
}

/** Where nodes are: another connection or datacenter can have nodes with the same names. */
export interface RunLocation {
  readonly connection: string;
  readonly datacenter: string;
}

/** @returns undefined while the run is running */
export function responsesOf({ info, ledger }: Run): NodeResponses | undefined {
  const { end } = ledger;
  const hasResponded = (label: string) => {
    const state = ledger.get(label)?.state;
    return state !== 'noResponse' && state !== 'unknown';
  };
  return end && { info, end, hasResponded };
}

/** Names of a run's targets in one location, each with its label in the run. */
export function targetsIn(
  info: RunInfo,
  { connection, datacenter }: RunLocation,
): Map<string, string> {
  if (info.connection !== connection) return new Map();
  return nodesIn(info, info.targets, datacenter);
}

/**
 * How often each node of a location was a target of these runs, and how often it responded. No response
 * counts only in runs that waited for one: a run that ended early says nothing about slow nodes.
 */
export function nodeHistory(
  runs: Iterable<NodeResponses>,
  location: RunLocation,
): Map<string, NodeHistory> {
  const history = new Map<string, NodeHistory>();
  for (const { info, end, hasResponded } of runs) {
    const waited = end === 'complete' || end === 'quiet';
    for (const [node, label] of targetsIn(info, location)) {
      const didRespond = hasResponded(label);
      if (!didRespond && !waited) continue;
      const { targeted, responded } = history.get(node) ?? { targeted: 0, responded: 0 };
      history.set(node, { targeted: targeted + 1, responded: responded + (didRespond ? 1 : 0) });
    }
  }
  return history;
}
