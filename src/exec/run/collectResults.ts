import type { Consul } from '../../consul/consul.ts';
import { ConsulError } from '../../consul/errors/consulErrors.ts';
import { findKey } from '../../consul/kv.ts';
import { anySignal } from '../../base/anySignal.ts';
import { sleep } from '../../base/sleep.ts';
import { MAX_ATTEMPTS } from '../protocol/attemptLimits.ts';
import { announceAgain } from '../attempt/announceAll.ts';
import type { Attempt, Attempts } from '../attempt/attempts.ts';
import type { SessionLease } from '../attempt/sessionLease.ts';
import { OutputCap } from '../cap/outputCap.ts';
import { NO_LIMITS, OutputLimit } from '../cap/outputLimit.ts';
import { BeginOnce } from './beginOnce.ts';
import {
  announceUnconfirmedMessage,
  cleanupContinuesMessage,
  cleanupFailedMessage,
  gapMessage,
  keysDeletedMessage,
  keysNotListedMessage,
  lastReadFailedMessage,
  notConfirmedMessage,
  readFailureMessage,
  sessionLostMessage,
} from './collectMessages.ts';
import { Completion } from './completion.ts';
import { isDetached } from './detach.ts';
import { mayAnnounceAgain, overdueAfterMs } from '../attempt/overdue.ts';
import { ReadHealth } from './readHealth.ts';
import { type Change, type ReadSummary, ResultReader } from './resultReader.ts';
import type { RunEnd, RunEvent } from '../events/runEvent.ts';

export interface CollectRequest {
  readonly consul: Consul;
  readonly attempts: Attempts;
  readonly targets: readonly string[] | undefined;
  /** Targets that were fenced for good before the window was reloaded. */
  readonly givenUp?: readonly string[];
  /** The session that kept nodes from beginning again before the window was reloaded. */
  readonly keeper?: SessionLease | undefined;
  /** What came instead of an answer that says whether the first announcement went out. */
  readonly doubt?: ConsulError | undefined;
  readonly quietMs: number;
  readonly heartbeatMs: number;
  /** How much output is collected; all of it by default. */
  readonly outputLimit?: OutputLimit | undefined;
  /** The session that fenced output before the window was reloaded. */
  readonly capSession?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

interface Ending {
  readonly end: RunEnd;
  readonly reason?: string;
}

/** The last read is given up when nothing comes for this long. */
const LAST_READ_MS = 3000;
/** If cleanup takes longer, report the run as finished and keep cleaning up in the background. */
const CLEANUP_MS = 2000;
/** How long to try to remove what a run left in Consul; an election takes a few seconds. */
const CLOSE_FOR_MS = 30_000;
const EMPTY_PAUSE_MS = 500;
/** How long fences are tried while Consul is in trouble: in the middle of a run, and at its end. */
const FENCE_FOR_MS = 10_000;
const FENCE_AT_STOP_MS = 5000;

/**
 * Yields what the nodes of an announced run write until it is over, announces the job again to nodes
 * that miss it, and cleans up on every way out but a `Detach`. Before the run ends, every node that
 * has not begun is fenced, so that it never will. The sessions are normally closed before `finished`
 * is yielded; where Consul is in trouble, `finished` comes first and the sequence ends when cleanup
 * has succeeded or the sessions are left to their TTL.
 */
export async function* collectResults(request: CollectRequest): AsyncGenerator<RunEvent, void> {
  const { attempts, signal } = request;
  const collector = new ResultCollector(request);
  let closing: Promise<unknown> | undefined;
  try {
    const ending = yield* collector.collect();
    if (isDetached(signal)) return;
    closing = attempts.close(collector.allExited && ending.end === 'complete', CLOSE_FOR_MS);
    const text = await cleanupTrouble(closing, attempts);
    if (text !== undefined) yield warning(text);
    yield { kind: 'finished', at: Date.now(), ...ending };
  } finally {
    if (isDetached(signal)) attempts.abandon();
    else closing ??= attempts.close(false, CLOSE_FOR_MS);
    collector.dispose();
    await closing;
  }
}

/** Collects one run in one datacenter. */
class ResultCollector {
  readonly #request: CollectRequest;
  readonly #attempts: Attempts;
  readonly #reader: ResultReader;
  readonly #completion: Completion;
  readonly #health = new ReadHealth();
  readonly #beginOnce: BeginOnce;
  readonly #cap: OutputCap;
  readonly #interrupt: AbortSignal;
  /** Also ends a waiting read when the limits of output change. */
  #readUntil: { readonly raised: AbortSignal; readonly signal: AbortSignal };
  #warnedOfEmpty = false;
  #doubt: ConsulError | undefined;
  #fenceFailed = false;
  /** Nodes whose fence failed because Consul was in trouble, and that have not responded since. */
  readonly #unfenced = new Set<string>();

