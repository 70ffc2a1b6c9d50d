import { t } from '@vscode/l10n';
import type { Consul } from '../consul/consul.ts';
import { ConsulError, mayHaveDone, ServerError, TooLargeError } from '../consul/errors.ts';
import { type EventFilters, fireEvent } from '../consul/event.ts';
import { acquireKey } from '../consul/kv.ts';
import { collect } from './collect.ts';
import { requireValid } from './filters.ts';
import { withGrace } from './grace.ts';
import { encodeJob, type Job, requireFits } from './job.ts';
import { canBeHeard, requirePrefix, runKeys, unheardOf } from './keys.ts';
import { Lease } from './lease.ts';
import type { RunEvent } from './runEvent.ts';
import { sleep } from './sleep.ts';

/** Everything a run needs to know before it starts. Nothing is written to Consul until it does. */
export interface RunRequest {
  readonly job: Job;
  /**
   * One event each. Their filters must be disjoint: a node that two of them reach runs the job
   * twice.
   */
  readonly announcements: readonly EventFilters[];
  /** Names of the nodes they reach; undefined when that is not known. */
  readonly targets?: readonly string[] | undefined;
  readonly options: RunOptions;
}

export interface RunOptions {
  /** Where in the KV store the run keeps its keys; `_rexec` for the CLI and for minimal policies. */
  readonly prefix: string;
  /** The CLI's `-wait`: how long it must be quiet before silent nodes are given up. */
  readonly quietMs: number;
  /** The CLI's `-wait-repl`: time for the job to reach the followers. Agents cope without. */
  readonly replicationWaitMs: number;
  /** Bytes one KV value may have, when the agent told. */
  readonly kvLimit?: number | undefined;
  /** The node to hang the session on; needed in a foreign datacenter (PROTOCOL.md §1.3). */
  readonly sessionNode?: string | undefined;
}

/** Before the job is announced nobody can begin: what is not removed soon is left to the TTL. */
const UNDO_FOR_MS = 3000;

/** The event agents listen for. */
export const EVENT = '_rexec';

/**
 * Runs a job on a fleet: makes a session, locks the job into the KV store, announces it, and yields
 * what the nodes write until the run is over. Whatever way it is left (end, error, abort, `return`),
 * the session is destroyed and the tree deleted first.
 *
 * Aborting the signal stops collecting: one last read, then `finished` with `stopped`. It does not
 * end what runs on the nodes: the protocol has no way to (PROTOCOL.md §2.5).
 *
 * @throws JobError, PrefixError, FilterError, FilterSyntaxError before anything is written;
 * ConsulError when the start fails. Once announced it does not throw for Consul's troubles: the run
 * finishes with a reason.
 */
export async function* runJob(
  consul: Consul,
  request: RunRequest,
  signal?: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const { job, announcements, targets, options } = request;
  const prefix = requirePrefix(options.prefix);
  const heartbeatMs = heartbeatPeriod(options.quietMs, targets?.length ?? 0);
  const encoded = encodeJob(job, heartbeatMs);
  requireFits(job, encoded, options.kvLimit);
  for (const filters of announcements) requireValid(filters, payloadSize(prefix));

  const lease = await Lease.open(consul, options.sessionNode, signal);
  const keys = runKeys(prefix, lease.session);
  let closed = false;
  try {
    signal?.throwIfAborted();
    await writeJob(consul, keys.job, lease.session, job, encoded, signal);
    yield {
      kind: 'started',
      at: Date.now(),
      session: lease.session,
      prefix,
      heartbeatMs,
      targets: targets ?? [],
    };
    for (const node of targets?.filter((name) => !canBeHeard(name)) ?? []) {
      yield { kind: 'warning', at: Date.now(), text: unheardOf(node) };
    }
    await sleep(options.replicationWaitMs, signal);
    for (const [i, filters] of announcements.entries()) {
      if (signal?.aborted) break;
      const event = { payload: eventPayload(prefix, lease.session), filters, others: i > 0 };
      const { sent, warning } = await announce(consul, event, signal);
      if (warning) yield { kind: 'warning', at: Date.now(), text: warning };
      if (!sent) continue;
      yield { kind: 'announced', at: Date.now(), filters, number: i + 1, of: announcements.length };
    }
    closed = true; // from here on collect() closes the lease, before it says that it is finished
    yield* collect({
      consul,
      lease,
      tree: keys.tree,
      targets,
      quietMs: options.quietMs,
      heartbeatMs,
      signal,
    });
  } finally {
    if (!closed) await lease.close(keys.tree, false, UNDO_FOR_MS);
  }
}

