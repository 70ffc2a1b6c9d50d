import type { Consul } from '../consul/consul.ts';
import { collect, sessionLost } from './collect.ts';
import { runKeys } from './keys.ts';
import { Lease } from './lease.ts';
import { mergeRuns, type PartEnding } from './mergeRuns.ts';
import type { RunEvent } from './runEvent.ts';

/** One datacenter's share of a run that was announced before this program began. */
export interface ResumedPart {
  readonly datacenter: string;
  /** Set to that datacenter. */
  readonly consul: Consul;
  readonly session: string;
  readonly prefix: string;
  /** Names of nodes, without the datacenter. */
  readonly targets: readonly string[];
  readonly quietMs: number;
  readonly heartbeatMs: number;
}

/**
 * Picks up a run whose session may still live: yields all that the nodes have written from the very
 * beginning, and goes on to its end as `runJob` would. Where the session is gone, it finishes at once
 * with `sessionLost`.
 * @param parts those that have not ended
 * @param labelled whether the run was over several datacenters, so that its nodes are named
 * `name@datacenter`
 * @param before the parts that have ended
 */
export async function* resumeRun(
  parts: readonly ResumedPart[],
  labelled: boolean,
  before: readonly PartEnding[],
  signal?: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const leaving = new AbortController();
  const either = AbortSignal.any([leaving.signal, ...(signal ? [signal] : [])]);
  const runs = parts.map((part) => ({
    datacenter: part.datacenter,
    events: resumePart(part, either),
  }));
  try {
    if (runs[0] && !labelled) yield* runs[0].events;
    else yield* mergeRuns(runs, 0, before);
  } finally {
    leaving.abort();
    await Promise.allSettled(runs.map(({ events }) => events.return()));
  }
}

async function* resumePart(
  part: ResumedPart,
  signal?: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const { consul, session, prefix, targets, quietMs, heartbeatMs } = part;
  const { tree } = runKeys(prefix, session);
  const lease = Lease.adopt(consul, session);
  if (!(await lease.renew())) {
    lease.abandon();
    yield { kind: 'finished', at: Date.now(), ...sessionLost() };
    return;
  }
  yield* collect({ consul, lease, tree, targets, quietMs, heartbeatMs, signal });
}

/**
 * Takes apart the `session` that a run's `started` event tells: one id, or several as
 * `session@datacenter` parted by spaces.
 * @returns the session of each datacenter
 */
export function sessionsOf(session: string, datacenters: readonly string[]): Map<string, string> {
  const [only, another] = datacenters;
  if (another === undefined) return new Map([[only ?? '', session]]);
  return new Map(
    session.split(' ').map((part) => {
      const at = part.indexOf('@');
      return [part.slice(at + 1), part.slice(0, at)];
    }),
  );
}
