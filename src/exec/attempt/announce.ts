import type { Consul } from '../../consul/consul.ts';
import { ConsulError, mayHaveTakenEffect } from '../../consul/errors/consulErrors.ts';
import { type EventFilters, fireEvent } from '../../consul/event.ts';
import { sleep } from '../../base/sleep.ts';
import { withDelayedAbort } from '../../base/delayedAbort.ts';
import { EXEC_EVENT } from '../protocol/execEvent.ts';

/** What is known of an event after it was sent. */
export type Announcement =
  | { readonly outcome: 'sent' }
  /** No answer came, or one that does not say: agents may have received it. */
  | { readonly outcome: 'unknown'; readonly error: ConsulError | undefined }
  /** Consul refused it before anything was carried out, again and again. */
  | { readonly outcome: 'refused'; readonly error: ConsulError }
  /** The signal was aborted between two tries. */
  | { readonly outcome: 'aborted' };

/** Delays before an event that was surely not sent is sent again. */
const RETRY_DELAYS_MS = [500, 1000, 2000];

/**
 * Sends one event of an attempt, and sends it again only if the first surely did not go out: an agent
 * that receives two events of one session runs the job twice (PROTOCOL.md §2.5). Doubt is resolved
 * by a fence and a further attempt under another session.
 */
export async function announce(
  consul: Consul,
  payload: string,
  filters: EventFilters,
  signal: AbortSignal | undefined,
): Promise<Announcement> {
  const delays = [...RETRY_DELAYS_MS];
  for (;;) {
    try {
      await withDelayedAbort(signal, (late) =>
        fireEvent(consul, EXEC_EVENT, payload, filters, late),
      );
      return { outcome: 'sent' };
    } catch (error) {
      if (!(error instanceof ConsulError)) {
        if (signal?.aborted) return { outcome: 'unknown', error: undefined };
        throw error;
      }
      if (mayHaveTakenEffect(error)) return { outcome: 'unknown', error };
      const delayMs = error.transient ? delays.shift() : undefined;
      if (delayMs === undefined) return { outcome: 'refused', error };
      await sleep(delayMs, signal);
      if (signal?.aborted) return { outcome: 'aborted' };
    }
  }
}
