import type { NodeHistory } from '../exec/doctor/finding.ts';
import { splitNodeLabel } from '../exec/nodeLabel.ts';
import type { RunEnd } from '../exec/runEvent.ts';
import { datacentersOf, type Run, type RunInfo } from './run.ts';

/** A run that is over, as far as who answered goes. */
export interface Answers {
  readonly info: RunInfo;
  readonly end: RunEnd;
  /** @param label as the run names its targets */
  readonly isSilent: (label: string) => boolean;
}

/** Where nodes are: another connection or datacenter may have nodes of the same names. */
export interface Place {
  readonly connection: string;
  readonly datacenter: string;
}

/** @returns undefined while it goes on */
export function answersOf({ info, ledger }: Run): Answers | undefined {
  const { end } = ledger;
  return end && { info, end, isSilent: (label) => ledger.get(label)?.state === 'silent' };
}

/**
 * Names of the run's targets in one place, each with its label in the run. None for a run of
 * another place.
 */
export function targetsIn(info: RunInfo, { connection, datacenter }: Place): Map<string, string> {
  if (info.connection !== connection) return new Map();
  const datacenters = datacentersOf(info);
  if (datacenters.length === 1) {
    return new Map(datacenters[0] === datacenter ? info.targets.map((name) => [name, name]) : []);
  }
  return new Map(
    info.targets.flatMap((label) => {
      const at = splitNodeLabel(label);
      return at.datacenter === datacenter ? [[at.node, label]] : [];
    }),
  );
}

/**
 * How often each node of a place was asked in these runs, and how often it acknowledged. Silence
 * counts only where it was waited for: a run that ended early says nothing of who was still to come.
 */
export function nodeHistory(runs: Iterable<Answers>, place: Place): Map<string, NodeHistory> {
  const history = new Map<string, NodeHistory>();
  for (const { info, end, isSilent } of runs) {
    const waited = end === 'complete' || end === 'quiet';
    for (const [node, label] of targetsIn(info, place)) {
      const silent = isSilent(label);
      if (silent && !waited) continue;
      const { asked, answered } = history.get(node) ?? { asked: 0, answered: 0 };
      history.set(node, { asked: asked + 1, answered: answered + (silent ? 0 : 1) });
    }
  }
  return history;
}
