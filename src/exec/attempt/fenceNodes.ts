import type { Consul } from '../../consul/consul.ts';
import { type ConsulError, isRetryable } from '../../consul/errors/consulErrors.ts';
import { acquireKeys, findKey, MAX_GUARDED_KEYS } from '../../consul/kv.ts';
import { sleep } from '../../base/sleep.ts';
import { ackKey, BEGUN_VALUE, FENCE_VALUE } from '../protocol/keys.ts';

/** Which nodes to keep from running a job. */
export interface FenceRequest {
  /** The tree of the attempt whose job they must not begin. */
  readonly tree: string;
  /**
   * The job key of that attempt. While its session holds it, so does the session hold the ack keys of
   * nodes that have begun: without it, a free ack key would prove nothing (PROTOCOL.md §8.2).
   */
  readonly jobKey: string;
  /** The session of that attempt. */
  readonly session: string;
  /** The session that holds the fences. It must outlive the other one (PROTOCOL.md §8.3). */
  readonly fencedBy: string;
  /** Other sessions of this run, whose fences are as good. */
  readonly alsoOurs: ReadonlySet<string>;
  readonly nodes: readonly string[];
  /** How long to retry while Consul can't be reached, in milliseconds. */
  readonly forMs: number;
}

export interface FenceResult {
  /** The session of the attempt that this is about. */
  readonly session: string;
  /** These have not begun and never will. */
  readonly fenced: readonly string[];
  /** These were first: they run the job, or have run it. */
  readonly begun: readonly string[];
  /** The fence could not be placed, so these may or may not run it. */
  readonly unknown: readonly string[];
  /** Why not, where Consul refused or could not be reached. */
  readonly failure?: ConsulError;
}

const RETRY_DELAY_MS = { min: 100, max: 2000 };

/**
 * Decides for each node, by one atomic write, whether it runs an attempt's job: an agent runs it only
 * if it can lock its ack key, so whichever of the two locks that key first wins (PROTOCOL.md §8.1).
 * Repeats a lock whose answer got lost, which is harmless.
 */
export async function fenceNodes(
  consul: Consul,
  request: FenceRequest,
  signal?: AbortSignal,
): Promise<FenceResult> {
  const { session } = request;
  const fenced: string[] = [];
  const begun: string[] = [];
  const unknown: string[] = [];
  const nodeOf = new Map<string, string>();
  for (const node of request.nodes) {
    const key = ackKey(request.tree, node);
    if (key === undefined) unknown.push(node);
    else nodeOf.set(key, node);
  }
  const keys = [...nodeOf.keys()];
  const until = performance.now() + request.forMs;
  let delayMs = RETRY_DELAY_MS.min;
  while (keys.length > 0) {
    const batch = keys.slice(0, MAX_GUARDED_KEYS);
    try {
      const held = await fenceBatch(consul, request, batch, signal);
      for (const key of batch) {
        const node = nodeOf.get(key) ?? '';
        const holder = held.get(key);
        if (holder === undefined) fenced.push(node);
        else if (holder.hasBegun || holder.session === session) begun.push(node);
        // Another window of this user can have fenced it: that one may tell it again, we may not.
        else (request.alsoOurs.has(holder.session) ? fenced : unknown).push(node);
      }
      keys.splice(0, batch.length);
      delayMs = RETRY_DELAY_MS.min;
    } catch (error) {
      if (!isRetryable(error) || performance.now() + delayMs > until || signal?.aborted) {
        unknown.push(...keys.map((key) => nodeOf.get(key) ?? ''));
        return { session, fenced, begun, unknown, failure: error as ConsulError };
      }
      await sleep(delayMs, signal);
      delayMs = Math.min(RETRY_DELAY_MS.max, 2 * delayMs);
    }
  }
  return { session, fenced, begun, unknown };
}

/** Who holds a key that could not be locked. */
interface Holder {
  readonly session: string;
  /** It keeps a node that has begun from beginning again. */
  readonly hasBegun: boolean;
}

/** @returns the holders of those keys which could not be locked */
async function fenceBatch(
  consul: Consul,
  { jobKey, session, fencedBy }: FenceRequest,
  batch: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Holder>> {
  const held = new Map<string, Holder>();
  const lock = { session: fencedBy, value: FENCE_VALUE, guard: { key: jobKey, session } };
  let free = [...batch];
  while (free.length > 0) {
    const refused = await acquireKeys(consul, free, lock, signal);
    if (refused.length === 0) break;
    for (const key of refused) {
      const found = await findKey(consul, key, signal);
      const holder = found?.session;
      // Its holder let it go meanwhile: it is tried again with the others.
      if (holder === undefined || holder === fencedBy) continue;
      held.set(key, { session: holder, hasBegun: found?.value.equals(BEGUN_VALUE) === true });
    }
    free = free.filter((key) => !held.has(key));
  }
  return held;
}
