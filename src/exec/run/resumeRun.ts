import { anySignal } from '../../base/anySignal.ts';
import type { Consul } from '../../consul/consul.ts';
import { encodeJob, type Job } from '../protocol/job.ts';
import { Attempts } from '../attempt/attempts.ts';
import type { OutputLimit } from '../cap/outputLimit.ts';
import { collectResults, sessionLost } from './collectResults.ts';
import { mergeRuns, type PartEnding } from '../events/mergeRuns.ts';
import type { RunEvent } from '../events/runEvent.ts';

/** A session of a run, as it was recorded. */
interface RecordedAttempt {
  readonly session: string;
  /** Names of nodes, without the datacenter; none for the first attempt, which is for all others. */
  readonly nodes: readonly string[];
}

/** One datacenter's share of a run that was announced before the window was reloaded. */
export interface ResumedPart {
  readonly datacenter: string;
  /** Set to that datacenter. */
  readonly consul: Consul;
  /** First to last; at least one. */
  readonly attempts: readonly RecordedAttempt[];
  readonly job: Job;
  readonly prefix: string;
  readonly sessionNode?: string | undefined;
  /** Names of nodes, without the datacenter. */
  readonly targets: readonly string[];
  /** Targets that were fenced and not told again. */
  readonly fenced: readonly string[];
  /** The sessions that keep nodes from beginning again. */
  readonly keepers: readonly string[];
  readonly quietMs: number;
  readonly heartbeatMs: number;
  readonly outputLimit?: OutputLimit | undefined;
  /** The session that fenced output, if there was one. */
  readonly capSession?: string | undefined;
}

/** How long to try to confirm fences before the results are read. */
const CONFIRM_FOR_MS = 10_000;

/**
 * Resumes a run whose sessions can still be alive: yields everything that the nodes have written from
 * the very beginning, and continues to its end as `runJob` would. It never announces an attempt that
 * was recorded: nodes that may have missed it are fenced and told under a new session. Where a session
 * is gone, the run finishes at once with `sessionLost`.
 * @param parts those that have not ended
 * @param before the parts that have ended
 */
export async function* resumeRun(
  parts: readonly ResumedPart[],
  before: readonly PartEnding[],
  signal?: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const leaving = new AbortController();
  const either = anySignal(leaving.signal, signal);
  const runs = parts.map((part) => ({
    datacenter: part.datacenter,
    events: resumePart(part, either),
  }));
  try {
    const [first] = runs;
    if (first && runs.length + before.length === 1) yield* first.events;
    else yield* mergeRuns(runs, 0, before);
  } finally {
    leaving.abort();
    await Promise.allSettled(runs.map(({ events }) => events.return()));
  }
}

async function* resumePart(
  part: ResumedPart,
  signal?: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const { consul, job, prefix, sessionNode, targets, fenced, quietMs, heartbeatMs } = part;
  const encodedJob = encodeJob(job, heartbeatMs);
  const attempts = new Attempts({ consul, prefix, sessionNode, job, encodedJob });
  for (const { session, nodes } of part.attempts) attempts.adopt(session, nodes);
  const keepers = part.keepers.map((session) => attempts.adoptHelper(session));
  // Without one of them, the ack keys of nodes that have begun can be gone.
  if (!(await attempts.renew()) || keepers.some(({ gone }) => gone.aborted)) {
    await attempts.close(false, CONFIRM_FOR_MS);
    yield { kind: 'finished', at: Date.now(), ...sessionLost() };
    return;
  }
  for (const { session, fenced: nodes } of await attempts.confirmFences(CONFIRM_FOR_MS, signal)) {
    if (nodes.length > 0) yield { kind: 'fenced', at: Date.now(), session, nodes };
  }
  yield* collectResults({
    consul,
    attempts,
    targets,
    givenUp: fenced,
    keeper: keepers.at(-1),
    quietMs,
    heartbeatMs,
    outputLimit: part.outputLimit,
    capSession: part.capSession,
    signal,
  });
}
