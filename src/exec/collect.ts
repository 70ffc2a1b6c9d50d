import { t } from '@vscode/l10n';
import type { Consul } from '../consul/consul.ts';
import { ConsulError, mayPass } from '../consul/errors.ts';
import { type Change, Collector } from './collector.ts';
import { Completion } from './completion.ts';
import { isDetached } from './detach.ts';
import type { Lease } from './lease.ts';
import type { RunEnd, RunEvent } from './runEvent.ts';
import { sleep } from './sleep.ts';

export interface CollectRequest {
  readonly consul: Consul;
  readonly lease: Lease;
  readonly tree: string;
  readonly targets: readonly string[] | undefined;
  readonly quietMs: number;
  readonly heartbeatMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A waiting read is renewed at least this often, so that a dead connection is noticed. */
const LONGEST_WAIT_MS = 30_000;
/** How long nothing may come of the last read before it is given up. */
const LAST_READ_MS = 3000;
/** A clean-up that takes longer is gone on with after the run is said to be over. */
const CLEAN_UP_MS = 2000;
const UNREADABLE_PAUSE_MS = 500;
/** Elections take less. */
const TELL_DEAF_MS = 5000;
const RETRY_MS = { least: 100, most: 5000 };
/** Missing this many heartbeats in a row, a node counts as lost. */
const HEARTBEATS_TO_MISS = 3;

/**
 * Yields what the nodes of an announced run write, until it is over, and then cleans up, on every way
 * out but for a `Detach`. As a rule the lease is closed before `finished` is yielded; where Consul is
 * in trouble that comes first, and the sequence ends when the lease is closed or left to its TTL.
 */
export async function* collect(request: CollectRequest): AsyncGenerator<RunEvent, void> {
  const { consul, lease, tree, targets, quietMs, heartbeatMs } = request;
  const collector = new Collector(consul, tree, targets);
  const completion = new Completion({
    targets,
    quietMs,
    lostAfterMs: Math.max(2 * quietMs, HEARTBEATS_TO_MISS * heartbeatMs),
    now: Date.now(),
  });
  let closing: Promise<unknown> | undefined;
  try {
    let ending = yield* listen(request, collector, completion);
    if (isDetached(request.signal)) return;
    if (ending.end === 'stopped') {
      yield* lastRead(collector, completion);
      // Stopped a moment too late: everybody was through.
      const { end, lost } = completion.check(Date.now());
      if (end === 'complete' && lost.length === 0) ending = { end };
    }
    closing = lease.close(tree, ending.end === 'complete' && !completion.anyLost);
    const text = await troubleWith(closing, lease);
    if (text !== undefined) yield { kind: 'warning', at: Date.now(), text };
    yield { kind: 'finished', at: Date.now(), ...ending };
  } finally {
    if (isDetached(request.signal)) lease.abandon();
    else closing ??= lease.close(tree);
    await closing;
  }
}

const LATE = Symbol('late');

/** What there is to tell of a clean-up by the time the run is said to be over. */
async function troubleWith(closing: Promise<unknown>, lease: Lease): Promise<string | undefined> {
  const done = new AbortController();
  const late = sleep(CLEAN_UP_MS, done.signal).then(() => LATE);
  const failure = await Promise.race([closing, late]);
  done.abort();
  if (failure === LATE) return cleaningUp(lease);
  return failure === undefined ? undefined : leftBehind(failure, lease);
}

interface Ending {
  readonly end: RunEnd;
  readonly reason?: string;
}

async function* listen(
  { lease, signal }: CollectRequest,
  collector: Collector,
  completion: Completion,
): AsyncGenerator<RunEvent, Ending> {
  const interrupt = AbortSignal.any([lease.gone, ...(signal ? [signal] : [])]);
  let wakeAt = Date.now();
  let deafSince: number | undefined;
  let retryMs = RETRY_MS.least;
  let warnedOfEmpty = false;
  let warnedOfDeaf = false;
  for (;;) {
    if (signal?.aborted) return { end: 'stopped' };
    const from = Date.now();
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(0, wakeAt - from));
    let heardAny = false;
    try {
      for await (const changes of collector.read(waitMs, interrupt)) {
        heardAny ||= changes.length > 0;
        for (const event of hear(completion, changes)) yield event;
      }
      retryMs = RETRY_MS.least;
      // An answer that took far longer than we asked for means that this machine slept.
      const overslept = Date.now() - from > 2 * waitMs + 10_000;
      if (deafSince !== undefined || overslept) {
        completion.excuse(Date.now() - (deafSince ?? from), Date.now());
        deafSince = undefined;
      }
      if (collector.empty) {
        if (!(await lease.renew())) return sessionLost();
        if (!warnedOfEmpty) yield { kind: 'warning', at: Date.now(), text: unreadable() };
        warnedOfEmpty = true;
        // An empty prefix wakes a waiting read at every write in the whole KV store.
        await sleep(UNREADABLE_PAUSE_MS, interrupt);
      }
    } catch (error) {
      if (signal?.aborted) return { end: 'stopped' };
      if (lease.gone.aborted) return sessionLost();
      if (!(error instanceof ConsulError)) throw error;
      // A bad line that lets something through is no dead one: neither give up on it, nor be slow.
      if (heardAny) {
        if (deafSince !== undefined) completion.excuse(Date.now() - deafSince, Date.now());
        deafSince = undefined;
        retryMs = RETRY_MS.least;
      }
      deafSince ??= heardAny ? Date.now() : from;
      if (!mayPass(error) || Date.now() - deafSince > lifetimeMs(lease)) {
        return { end: 'unreachable', reason: error.message };
      }
      if (!warnedOfDeaf && Date.now() - deafSince > TELL_DEAF_MS) {
        warnedOfDeaf = true;
        yield { kind: 'warning', at: Date.now(), text: deaf(error) };
      }
      await sleep(retryMs, interrupt);
      retryMs = Math.min(RETRY_MS.most, retryMs * 2);
      continue;
    }
    const now = Date.now();
    const verdict = completion.check(now);
    for (const node of verdict.lost) yield { kind: 'lost', at: now, node };
    if (verdict.end) return { end: verdict.end };
    wakeAt = verdict.wakeAt;
  }
}

