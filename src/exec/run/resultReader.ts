import type { Consul, Wait } from '../../consul/consul.ts';
import { isRetryable } from '../../consul/errors/consulErrors.ts';
import { type KvEntry, listKeys, readTree, readTrees } from '../../consul/kv.ts';
import { sleep } from '../../base/sleep.ts';
import {
  BEGUN_VALUE,
  FENCE_VALUE,
  keyName,
  LAST_OF_FIVE_DIGITS,
  parseKey,
  type ResultKey,
} from '../protocol/keys.ts';
import { planReads, type Unread } from '../protocol/readPlan.ts';

/** What agents have written since the last read. */
export type Change =
  | { readonly kind: 'acknowledged'; readonly node: string; readonly attempt?: number }
  | { readonly kind: 'output'; readonly node: string; readonly bytes: Buffer }
  /** Chunks of a node are missing before its next output: something deleted them. */
  | { readonly kind: 'gap'; readonly node: string; readonly chunks: number }
  | { readonly kind: 'heartbeat'; readonly node: string }
  /** The key of a chunk is held by a session that is not its agent's. Comes before the node's exit. */
  | {
      readonly kind: 'heldChunk';
      readonly node: string;
      readonly sequence: number;
      readonly session: string;
    }
  /** Comes after the last output of its node. */
  | { readonly kind: 'exited'; readonly node: string; readonly code: number };

/** What one read found, beyond its changes. */
export interface ReadSummary {
  /** There was no key at all: the session is gone, the keys were deleted or can't be read. */
  readonly isEmpty: boolean;
}

/** A session whose agents write below the run's tree. */
interface ReaderAttempt {
  /** Undefined for the first. */
  readonly number: number | undefined;
  readonly tree: string;
  readonly session: string;
  /** By the names in their keys. */
  readonly nodes: Map<string, Progress>;
  /** Names of nodes whose ack key holds a fence of ours. */
  readonly fenced: Set<string>;
}

/** How far one node has been read. */
interface Progress {
  readonly attempt: ReaderAttempt;
  /** Its name in keys. One string for all: each key's own is a slice that keeps the key in memory. */
  readonly keyName: string;
  /** Its name, which differs for a target such as `a//b`. */
  readonly node: string;
  acknowledged: boolean;
  /** The number of the next chunk; they are contiguous from 0. */
  next: number;
  exited: boolean;
  /** Numbers of chunks that no agent wrote. */
  foreign?: Set<number>;
}

interface UnreadNode {
  readonly progress: Progress;
  readonly chunks: number[];
  exit: boolean;
  readonly fresh: boolean;
}

/**
 * While a run's whole tree is smaller than this, one read of everything is the cheapest. Beyond it,
 * every read would repeat what is known, so keys are listed and new ones read in batches.
 */
const WHOLE_TREE_BYTES = 256 * 1024;
/**
 * Each write below the tree wakes a waiting read: a pause lets many of them share one answer. A
 * megabyte of key names costs a server about 30 ms, so listings use at most half of its time; a
 * quarter while they show nothing but signs of life.
 */
const PAUSE_MS = { min: 40, max: 1000, perMegabyte: 40 };
const SIGNS_OF_LIFE_FACTOR = 3;
/** Without an index to wait on, every read answers at once: a proxy removed the header. */
const UNINDEXED_PAUSE_MS = 1000;
/** Once this share has exited, stop pausing between reads so that the run ends promptly. */
const NEARLY_ALL = 0.8;
const RETRY_DELAY_MS = 100;
const PARALLEL_READS = 3;

/** Reads a run's tree incrementally: every key once, in each node's own order. */
export class ResultReader {
  readonly #consul: Consul;
  readonly #tree: string;
  readonly #attempts: ReaderAttempt[] = [];
  /** Names of targets by their names in keys, where the two differ. */
  readonly #names = new Map<string, string>();
  /** How many targets there are; 0 when that is not known. */
  readonly #expected: number;
  /** Called with the last chunk of each node that a listing shows, before the chunks are read. */
  onListed: ((lastChunks: Iterable<readonly [string, number]>) => void) | undefined;
  #exitedCount = 0;
  #index = 0;
  #listing = false;
  #pauseMs = 0;

