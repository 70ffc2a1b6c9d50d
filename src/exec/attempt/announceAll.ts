import type { Consul } from '../../consul/consul.ts';
import type { ConsulError } from '../../consul/errors/consulErrors.ts';
import type { EventFilters } from '../../consul/event.ts';
import { sleep } from '../../base/sleep.ts';
import { eventPayload, MAX_PAYLOAD_BYTES, payloadSize } from '../protocol/execEvent.ts';
import { exactFilters } from '../targeting/matchNodes.ts';
import { announce } from './announce.ts';
import type { Attempt } from './attempts.ts';
import { announceFailedMessage } from './announceFailedMessage.ts';
import type { RunEvent } from '../events/runEvent.ts';

/**
 * Agents remember the last 512 events and drop older ones (PROTOCOL.md §3.2), so events of a run are
 * spread over time. What gets lost all the same, the next attempt repeats.
 */
const BURST = 64;
const BURST_PAUSE_MS = 500;

export interface AnnounceSummary {
  /** Events that have been sent, or may have been. */
  readonly sent: number;
  /** The first refusal, if any. */
  readonly refusal: ConsulError | undefined;
  /** What came instead of an answer that says whether an event went out. */
  readonly doubt: ConsulError | undefined;
}

/** Sends the events of one attempt, each at most once. */
export async function* announceAll(
  consul: Consul,
  { number, eventPrefix, lease }: Attempt,
  filters: readonly EventFilters[],
  signal: AbortSignal | undefined,
): AsyncGenerator<RunEvent, AnnounceSummary> {
  const payload = eventPayload(eventPrefix, lease.session);
  let sent = 0;
  let refusal: ConsulError | undefined;
  let doubt: ConsulError | undefined;
  for (const [i, filter] of filters.entries()) {
    if (i > 0 && i % BURST === 0) await sleep(BURST_PAUSE_MS, signal);
    if (signal?.aborted) break;
    const result = await announce(consul, payload, filter, signal);
    if (result.outcome === 'aborted') break;
    if (result.outcome === 'refused') {
      refusal ??= result.error;
      // Nothing is announced yet, so the run has not begun: it is for the caller to give up.
      if (sent === 0 && i === 0) break;
      yield { kind: 'warning', at: Date.now(), text: announceFailedMessage(result.error) };
      continue;
    }
    if (result.outcome === 'unknown') doubt ??= result.error;
    sent++;
    yield {
      kind: 'announced',
      at: Date.now(),
      filters: filter,
      number: i + 1,
      of: filters.length,
      ...(number > 1 ? { attempt: number } : {}),
    };
  }
  return { sent, refusal, doubt };
}

/**
 * Announces the job to nodes that are fenced from every earlier attempt, under a session of its own.
 * @param nodes at least one
 * @returns what came instead of an answer that says whether an event went out
 */
export async function* announceAgain(
  consul: Consul,
  attempt: Attempt,
  nodes: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<RunEvent, ConsulError | undefined> {
  const payloadBytes = payloadSize(attempt.eventPrefix);
  if (payloadBytes > MAX_PAYLOAD_BYTES) return undefined;
  // By name alone: whatever else these filters reached would run the job twice.
  const filters = await exactFilters(nodes, [], payloadBytes);
  const { sent, refusal, doubt } = yield* announceAll(consul, attempt, filters, signal);
  if (refusal && sent === 0) {
    yield { kind: 'warning', at: Date.now(), text: announceFailedMessage(refusal) };
  }
  return doubt;
}
