import { ConsulError, isRetryable } from '../../consul/errors/consulErrors.ts';
import { MAX_HANDED_OVER } from '../../consul/kv.ts';
import type { Attempt, Attempts } from '../attempt/attempts.ts';
import type { SessionLease } from '../attempt/sessionLease.ts';
import type { RunEvent } from '../events/runEvent.ts';
import { mayBeginAgainMessage } from './collectMessages.ts';

/** A run that is over sooner writes nothing more. */
const WITHDRAW_AFTER_MS = 200;
/**
 * Gossip reaches the nodes of a small fleet within this: mostly none is awaited any more by then. An agent
 * that is killed needs longer to be alive again.
 */
const KEEP_AFTER_MS = 500;
/** Large fleets: so many nodes are kept at once, and the next ones after a pause. */
const MAX_KEPT_AT_ONCE = 4 * MAX_HANDED_OVER;
const PAUSE_MS = 200;
const RETRY_MS = 1000;

/** A node that has begun. */
interface Begun {
  readonly node: string;
  /** When to keep it from beginning again. */
  readonly dueAt: number;
}

/**
 * Keeps nodes that have begun from beginning again. An agent that is killed and started again can receive
 * the event once more, and its ack key is held by the session that it locks it with (PROTOCOL.md §8.7).
 *
 * Once no node is awaited any more, the job is withdrawn: one write, however many nodes there are. Until
 * then, and in runs whose targets are not known, a session of ours takes the ack keys.
 */
export class BeginOnce {
  readonly #attempts: Attempts;
  #begun: Begun[] = [];
  #keeper: SessionLease | undefined;
  #withdrawAt: number | undefined;
  #notBefore = 0;
  #dueAt = Infinity;
  /** Consul refuses the writes, and would again. */
  #isRefused = false;

  /** @param keeper the session that kept nodes before the window was reloaded */
  constructor(attempts: Attempts, keeper: SessionLease | undefined) {
    this.#attempts = attempts;
    this.#keeper = keeper;
  }

  /** When `check` has something to do, if nothing happens before. */
  get dueAt(): number {
    return this.#dueAt;
  }

  begun(node: string, now: number): void {
    this.#begun.push({ node, dueAt: now + KEEP_AFTER_MS });
  }

  /** @param isSettled every target has begun, is fenced, or was given up */
  async *check(isSettled: boolean, signal: AbortSignal): AsyncGenerator<RunEvent, void> {
    if (this.#isRefused) return;
    const now = performance.now();
    try {
      if (isSettled) await this.#whenSettled(now, signal);
      else if (now >= this.#notBefore) yield* this.#keepDue(now, signal);
    } catch (error) {
      this.#retryLater(error, signal);
      if (error instanceof ConsulError && !isRetryable(error)) {
        this.#isRefused = true;
        this.#dueAt = Infinity;
        yield { kind: 'warning', at: Date.now(), text: mayBeginAgainMessage(error) };
        return;
      }
    }
    const next = isSettled ? this.#withdrawAt : this.#begun[0]?.dueAt;
    this.#dueAt = Math.max(next ?? Infinity, this.#notBefore);
  }

  /** The nodes of all attempts before this one have begun, are fenced, or were given up. */
  async superseded(by: Attempt, signal: AbortSignal): Promise<void> {
    try {
      await this.#attempts.withdrawJobs(by, signal);
    } catch (error) {
      this.#retryLater(error, signal);
    }
  }

  async #whenSettled(now: number, signal: AbortSignal): Promise<void> {
    if (!this.#attempts.anyJob) this.#withdrawAt = undefined;
    else if (this.#withdrawAt === undefined) this.#withdrawAt = now + WITHDRAW_AFTER_MS;
    else if (now >= Math.max(this.#withdrawAt, this.#notBefore)) {
      await this.#attempts.withdrawJobs(undefined, signal);
      this.#withdrawAt = undefined;
      this.#begun = [];
    }
  }

  async *#keepDue(now: number, signal: AbortSignal): AsyncGenerator<RunEvent, void> {
    this.#withdrawAt = undefined;
    const isDue = ({ dueAt }: Begun) => dueAt <= now;
    const due = this.#begun.slice(0, MAX_KEPT_AT_ONCE).filter(isDue);
    if (due.length === 0) return;
    const nodes = due.map(({ node }) => node).filter((node) => this.#attempts.canBeginAgain(node));
    if (nodes.length > 0) {
      if (!this.#keeper || this.#keeper.gone.aborted) {
        this.#keeper = await this.#attempts.openKeeper(signal);
        yield { kind: 'kept', at: Date.now(), session: this.#keeper.session };
      }
      await this.#attempts.keepBegun(nodes, this.#keeper, signal);
      this.#notBefore = performance.now() + PAUSE_MS;
    }
    this.#begun.splice(0, due.length);
  }

  #retryLater(error: unknown, signal: AbortSignal): void {
    if (!(error instanceof ConsulError) && !signal.aborted) throw error;
    this.#notBefore = performance.now() + RETRY_MS;
  }
}