  constructor(request: CollectRequest) {
    const { consul, attempts, targets, quietMs, heartbeatMs, signal } = request;
    const { outputLimit = new OutputLimit(NO_LIMITS), capSession } = request;
    this.#request = request;
    this.#attempts = attempts;
    this.#beginOnce = new BeginOnce(attempts, request.keeper);
    this.#doubt = request.doubt;
    const [first, ...further] = attempts.all as [Attempt, ...Attempt[]];
    this.#reader = new ResultReader(consul, first.tree, first.lease.session, targets);
    for (const attempt of further) this.#addToReader(attempt);
    this.#noteFences();
    this.#completion = new Completion({
      targets,
      quietMs,
      overdueAfterMs: this.#patienceMs(targets?.length ?? 0),
      heartbeatMs,
      now: performance.now(),
    });
    this.#completion.giveUp(request.givenUp ?? []);
    this.#interrupt = anySignal(attempts.gone, signal);
    this.#cap = new OutputCap(consul, attempts, outputLimit, this.#reader, capSession);
    this.#reader.onListed = (lastChunks) => this.#cap.listed(lastChunks);
    this.#readUntil = this.#interruptOrRaised();
  }

  dispose(): void {
    this.#cap.dispose();
  }

  /** Whether no node can still be at work or begin: each has exited. */
  get allExited(): boolean {
    return !this.#completion.anyLost && this.#attempts.all.length === 1;
  }

  async *collect(): AsyncGenerator<RunEvent, Ending> {
    const ending = yield* this.#listen();
    if (isDetached(this.#request.signal)) return ending;
    yield* this.#fenceRest(ending.end);
    if (ending.end !== 'stopped') return ending;
    yield* this.#lastRead();
    // Stopped a moment too late: every node was done.
    const { end, lost } = this.#completion.check(performance.now());
    return end === 'complete' && lost.length === 0 ? { end } : ending;
  }

  async *#listen(): AsyncGenerator<RunEvent, Ending> {
    let wakeAt = performance.now();
    for (;;) {
      if (this.#isStopped()) return { end: 'stopped' };
      if (this.#cap.isDue) yield* this.#cap.enforce(this.#interrupt);
      if (this.#readUntil.raised !== this.#cap.raised) this.#readUntil = this.#interruptOrRaised();
      const { raised, signal } = this.#readUntil;
      const startedAt = performance.now();
      const waitMs = this.#health.waitFor(wakeAt - startedAt);
      let heardAny = false;
      try {
        const changes = this.#reader.read(waitMs, signal);
        const { isEmpty } = yield* this.#hear(changes, () => (heardAny = true));
        this.#completion.excuse(this.#health.succeeded(), performance.now());
        if (isEmpty) yield* this.#handleEmpty();
      } catch (error) {
        if (this.#isStopped()) return { end: 'stopped' };
        if (this.#attempts.gone.aborted) return sessionLost();
        if (raised.aborted) continue;
        if (!(error instanceof ConsulError)) throw error;
        const now = performance.now();
        this.#health.failed(error, { startedAt, now, waitMs }, heardAny);
        if (this.#health.deafMs > this.#attempts.readableMs) {
          return { end: 'unreachable', reason: error.message };
        }
        if (this.#health.shouldWarn()) yield warning(readFailureMessage(error));
        await sleep(this.#health.retryMs, this.#interrupt);
        this.#health.backOff();
        continue;
      }
      if (this.#attempts.gone.aborted) return sessionLost();
      const verdict = this.#completion.check(performance.now());
      for (const node of verdict.lost) yield this.#lostOrCut(node);
      const isAnyOverdue = verdict.overdue.length > 0;
      if (isAnyOverdue) yield* this.#handleOverdue(verdict.overdue);
      else if (verdict.end) return { end: verdict.end };
      else yield* this.#beginOnce.check(this.#completion.isSettled, this.#interrupt);
      wakeAt = isAnyOverdue ? performance.now() : Math.min(verdict.wakeAt, this.#beginOnce.dueAt);
    }
  }

  #interruptOrRaised() {
    const { raised } = this.#cap;
    return { raised, signal: anySignal(this.#interrupt, raised) };
  }

  #isStopped(): boolean {
    return this.#request.signal?.aborted === true;
  }

  /** Reports changes as events, and takes note of who was heard. */
  async *#hear(
    changes: AsyncGenerator<readonly Change[], ReadSummary>,
    onAny: () => void,
  ): AsyncGenerator<RunEvent, ReadSummary> {
    for (;;) {
      const { done, value } = await changes.next();
      if (done) return value;
      if (value.length > 0) onAny();
      for (const change of value) yield* this.#report(change);
      // Between batches: a node that writes fast must not come to its limit before it is fenced.
      if (this.#cap.isDue && !this.#isStopped()) yield* this.#cap.enforce(this.#interrupt);
    }
  }

  *#report(change: Change): Generator<RunEvent> {
    const { node } = change;
    if (change.kind === 'heldChunk') {
      this.#cap.found(node, change.sequence, change.session);
      return;
    }
    const at = Date.now();
    const now = performance.now();
    this.#unfenced.delete(node);
    if (change.kind === 'exited') this.#completion.exited(node, now);
    else this.#completion.heard(node, now);
    if (change.kind === 'acknowledged') this.#beginOnce.begun(node, now);
    yield this.#cap.note(change, now) ?? { ...change, at };
    if (change.kind === 'gap') yield warning(gapMessage(node, change.chunks));
  }

  /** A node at work would have written a heartbeat, which a fence refused. */
  #lostOrCut(node: string): RunEvent {
    return this.#cap.cut(node) ?? { kind: 'lost', at: Date.now(), node };
  }

  /** No key is listed: they were deleted, or the token can't list them, or the session is gone. */
  async *#handleEmpty(): AsyncGenerator<RunEvent> {
    if (!(await this.#attempts.renew())) return;
    if (!this.#warnedOfEmpty) {
      this.#warnedOfEmpty = true;
      const { consul } = this.#request;
      const job = await findKey(consul, this.#attempts.first.jobKey, this.#interrupt);
      yield warning(job === undefined ? keysDeletedMessage() : keysNotListedMessage());
    }
    // An empty prefix wakes a waiting read at every write in the whole KV store.
    await sleep(EMPTY_PAUSE_MS, this.#interrupt);
  }

  /** Tells overdue nodes of the job once more where that can help; otherwise gives them up. */
  async *#handleOverdue(overdue: readonly string[]): AsyncGenerator<RunEvent> {
    const { targets, signal } = this.#request;
    const isLast =
      this.#attempts.all.length >= MAX_ATTEMPTS ||
      !mayAnnounceAgain(overdue.length, targets?.length ?? 0);
    try {
      const next = yield* this.#openAttempt(isLast ? [] : overdue, signal);
      const fenced = yield* this.#fence(overdue, next, FENCE_FOR_MS);
      if (isLast) {
        this.#completion.giveUp(overdue);
        if (this.#doubt) yield warning(announceUnconfirmedMessage(this.#doubt));
      } else {
        const told = fenced.filter((node) => this.#attempts.mayTellAgain(node));
        this.#attempts.assign(told, next);
        if (told.length > 0) {
          this.#doubt = yield* announceAgain(this.#request.consul, next, told, signal);
        }
        await this.#beginOnce.superseded(next, this.#interrupt);
        this.#completion.giveUp(new Set(overdue).difference(new Set(told)));
      }
    } catch (error) {
      // The user stopped the run meanwhile: its end fences these nodes.
      if (this.#isStopped()) return;
      if (!(error instanceof ConsulError)) throw error;
      // The nodes stay overdue: the next round tries again, and the end of the run reports failure.
      if (!error.transient || this.#fenceFailed) this.#completion.giveUp(overdue);
      for (const node of overdue) this.#unfenced.add(node);
      this.#fenceFailed = true;
    }
    this.#completion.announced(performance.now(), this.#patienceMs(overdue.length));
  }

  /** How long nodes have to acknowledge the attempt that was announced last. */
  #patienceMs(nodes: number): number {
    const isLast = this.#attempts.all.length >= MAX_ATTEMPTS;
    return overdueAfterMs(nodes, isLast ? this.#request.quietMs : 0);
  }

  /** @param nodes that it is announced to; none for an attempt that only holds fences */
  async *#openAttempt(
    nodes: readonly string[],
    signal: AbortSignal | undefined,
  ): AsyncGenerator<RunEvent, Attempt> {
    const attempt = await this.#attempts.open(signal);
    this.#addToReader(attempt);
    if (nodes.length > 0) await this.#attempts.writeJob(attempt, signal);
    const { number, lease } = attempt;
    // Whoever records this has it on disk before any node is fenced or told.
    yield { kind: 'attempted', at: Date.now(), attempt: number, session: lease.session, nodes };
    return attempt;
  }

  #noteFences(): void {
    for (const attempt of this.#attempts.all) {
      this.#reader.fence(attempt.tree, this.#attempts.fencedIn(attempt));
    }
  }

  #addToReader({ number, tree, lease }: Attempt): void {
    this.#reader.addAttempt(number, tree, lease.session);
  }

  /** @returns the nodes that will not run the job of the attempts so far */
  async *#fence(
    nodes: readonly string[],
    fencedBy: Attempt,
    forMs: number,
    signal?: AbortSignal,
  ): AsyncGenerator<RunEvent, readonly string[]> {
    const results = await this.#attempts.fence(nodes, fencedBy, forMs, signal);
    this.#noteFences();
    for (const { session, begun, fenced } of results) {
      for (const node of begun) {
        const { number, tree } = this.#attempts.of(node);
        if (!this.#reader.acknowledge(tree, node)) continue;
        yield* this.#report({ kind: 'acknowledged', node, ...(number > 1 && { attempt: number }) });
      }
      if (fenced.length > 0) yield { kind: 'fenced', at: Date.now(), session, nodes: fenced };
    }
    const unknown = results.flatMap((result) => result.unknown);
    if (unknown.length > 0) {
      const failure = results.find((result) => result.failure)?.failure;
      if (failure) for (const node of unknown) this.#unfenced.add(node);
      yield warning(notConfirmedMessage(unknown, failure));
    }
    const fenced = results.flatMap((result) => result.fenced);
    for (const node of fenced) this.#unfenced.delete(node);
    return fenced;
  }

  /** At the end of a run: nodes that have not begun never will. */
  async *#fenceRest(end: RunEnd): AsyncGenerator<RunEvent> {
    const missing = [...new Set([...this.#completion.missing, ...this.#unfenced])];
    if (missing.length === 0 || end === 'complete') return;
    const signal = AbortSignal.timeout(FENCE_AT_STOP_MS);
    try {
      const attempt = yield* this.#openAttempt([], signal);
      yield* this.#fence(missing, attempt, FENCE_AT_STOP_MS, signal);
    } catch (error) {
      if (!(error instanceof ConsulError) && !signal.aborted) throw error;
      yield warning(notConfirmedMessage(missing, error));
    }
  }

  /** Reads once more before the session is destroyed, which deletes everything. */
  async *#lastRead(): AsyncGenerator<RunEvent> {
    const giveUp = new AbortController();
    const timer = setTimeout(() => giveUp.abort(), LAST_READ_MS);
    try {
      yield* this.#hear(this.#reader.read(0, giveUp.signal), () => timer.refresh());
    } catch (error) {
      yield warning(lastReadFailedMessage(error));
    } finally {
      clearTimeout(timer);
    }
  }
}

const LATE = Symbol('late');

/** @returns what to report of the cleanup by the time the run is finished */
async function cleanupTrouble(
  closing: Promise<unknown>,
  attempts: Attempts,
): Promise<string | undefined> {
  const done = new AbortController();
  const late = sleep(CLEANUP_MS, done.signal).then(() => LATE);
  const failure = await Promise.race([closing, late]);
  done.abort();
  if (failure === undefined) return undefined;
  const minutes = Math.ceil(attempts.lifetimeMs / 60_000);
  return failure === LATE
    ? cleanupContinuesMessage(minutes)
    : cleanupFailedMessage(failure, minutes);
}

function warning(text: string): RunEvent {
  return { kind: 'warning', at: Date.now(), text };
}

/** How a run ends when a session of it is gone. */
export function sessionLost(): Ending {
  return { end: 'sessionLost', reason: sessionLostMessage() };
}
