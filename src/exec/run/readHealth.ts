import type { ConsulError } from '../../consul/errors/consulErrors.ts';
import { ServerError } from '../../consul/errors/consulErrors.ts';

/** A waiting read is renewed at least this often, so that a dead connection is noticed. */
const MAX_WAIT_MS = 25_000;
const MIN_WAIT_MS = 500;
const RETRY_DELAY_MS = { min: 100, max: 5000 };
/** Leader elections finish sooner, so don't warn before this. */
const WARN_AFTER_MS = 5000;
/** One failed read counts for at most this long: while this machine slept, nobody was deaf. */
const MAX_DEAF_STEP_MS = 30_000;
/** A waiting read that is cut this early was not cut for waiting. */
const MIN_CUT_MS = 1000;

/**
 * How well Consul can be read: when to retry a failed read, when to warn, when to give up. Knows
 * nothing of nodes. Times are of a monotonic clock.
 */
export class ReadHealth {
  #deafMs = 0;
  #deafSince: number | undefined;
  #outageSince: number | undefined;
  #outageMs = 0;
  #retryMs = RETRY_DELAY_MS.min;
  #maxWaitMs = MAX_WAIT_MS;
  #warned = false;

  /** How long Consul has not been read, in milliseconds. */
  get deafMs(): number {
    return this.#deafMs;
  }

  /** How long to wait before the next try after a failure. */
  get retryMs(): number {
    return this.#retryMs;
  }

  /**
   * How long the next read waits for news. After a failure it does not wait: the tree shows all that
   * was written meanwhile, and a proxy that cuts waiting reads would cut it again.
   */
  waitFor(wantedMs: number): number {
    if (this.#deafSince !== undefined) return 0;
    return Math.min(this.#maxWaitMs, Math.max(0, wantedMs));
  }

  /** @returns how long the servers themselves were out of order before this read: no node could write */
  succeeded(): number {
    const outageMs = this.#outageMs;
    this.#deafMs = 0;
    this.#deafSince = undefined;
    this.#outageSince = undefined;
    this.#outageMs = 0;
    this.#retryMs = RETRY_DELAY_MS.min;
    this.#warned = false;
    return outageMs;
  }

  /**
   * @param startedAt when the read began
   * @param waitMs how long it was allowed to wait
   * @param heardAny whether it delivered something before it failed: a flaky connection is alive
   */
  failed(
    error: ConsulError,
    { startedAt, now, waitMs }: { startedAt: number; now: number; waitMs: number },
    heardAny: boolean,
  ): void {
    const elapsedMs = now - startedAt;
    // Whatever cut this read cuts the next one as well, unless that waits for less.
    if (waitMs > elapsedMs && elapsedMs >= MIN_CUT_MS) {
      this.#maxWaitMs = Math.max(MIN_WAIT_MS, Math.min(this.#maxWaitMs, 0.8 * elapsedMs));
    }
    if (heardAny) {
      this.#deafMs = 0;
      this.#retryMs = RETRY_DELAY_MS.min;
    }
    const since = heardAny ? now : (this.#deafSince ?? startedAt);
    this.#deafMs += Math.min(MAX_DEAF_STEP_MS, now - since);
    this.#deafSince = now;
    if (isServerOutage(error)) {
      this.#outageMs += now - (this.#outageSince ?? startedAt);
      this.#outageSince = now;
    } else {
      this.#outageSince = undefined;
    }
  }

  backOff(): void {
    this.#retryMs = Math.min(RETRY_DELAY_MS.max, this.#retryMs * 2);
  }

  /** @returns true once, when Consul has not been read for so long that the user should know */
  shouldWarn(): boolean {
    if (this.#warned || this.#deafMs <= WARN_AFTER_MS) return false;
    this.#warned = true;
    return true;
  }
}

/** The servers answer that they can't: then nodes can't write either. */
function isServerOutage(error: ConsulError): boolean {
  return error instanceof ServerError && error.status === 500 && error.transient;
}
