import type { Consul } from '../../consul/consul.ts';
import type { ConsulError } from '../../consul/errors/consulErrors.ts';
import type { EventFilters } from '../../consul/event.ts';
import { sleep } from '../../base/sleep.ts';
import { payloadSize } from '../protocol/execEvent.ts';
import { heartbeatPeriod } from '../protocol/heartbeat.ts';
import { encodeJob, type Job, requireFits } from '../protocol/job.ts';
import { hasReadableKeys, requirePrefix, unreadableNodeMessage } from '../protocol/keys.ts';
import { requireValidFilters } from '../targeting/validateFilters.ts';
import { announceAll } from '../attempt/announceAll.ts';
import { Attempts } from '../attempt/attempts.ts';
import type { OutputLimit } from '../cap/outputLimit.ts';
import { collectResults } from './collectResults.ts';
import type { RunEvent } from '../events/runEvent.ts';

/** Everything a run needs to know before it starts. Nothing is written to Consul until it does. */
export interface RunRequest {
  readonly job: Job;
  /**
   * One event each. Their filters must be disjoint: a node that two of them reach would run the job
   * twice.
   */
  readonly announcements: readonly EventFilters[];
  /** Names of the nodes they reach; undefined when that is not known. */
  readonly targets?: readonly string[] | undefined;
  readonly options: ProtocolOptions;
}

export interface ProtocolOptions {
  /** Where in the KV store the run keeps its keys; `_rexec` for the CLI and for minimal policies. */
  readonly prefix: string;
  /** The CLI's `-wait`: how long to wait for nodes that do not respond. */
  readonly quietMs: number;
  /** The CLI's `-wait-repl`: time for the job to reach the followers. Agents cope without. */
  readonly replicationWaitMs: number;
  /** Maximum bytes of one KV value, when the agent tells. */
  readonly kvLimit?: number | undefined;
  /** How much output is collected; all of it by default. */
  readonly outputLimit?: OutputLimit | undefined;
  /** The node that sessions belong to; a server, so that no restart of an agent ends the run. */
  readonly sessionNode?: string | undefined;
}

/** Before the job is announced no node can begin: what is not removed by then is left to the TTL. */
const UNDO_FOR_MS = 3000;

/**
 * Runs a job on a fleet: creates a session, locks the job into the KV store, announces it, and yields
 * what the nodes write until the run is over. On every way out (end, error, abort, `return`), the
 * sessions are destroyed and the tree is deleted first.
 *
 * Aborting the signal stops collecting: nodes that have not begun are kept from it, results are read
 * once more, then `finished` comes with `stopped`. It does not end what runs on the nodes: the
 * protocol has no way to (PROTOCOL.md §2.5).
 *
 * @throws JobError, PrefixError, FilterError, FilterSyntaxError before anything is written;
 * ConsulError when the start fails. Once the job is announced, trouble with Consul does not throw: the
 * run finishes with a reason.
 */
export async function* runJob(
  consul: Consul,
  request: RunRequest,
  signal?: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const { job, announcements, targets, options } = request;
  const prefix = requirePrefix(options.prefix);
  const heartbeatMs = heartbeatPeriod(options.quietMs, targets?.length ?? 0);
  const encodedJob = encodeJob(job, heartbeatMs);
  requireFits(job, encodedJob, options.kvLimit);
  for (const filters of announcements) requireValidFilters(filters, payloadSize(prefix));

  const { sessionNode } = options;
  const attempts = new Attempts({ consul, prefix, sessionNode, job, encodedJob });
  const attempt = await attempts.open(signal);
  let isAnnounced = false;
  let doubt: ConsulError | undefined;
  try {
    signal?.throwIfAborted();
    await attempts.writeJob(attempt, signal);
    const { session } = attempt.lease;
    yield {
      kind: 'started',
      at: Date.now(),
      sessions: [{ datacenter: consul.datacenter ?? '', session }],
      prefix,
      heartbeatMs,
      targets: targets ?? [],
      fences: true,
    };
    for (const node of targets?.filter((name) => !hasReadableKeys(name)) ?? []) {
      yield { kind: 'warning', at: Date.now(), text: unreadableNodeMessage(node) };
    }
    await sleep(options.replicationWaitMs, signal);
    const summary = yield* announceAll(consul, attempt, announcements, signal);
    const { sent, refusal } = summary;
    doubt = summary.doubt;
    const noneBegun = { kind: 'fenced', at: Date.now(), session, nodes: targets ?? [] } as const;
    if (sent === 0 && refusal) {
      yield noneBegun;
      throw refusal;
    }
    if (sent === 0 && signal?.aborted) {
      // No event went out, so no node can begin; the sessions are closed below.
      yield noneBegun;
      yield { kind: 'finished', at: Date.now(), end: 'stopped' };
      return;
    }
    isAnnounced = true;
  } finally {
    if (!isAnnounced) await attempts.close(false, UNDO_FOR_MS);
  }
  const { quietMs, outputLimit } = options;
  const collected = { consul, attempts, targets, doubt, quietMs, heartbeatMs, outputLimit, signal };
  yield* collectResults(collected);
}
