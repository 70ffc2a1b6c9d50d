import type { Consul } from '../consul/consul.ts';
import { mayPass } from '../consul/errors.ts';
import { type KvEntry, listKeys, readTree, readTrees, type Wait } from '../consul/kv.ts';
import { keyName, LAST_OF_FIVE_DIGITS, parseKey } from './keys.ts';
import { planReads, type Unread } from './readPlan.ts';
import { sleep } from './sleep.ts';

/** What agents have written since the last read. */
export type Change =
  | { readonly kind: 'acknowledged'; readonly node: string }
  | { readonly kind: 'output'; readonly node: string; readonly bytes: Buffer }
  | { readonly kind: 'heartbeat'; readonly node: string }
  /** Comes after the last output of its node. */
  | { readonly kind: 'exited'; readonly node: string; readonly code: number };

/** How far one node has been read. */
interface Progress {
  /** As its keys call it. One string for all: each key's own is a slice that keeps the key alive. */
  readonly keyName: string;
  /** As it is called, which differs for a target such as `a//b`. */
  readonly node: string;
  acknowledged: boolean;
  /** The number of the next chunk; they are contiguous from 0. */
  next: number;
  exited: boolean;
}

/**
 * While a run's whole tree is smaller than this, one read of everything is the cheapest; beyond it
 * every read would bring all that is known already, so keys are listed and new ones read in batches.
 */
const WHOLE_TREE_BYTES = 256 * 1024;
/**
 * Each write below the tree wakes a waiting read: a pause lets many of them share one answer. A
 * megabyte of key names costs a server about 30 ms, so listings keep it busy half of the time at
 * most; a quarter, while all they tell is that nodes are at work.
 */
const PAUSE_MS = { least: 40, most: 1000, perMegabyte: 40 };
const SIGNS_OF_LIFE_ONLY = 3;
/** While news come of the last of them, who waits for the end does not wait for a pause besides. */
const NEARLY_ALL = 0.8;
const RETRY_MS = 100;
const READS_AT_ONCE = 3;

/** Reads a run's tree incrementally: every key once, in each node's own order. */
export class Collector {
  /** The last read found no key at all: the session is gone, or its keys may not be read. */
  empty = false;
  readonly #consul: Consul;
  readonly #tree: string;
  /** By the names in their keys. */
  readonly #nodes = new Map<string, Progress>();
  /** How many targets there are; 0 when that is not known. */
  readonly #expected: number;
  /** How many nodes have exited. */
  #through = 0;
  #index = 0;
  #listing = false;
  #pauseMs = 0;

  /** @param targets who is expected: changes tell of them under these names */
  constructor(consul: Consul, tree: string, targets: readonly string[] = []) {
    this.#consul = consul;
    this.#tree = tree;
    this.#expected = targets.length;
    const expected = new Set(targets);
    for (const node of targets) {
      const name = keyName(node);
      if (name !== undefined && name !== node && !expected.has(name)) this.#know(name, node);
    }
  }