/** What is there now is still kept: destroying the session will erase it. */
async function* lastRead(
  collector: Collector,
  completion: Completion,
): AsyncGenerator<RunEvent, void> {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), LAST_READ_MS);
  try {
    for await (const changes of collector.read(0, giveUp.signal)) {
      timer.refresh();
      for (const event of hear(completion, changes)) yield event;
    }
  } catch (error) {
    yield { kind: 'warning', at: Date.now(), text: unheard(error) };
  } finally {
    clearTimeout(timer);
  }
}

function unheard(error: unknown): string {
  return error instanceof ConsulError
    ? t('The last output before the stop could not be read: {0}', error.message)
    : t('The last output before the stop could not be read: Consul gave no answer in time.');
}

function* hear(completion: Completion, changes: readonly Change[]): Generator<RunEvent, void> {
  for (const change of changes) {
    const at = Date.now();
    if (change.kind === 'exited') completion.exited(change.node, at);
    else completion.heard(change.node, at);
    yield { ...change, at };
  }
}

/** The session lives, so its job key is there; yet no key is shown (PROTOCOL.md §5). */
function unreadable(): string {
  return t(
    'No key of this run can be read. Where acl.enable_key_list_policy is on, your token needs key:list besides key:write.',
  );
}

function deaf(error: ConsulError): string {
  return t(
    'Consul cannot be read at the moment, so the run may look quieter than it is. It is tried again. ({0})',
    error.message,
  );
}

/** How a run ends whose session is gone. */
export function sessionLost(): Ending {
  return {
    end: 'sessionLost',
    reason: t(
      'The Consul session of this run ended, and with it what was not read yet. Jobs that started run on.',
    ),
  };
}

/** Consul ends a session that nobody renews at twice its TTL: nothing is left to read then. */
function lifetimeMs({ ttlSeconds }: Lease): number {
  return 2 * ttlSeconds * 1000;
}

function cleaningUp(lease: Lease): string {
  return t(
    'Cleaning up takes long and goes on in the background. Failing that, Consul removes the session and keys of this run by itself within {0} minutes.',
    minutesLeft(lease),
  );
}

function minutesLeft(lease: Lease): number {
  return Math.ceil(lifetimeMs(lease) / 60_000);
}

function leftBehind(failure: unknown, lease: Lease): string {
  return t(
    'The run could not be cleaned up ({0}). Consul removes its session and keys by itself within {1} minutes.',
    failure instanceof Error ? failure.message : String(failure),
    minutesLeft(lease),
  );
}
