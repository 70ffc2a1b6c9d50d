import { t } from '@vscode/l10n';
import type { Consul } from '../consul/consul.ts';
import { ConsulError } from '../consul/errors.ts';
import { mergeSequences } from './mergeSequences.ts';
import { nodeLabel } from './nodeLabel.ts';
import type { RunEnd, RunEvent } from './runEvent.ts';
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
type Finished = Extract<RunEvent, { kind: 'finished' }>;

/** How a run ends, best first: the run as a whole ends as its worst part does. */
const FROM_BEST: readonly RunEnd[] = ['complete', 'quiet', 'stopped', 'sessionLost', 'unreachable'];

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

interface Run {
  readonly datacenter: string;
  readonly events: AsyncGenerator<RunEvent, void>;
}

async function* together(
  runs: readonly Run[],
  parts: readonly RunPart[],
): AsyncGenerator<RunEvent, void> {
  yield await startAll(runs);
  const announcements = parts.reduce((sum, { request }) => sum + request.announcements.length, 0);
  const endings: (Finished & { datacenter: string })[] = [];
  const failures: ConsulError[] = [];
  let announced = 0;
  for await (const { source, result } of mergeSequences(runs, ({ events }) => events)) {
    const { datacenter } = source;
    if (result.failed) {
      if (!(result.error instanceof ConsulError)) throw result.error;
      failures.push(result.error);
      const { message: reason } = result.error;
      endings.push({ kind: 'finished', at: Date.now(), end: 'unreachable', reason, datacenter });
    } else if (result.value.kind === 'finished') {
      endings.push({ ...result.value, datacenter });
    } else if (result.value.kind === 'announced') {
      announced++;
      yield { ...result.value, number: announced, of: announcements };
    } else {
      yield relabel(result.value, datacenter);
    }
  }
  if (failures[0] && announced === 0) throw failures[0];
  yield worst(endings);
}

/** The first event of every part is `started`: all of them, or the first error. */
async function startAll(runs: readonly Run[]): Promise<Started> {
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

function relabel(event: RunEvent, datacenter: string): RunEvent {
  if ('node' in event) return { ...event, node: nodeLabel(event.node, datacenter) };
  if (event.kind === 'warning') {
    return { ...event, text: t('In {0}: {1}', datacenter, event.text) };
  }
  return event;
}

function worst(endings: readonly (Finished & { datacenter: string })[]): Finished {
  const ranks = endings.map(({ end }) => FROM_BEST.indexOf(end));
  const reasons = endings.flatMap(({ reason, datacenter }) =>
    reason === undefined ? [] : [t('In {0}: {1}', datacenter, reason)],
  );
  return {
    kind: 'finished',
    at: Date.now(),
    end: FROM_BEST[Math.max(0, ...ranks)] ?? 'complete',
    ...(reasons.length > 0 ? { reason: reasons.join(' ') } : {}),
  };
}