  /**
   * Waits up to `waitMs` for something new, and reads all of it, some at a time: ten thousand nodes
   * make thirty thousand changes, and a turn of the event loop for each would add up.
   * @throws ConsulError; what was read before that has been yielded and is not read again
   */
  async *read(waitMs: number, signal?: AbortSignal): AsyncGenerator<readonly Change[]> {
    const pauseMs = Math.min(this.#pauseMs, waitMs);
    if (pauseMs > 0) await sleep(pauseMs, signal);
    signal?.throwIfAborted();
    const restMs = waitMs - pauseMs;
    const mayWait =
      restMs > 0 && this.#index > 0 ? { index: this.#index, waitMs: restMs } : undefined;
    yield* this.#listing ? this.#readListed(mayWait, signal) : this.#readWhole(mayWait, signal);
  }

  async *#readWhole(
    wait: Wait | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly Change[]> {
    const { items, index, bytes } = await readTree(this.#consul, this.#tree, wait, signal);
    this.#moveTo(index);
    this.empty = items === undefined;
    this.#pauseMs = PAUSE_MS.least;
    if (bytes > WHOLE_TREE_BYTES) this.#listing = true;
    yield [...this.#changes(items ?? [])];
  }

  async *#readListed(
    wait: Wait | undefined,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly Change[]> {
    const { slices, index, bytes } = await listKeys(this.#consul, this.#tree, wait, signal);
    this.empty = slices === undefined;
    const { acknowledged, unread } = await this.#findUnread(slices ?? []);
    if (acknowledged.length > 0) {
      yield acknowledged.map((node) => ({ kind: 'acknowledged', node }));
    }
    let news = acknowledged.length > 0;
    for await (const changes of this.#fetch(unread, signal)) {
      news ||= changes.some(({ kind }) => kind !== 'heartbeat');
      yield changes;
    }
    // Only now: had a fetch failed, the next listing must not wait for yet another change.
    this.#moveTo(index);
    const ending = news && this.#expected > 0 && this.#through > NEARLY_ALL * this.#expected;
    this.#pauseMs = ending ? PAUSE_MS.least : pauseAfter(bytes, news);
  }

  async #findUnread(slices: AsyncIterable<readonly string[]> | Iterable<readonly string[]>) {
    const unread = new Map<string, { chunks: number[]; exit: boolean; fresh: boolean }>();
    const acknowledged: string[] = [];
    for await (const slice of slices) {
      for (const key of slice) {
        const parsed = parseKey(this.#tree, key);
        if (!parsed) continue;
        const progress = this.#progress(parsed.node);
        if (parsed.kind === 'ack') {
          if (!progress.acknowledged) acknowledged.push(progress.node);
          progress.acknowledged = true;
          continue;
        }
        const isChunk = parsed.kind === 'out';
        if (isChunk ? parsed.sequence < progress.next : progress.exited) continue;
        let entry = unread.get(progress.keyName);
        if (!entry) {
          entry = { chunks: [], exit: false, fresh: progress.next === 0 };
          unread.set(progress.keyName, entry);
        }
        if (isChunk) entry.chunks.push(parsed.sequence);
        else entry.exit = true;
      }
    }
    return { acknowledged, unread };
  }

  async *#fetch(
    unread: Map<string, Omit<Unread, 'node'>>,
    signal?: AbortSignal,
  ): AsyncGenerator<readonly Change[]> {
    const nodes = unread.entries().map(([node, rest]) => {
      // Beyond fffff numbers have six digits, and byte order is no longer their order.
      return { node, ...rest, chunks: rest.chunks.toSorted((a, b) => a - b) };
    });
    const underWay: Promise<() => KvEntry[]>[] = [];
    const next = async () => {
      const unpack = await underWay.shift();
      return [...this.#changes(unpack?.() ?? [])];
    };
    for (const request of planReads(this.#tree, nodes)) {
      const read = this.#readSurely(request, signal);
      read.catch(() => undefined); // awaited later, unless an earlier one fails first
      underWay.push(read);
      if (underWay.length === READS_AT_ONCE) yield await next();
    }
    while (underWay.length > 0) yield await next();
  }

  /**
   * Tries a read that fails once more before the whole listing is thrown away for it: on a bad line
   * every pass gets somewhere.
   */
  async #readSurely(request: readonly string[], signal?: AbortSignal) {
    try {
      return await readTrees(this.#consul, request, signal);
    } catch (error) {
      if (!mayPass(error)) throw error;
      await sleep(RETRY_MS, signal);
      return readTrees(this.#consul, request, signal);
    }
  }

  /** Sorts entries into changes: chunks by number, then the exit, whatever order they came in. */
  *#changes(entries: readonly KvEntry[]): Generator<Change> {
    const byNode = new Map<string, { chunks: [number, Buffer][]; exit?: Buffer }>();
    for (const { key, value } of entries) {
      const parsed = parseKey(this.#tree, key);
      if (!parsed) continue;
      let found = byNode.get(parsed.node);
      if (!found) byNode.set(parsed.node, (found = { chunks: [] }));
      if (parsed.kind === 'out') found.chunks.push([parsed.sequence, value]);
      else if (parsed.kind === 'exit') found.exit = value;
    }
    for (const [name, { chunks, exit }] of byNode) {
      const progress = this.#progress(name);
      const { node } = progress;
      if (!progress.acknowledged) {
        progress.acknowledged = true;
        yield { kind: 'acknowledged', node };
      }
      for (const [sequence, bytes] of chunks.sort(([a], [b]) => a - b)) {
        if (sequence < progress.next) continue;
        // Read along with one of five digits, whose name it begins with: others come before it.
        if (sequence > LAST_OF_FIVE_DIGITS && sequence !== progress.next) continue;
        progress.next = sequence + 1;
        yield bytes.length === 0 ? { kind: 'heartbeat', node } : { kind: 'output', node, bytes };
      }
      if (exit && !progress.exited) {
        progress.exited = true;
        this.#through++;
        yield { kind: 'exited', node, code: exitCode(exit) };
      }
    }
  }

  #progress(name: string): Progress {
    return this.#nodes.get(name) ?? this.#know(name, name);
  }

  #know(name: string, node: string): Progress {
    const progress = { keyName: name, node, acknowledged: false, next: 0, exited: false };
    this.#nodes.set(name, progress);
    return progress;
  }

  /** An index that falls (a restored or younger leader) must not be waited on (PROTOCOL.md §3.5). */
  #moveTo(index: number): void {
    this.#index = index < this.#index ? 0 : index;
  }
}

function pauseAfter(listedBytes: number, news: boolean): number {
  const costMs = (listedBytes / 1e6) * PAUSE_MS.perMegabyte;
  const pauseMs = Math.max(PAUSE_MS.least, news ? costMs : costMs * SIGNS_OF_LIFE_ONLY);
  return Math.min(PAUSE_MS.most, pauseMs);
}

/** Decimal text, possibly negative; agents write nothing else. */
function exitCode(value: Buffer): number {
  const code = Number.parseInt(value.toString(), 10);
  return Number.isNaN(code) ? 255 : code;
}