/** @throws JobTooLargeError where the agent did not tell its limit before */
async function writeJob(
  consul: Consul,
  key: string,
  session: string,
  job: Job,
  encoded: Buffer,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    if (await acquireKey(consul, key, session, encoded, signal)) return;
  } catch (error) {
    if (error instanceof TooLargeError) requireFits(job, encoded, error.limit);
    throw error;
  }
  throw new ServerError(200, t('the job key {0} is locked by another session', key));
}

interface Announced {
  /** Whether it may have gone out. */
  readonly sent: boolean;
  readonly warning?: string;
}

interface Announcement {
  readonly payload: string;
  readonly filters: EventFilters;
  /** Events of this run have gone out already, so that nodes may be at work. */
  readonly others: boolean;
}

/** Pauses before an announcement is tried again that surely nobody heard. */
const ANNOUNCE_AGAIN_MS = [500, 1000, 2000];

/**
 * Fires one event, and again only where it surely did not go out. When no answer comes it may or may
 * not have: sending it again could run the job twice, so the run goes on and the doubt is told.
 * @throws ConsulError when it surely did not go out, and no other did
 */
async function announce(
  consul: Consul,
  { payload, filters, others }: Announcement,
  signal: AbortSignal | undefined,
): Promise<Announced> {
  const pauses = [...ANNOUNCE_AGAIN_MS];
  for (;;) {
    try {
      await withGrace(signal, (late) => fireEvent(consul, EVENT, payload, filters, late));
      return { sent: true };
    } catch (error) {
      if (!(error instanceof ConsulError)) {
        if (signal?.aborted) return { sent: true, warning: inDoubt(t('stopped')) };
        throw error;
      }
      if (mayHaveDone(error)) return { sent: true, warning: inDoubt(error.message) };
      const pauseMs = error.transient ? pauses.shift() : undefined;
      if (pauseMs === undefined) {
        if (!others) throw error;
        return { sent: false, warning: untold(error) };
      }
      await sleep(pauseMs, signal);
      if (signal?.aborted) return { sent: false };
    }
  }
}

function inDoubt(why: string): string {
  return t(
    'No answer came when the job was announced, so nodes may or may not have been told. It is not sent again: they would run it twice. ({0})',
    why,
  );
}

function untold(error: ConsulError): string {
  return t('Some nodes could not be told of the job, so they will not answer: {0}', error.message);
}

function eventPayload(prefix: string, session: string): string {
  return JSON.stringify({ Prefix: prefix, Session: session });
}

const SESSION_ID_LENGTH = 36;

/** Bytes of an event's payload under this prefix: what is left of its room is for filters. */
export function payloadSize(prefix: string): number {
  return Buffer.byteLength(eventPayload(prefix, '')) + SESSION_ID_LENGTH;
}

/**
 * Each heartbeat is a Raft write, so their number per second is bounded, not their period: a
 * thousand silent nodes beat every 15 s. Up to a minute, however long the quiet time is, or nobody
 * would notice a lost node.
 */
export function heartbeatPeriod(quietMs: number, targets: number): number {
  const HEARTBEATS_PER_SECOND = 1000 / 15;
  const leastMs = (targets / HEARTBEATS_PER_SECOND) * 1000;
  return Math.round(Math.min(60_000, Math.max(1000, quietMs, leastMs)));
}
