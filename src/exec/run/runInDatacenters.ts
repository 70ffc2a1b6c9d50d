import type { Consul } from '../../consul/consul.ts';
import { anySignal } from '../../base/anySignal.ts';
import { nodeLabel } from '../../base/nodeLabel.ts';
import { type DatacenterRun, mergeRuns } from '../events/mergeRuns.ts';
import type { RunEvent } from '../events/runEvent.ts';
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
 * its session and its job key, so a run that can't start in one datacenter starts in none. With
 * several parts, nodes are named `name@datacenter`.
 *
 * Once the job is announced somewhere, a part that fails ends as `unreachable` with its reason while
 * the others continue. Aborting stops all parts; every part is cleaned up on every way out.
 *
 * @throws what runJob throws, while nothing has been announced
 */
export async function* runInDatacenters(
  parts: readonly RunPart[],
  signal?: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const [first] = parts;
  if (first && parts.length === 1) {
    for await (const event of runJob(first.consul, first.request, signal)) {
      yield event.kind === 'started' ? located(event, first.datacenter) : event;
    }
    return;
  }
  const leaving = new AbortController();
  const either = anySignal(leaving.signal, signal);
  const runs = parts.map(({ datacenter, consul, request }) => ({
    datacenter,
    events: runJob(consul, request, either),
  }));
  try {
    yield await startAll(runs);
    const announcements = parts.reduce((sum, { request }) => sum + request.announcements.length, 0);
    yield* mergeRuns(runs, announcements);
  } finally {
    // A part may be waiting in a read: it must wake up to see that it is over.
    leaving.abort();
    await Promise.allSettled(runs.map(({ events }) => events.return()));
  }
}

/** The first event of every part is `started`: all of them, or the first error. */
async function startAll(runs: readonly DatacenterRun[]): Promise<Started> {
  const outcomes = await Promise.allSettled(runs.map(({ events }) => events.next()));
  const starts = outcomes.map((outcome, i) => {
    if (outcome.status === 'rejected') throw outcome.reason as unknown;
    const { value } = outcome.value;
    if (value?.kind !== 'started') throw new Error('the first event of a run must be started');
    const datacenter = runs[i]?.datacenter ?? '';
    return { ...located(value, datacenter), datacenter };
  });
  return {
    kind: 'started',
    at: Math.max(...starts.map(({ at }) => at)),
    sessions: starts.flatMap(({ sessions }) => sessions),
    prefix: starts[0]?.prefix ?? '',
    heartbeatMs: Math.max(...starts.map(({ heartbeatMs }) => heartbeatMs)),
    targets: starts.flatMap(({ targets, datacenter }) =>
      targets.map((node) => nodeLabel(node, datacenter)),
    ),
    fences: true,
  };
}

/** A part does not know the name of its datacenter. */
function located(started: Started, datacenter: string): Started {
  return { ...started, sessions: started.sessions.map(({ session }) => ({ session, datacenter })) };
}