  /**
   * @param tree below which all attempts have their keys: that of the first
   * @param session of the first attempt
   * @param targets changes use these names
   */
  constructor(consul: Consul, tree: string, session: string, targets: readonly string[] = []) {
    this.#consul = consul;
    this.#tree = tree;
    this.#expected = targets.length;
    const expected = new Set(targets);
    for (const node of targets) {
      const name = keyName(node);
      if (name !== undefined && name !== node && !expected.has(name)) this.#names.set(name, node);
    }
    this.addAttempt(undefined, tree, session);
  }

  /** From now on, results of a further attempt are read too. Its tree is below that of the first. */
  addAttempt(number: number | undefined, tree: string, session: string): void {
    this.#attempts.push({ number, tree, session, nodes: new Map(), fenced: new Set() });
  }

  /** The ack keys of these nodes in this attempt are fences: they are no acknowledgments. */
  fence(tree: string, nodes: Iterable<string>): void {
    const attempt = this.#attempts.find((candidate) => candidate.tree === tree);
    for (const node of nodes) attempt?.fenced.add(keyName(node) ?? node);
  }

  /**
   * A fence met the acknowledgment of this node before a read did.
   * @returns whether that is news
   */
  acknowledge(tree: string, node: string): boolean {
    const attempt = this.#attempts.find((candidate) => candidate.tree === tree);
    if (!attempt) return true;
    const name = keyName(node) ?? node;
    const progress = attempt.nodes.get(name) ?? this.#newProgress(attempt, name);
    const isNews = !progress.acknowledged;
    progress.acknowledged = true;
    return isNews;
  }

  /** The key of this chunk is a fence of ours: it is no output. */
  holdChunk(tree: string, node: string, sequence: number): void {
    const progress = this.#progressOf(tree, node);
    if (progress) (progress.foreign ??= new Set()).add(sequence);
  }

  /** That fence is gone: the node can write this chunk. */
  freeChunk(tree: string, node: string, sequence: number): void {
    this.#progressOf(tree, node)?.foreign?.delete(sequence);
  }

