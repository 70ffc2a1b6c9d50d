import type { Consul } from '../consul/consul.ts';
import { type DatacenterRun, mergeRuns } from './mergeRuns.ts';
import { nodeLabel } from './nodeLabel.ts';
import type { RunEvent } from './runEvent.ts';
import { runJob, type RunRequest } from './runJob.ts';

/** One datacenter's share of a run. */
export interface RunPart {
  readonly datacenter: string;
  /** Set to that datacenter, unless it is the agent's own. */
  readonly consul: Consul;
  /** Its options name the `sessionNode` where the datacenter is foreign. */
  readonly request: RunRequest;
}

type Started = Extract<RunEvent, { kind: 'started' }>;

/**
 * Runs a job in several datacenters as one run. Nothing is announced anywhere before every part has
 * its session and its job key, so a run that cannot start in one datacenter starts in none. With
 * one part alone it is `runJob`; with more, nodes are named `name@datacenter`, and the session in
 * `started` is a list of `session@datacenter` parted by spaces.
 *
 * Once announced somewhere, a part that fails ends as `unreachable` with its reason while the others
 * go on. Aborting stops all parts; every part is cleaned up on every way out.
 *
 * @throws what runJob throws, while nothing has been announced
 */
export async function* runEverywhere(
  parts: readonly RunPart[],
  signal?: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const [only] = parts;
  if (only && parts.length === 1) {
    yield* runJob(only.consul, only.request, signal);
    return;
  }
  const leaving = new AbortController();
  const either = AbortSignal.any([leaving.signal, ...(signal ? [signal] : [])]);
  const runs = parts.map(({ datacenter, consul, request }) => ({
    datacenter,
    events: runJob(consul, request, either),
  }));
  try {
    yield* together(runs, parts);
  } finally {
    // A part may be waiting in a read: it must wake to see that it is over.
    leaving.abort();
    await Promise.allSettled(runs.map(({ events }) => events.return()));
  }
}

async function* together(
  runs: readonly DatacenterRun[],
  parts: readonly RunPart[],
): AsyncGenerator<RunEvent, void> {
  yield await startAll(runs);
  const announcements = parts.reduce((sum, { request }) => sum + request.announcements.length, 0);
  yield* mergeRuns(runs, announcements);
}

/** The first event of every part is `started`: all of them, or the first error. */
async function startAll(runs: readonly DatacenterRun[]): Promise<Started> {
  const outcomes = await Promise.allSettled(runs.map(({ events }) => events.next()));
  const starts = outcomes.map((outcome, i) => {
    if (outcome.status === 'rejected') throw outcome.reason as unknown;
    const { value } = outcome.value;
    if (value?.kind !== 'started') throw new Error('a run begins with something else than started');
    return { ...value, datacenter: runs[i]?.datacenter ?? '' };
  });
  return {
    kind: 'started',
    at: Math.max(...starts.map(({ at }) => at)),
    session: starts.map(({ session, datacenter }) => `${session}@${datacenter}`).join(' '),
    prefix: starts[0]?.prefix ?? '',
    heartbeatMs: Math.max(...starts.map(({ heartbeatMs }) => heartbeatMs)),
    targets: starts.flatMap(({ targets, datacenter }) =>
      targets.map((node) => nodeLabel(node, datacenter)),
    ),
  };
}