  #progressOf(tree: string, node: string): Progress | undefined {
    const attempt = this.#attempts.find((candidate) => candidate.tree === tree);
    return attempt?.nodes.get(keyName(node) ?? node);
  }

  /**
   * Waits up to `waitMs` for something new and reads all of it, in batches: ten thousand nodes make
   * thirty thousand changes, and a turn of the event loop for each would add up.
   * @throws ConsulError; what was read before that has been yielded and is not read again
   */
  async *read(
    waitMs: number,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly Change[], ReadSummary> {
    const pauseMs = Math.min(this.#pauseMs, waitMs);
    if (pauseMs > 0) await sleep(pauseMs, signal);
    signal?.throwIfAborted();
    const restMs = waitMs - pauseMs;
    const wait = restMs > 0 && this.#index > 0 ? { index: this.#index, waitMs: restMs } : undefined;
    return yield* this.#listing ? this.#readListed(wait, signal) : this.#readWhole(wait, signal);
  }

  async *#readWhole(
    wait: Wait | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly Change[], ReadSummary> {
    const { items, index, bytes } = await readTree(this.#consul, this.#tree, wait, signal);
    this.#moveTo(index);
    this.#pauseMs = index > 0 ? PAUSE_MS.min : UNINDEXED_PAUSE_MS;
    if (bytes > WHOLE_TREE_BYTES) this.#listing = true;
    yield [...this.#changes(items ?? [])];
    return { isEmpty: items === undefined };
  }

  async *#readListed(
    wait: Wait | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly Change[], ReadSummary> {
    const { slices, index, bytes } = await listKeys(this.#consul, this.#tree, wait, signal);
    const { acknowledged, unread } = await this.#findUnread(slices ?? []);
    if (acknowledged.length > 0) yield acknowledged.map(acknowledgment);
    this.onListed?.(lastChunks(unread));
    yield []; // what a listing shows can matter before all of it is read
    let anyNews = acknowledged.length > 0;
    for await (const changes of this.#fetch(unread, signal)) {
      anyNews ||= changes.some(({ kind }) => kind !== 'heartbeat');
      yield changes;
    }
    // Only now: had a fetch failed, the next listing must not wait for yet another change.
    this.#moveTo(index);
    const isEnding =
      anyNews && this.#expected > 0 && this.#exitedCount > NEARLY_ALL * this.#expected;
    this.#pauseMs = isEnding ? PAUSE_MS.min : listingPause(bytes, anyNews);
    if (index === 0) this.#pauseMs = UNINDEXED_PAUSE_MS;
    return { isEmpty: slices === undefined };
  }

  async #findUnread(slices: AsyncIterable<readonly string[]> | Iterable<readonly string[]>) {
    const unread = new Map<Progress, UnreadNode>();
    const acknowledged: Progress[] = [];
    for await (const slice of slices) {
      for (const key of slice) {
        const found = this.#parse(key);
        if (!found) continue;
        const { progress, result } = found;
        if (result.kind === 'ack') {
          if (!progress.acknowledged) acknowledged.push(progress);
          progress.acknowledged = true;
          continue;
        }
        if (progress.exited) continue;
        if (result.kind === 'out' && isKnown(progress, result.sequence)) continue;
        let entry = unread.get(progress);
        if (!entry) {
          entry = { progress, chunks: [], exit: false, fresh: progress.next === 0 };
          unread.set(progress, entry);
        }
        if (result.kind === 'out') entry.chunks.push(result.sequence);
        else entry.exit = true;
      }
    }
    return { acknowledged, unread };
  }

  async *#fetch(
    unread: ReadonlyMap<Progress, UnreadNode>,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly Change[]> {
    const pending: Promise<() => KvEntry[]>[] = [];
    const next = async () => {
      const unpack = await pending.shift();
      return [...this.#changes(unpack?.() ?? [])];
    };
    for (const attempt of this.#attempts) {
      for (const request of planReads(attempt.tree, unreadOf(attempt, unread))) {
        const read = this.#readReliably(request, signal);
        read.catch(() => undefined); // awaited later, unless an earlier one fails first
        pending.push(read);
        if (pending.length === PARALLEL_READS) yield await next();
      }
    }
    while (pending.length > 0) yield await next();
  }

  /**
   * Tries a failed read once more before the whole listing is discarded for it, so that every pass
   * gets somewhere on a bad connection.
   */
  async #readReliably(request: readonly string[], signal?: AbortSignal) {
    try {
      return await readTrees(this.#consul, request, signal);
    } catch (error) {
      if (!isRetryable(error)) throw error;
      await sleep(RETRY_DELAY_MS, signal);
      return readTrees(this.#consul, request, signal);
    }
  }

  /** Sorts entries into changes: chunks by number, then the exit, in whatever order they came. */
  *#changes(entries: readonly KvEntry[]): Generator<Change> {
    const byNode = new Map<Progress, { chunks: [number, Buffer][]; exit?: Buffer }>();
    for (const { key, value, session } of entries) {
      const found = this.#parse(key);
      if (!found) continue;
      const { progress, result } = found;
      // Agents lock what they write with the session of their job: anything else is not theirs.
      const isOther = session !== undefined && session !== progress.attempt.session;
      const isKept = result.kind === 'ack' && value.equals(BEGUN_VALUE);
      if (isOther && !isKept) {
        const isNew = noteForeign(progress, result);
        // Without that value, the agent was kept from writing by something else, and its 255 is no cut.
        const isFence = value.equals(FENCE_VALUE);
        if (isNew && isFence && !progress.exited && result.kind === 'out') {
          const { sequence } = result;
          yield { kind: 'heldChunk', node: progress.node, sequence, session };
        }
        continue;
      }
      let node = byNode.get(progress);
      if (!node) byNode.set(progress, (node = { chunks: [] }));
      if (result.kind === 'out') node.chunks.push([result.sequence, value]);
      else if (result.kind === 'exit') node.exit = value;
    }
    for (const [progress, { chunks, exit }] of byNode) {
      if (!progress.acknowledged) {
        progress.acknowledged = true;
        yield acknowledgment(progress);
      }
      if (progress.exited) continue;
      yield* chunkChanges(progress, chunks);
      if (!exit) continue;
      progress.exited = true;
      this.#exitedCount++;
      yield { kind: 'exited', node: progress.node, code: exitCode(exit) };
    }
  }

  /** @returns undefined for keys that belong to no node, and for fences */
  #parse(key: string): { readonly progress: Progress; readonly result: ResultKey } | undefined {
    const attempt = this.#attempts.findLast(({ tree }) => key.startsWith(tree));
    const result = attempt && parseKey(attempt.tree, key);
    if (!attempt || !result) return undefined;
    if (result.kind === 'ack' && attempt.fenced.has(result.node)) return undefined;
    const progress = attempt.nodes.get(result.node) ?? this.#newProgress(attempt, result.node);
    return { progress, result };
  }

  #newProgress(attempt: ReaderAttempt, name: string): Progress {
    const node = this.#names.get(name) ?? name;
    const progress = {
      attempt,
      keyName: name,
      node,
      acknowledged: false,
      next: 0,
      exited: false,
    };
    attempt.nodes.set(name, progress);
    return progress;
  }

  /** An index that falls (a restored or younger leader) must not be waited on (PROTOCOL.md §3.5). */
  #moveTo(index: number): void {
    this.#index = index < this.#index ? 0 : index;
  }
}

function acknowledgment({ node, attempt: { number } }: Progress): Change {
  return { kind: 'acknowledged', node, ...(number === undefined ? {} : { attempt: number }) };
}

function isKnown({ next, foreign }: Progress, sequence: number): boolean {
  return sequence < next || (foreign?.has(sequence) ?? false);
}

/**
 * Listings show foreign keys without their lock: they must not be fetched again and again.
 * @returns whether it was not known
 */
function noteForeign(progress: Progress, result: ResultKey): boolean {
  if (result.kind === 'ack') progress.attempt.fenced.add(progress.keyName);
  if (result.kind !== 'out') return false;
  const foreign = (progress.foreign ??= new Set());
  const isNew = !foreign.has(result.sequence);
  foreign.add(result.sequence);
  return isNew;
}

function* chunkChanges(progress: Progress, chunks: [number, Buffer][]): Generator<Change> {
  const { node } = progress;
  for (const [sequence, bytes] of chunks.sort(([a], [b]) => a - b)) {
    if (sequence < progress.next) continue;
    if (sequence > progress.next) {
      // Read along with one of five digits, whose name it begins with: others come before it.
      if (sequence > LAST_OF_FIVE_DIGITS) continue;
      // An agent writes its chunks one after the other, so what a later one shows to be missing was
      // deleted (PROTOCOL.md §2.3).
      yield { kind: 'gap', node, chunks: sequence - progress.next };
    }
    progress.next = sequence + 1;
    yield bytes.length === 0 ? { kind: 'heartbeat', node } : { kind: 'output', node, bytes };
  }
}

function* lastChunks(
  unread: ReadonlyMap<Progress, UnreadNode>,
): Generator<readonly [node: string, chunk: number]> {
  for (const { progress, chunks } of unread.values()) {
    if (chunks.length > 0) yield [progress.node, progress.next + chunks.length - 1];
  }
}

function* unreadOf(
  attempt: ReaderAttempt,
  unread: ReadonlyMap<Progress, UnreadNode>,
): Generator<Unread> {
  for (const { progress, chunks, exit, fresh } of unread.values()) {
    if (progress.attempt !== attempt) continue;
    // Beyond fffff numbers have six digits, and byte order is no longer their order.
    const ascending = chunks.toSorted((a, b) => a - b);
    yield { node: progress.keyName, chunks: ascending, exit, fresh };
  }
}

function listingPause(listedBytes: number, anyNews: boolean): number {
  const costMs = (listedBytes / 1e6) * PAUSE_MS.perMegabyte;
  const pauseMs = Math.max(PAUSE_MS.min, anyNews ? costMs : costMs * SIGNS_OF_LIFE_FACTOR);
  return Math.min(PAUSE_MS.max, pauseMs);
}

const UNREADABLE_EXIT = 255;

/** Agents write decimal text, with a minus sign for signals, and nothing else. */
function exitCode(value: Buffer): number {
  const text = value.toString();
  return /^-?\d{1,10}$/.test(text) ? Number(text) : UNREADABLE_EXIT;
}
