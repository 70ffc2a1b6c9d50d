import type { OutputLimit } from './outputLimit.ts';

/** A fence to place, to move, or to remove. */
export interface Move {
  readonly node: string;
  /** The number of the chunk that is fenced now; undefined for none. */
  readonly from: number | undefined;
  /** The number of the first chunk that the node must not write; undefined for no limit. */
  readonly to: number | undefined;
}

/** What one node has written. */
interface Usage {
  readonly node: string;
  bytes: number;
  /** The number of its next chunk: heartbeats count too (PROTOCOL.md §2.3). */
  next: number;
  /** The number after the last chunk that a listing showed, which can be far ahead of what was read. */
  seen: number;
  /** The most bytes that the limit of the run leaves to it. */
  share: number;
  fence: number | undefined;
  /** How far the fence is behind the chunk that reaches the limit. */
  beyond: number;
  /** Numbers of chunks that are or were fenced. */
  fences: Set<number> | undefined;
  /** For its rate: when it had come to which chunk. */
  markAt: number;
  markNext: number;
}

/** The most that agents write into one key (PROTOCOL.md §2.3). */
const CHUNK_BYTES = 4096;
/** From here on, a node is near its limit. */
const NEAR_SHARE = 0.8;
/** From here on, it is near if it will reach the limit within the time below. */
const WATCHED_SHARE = 0.25;
const HORIZON_MS = 2000;
const MARK_EVERY_MS = 1000;
/** Reading a large output can take long, and only then comes the next listing. */
const ROUNDS_AHEAD = 2;
/** What each node can write at least when the output of the run is used up. */
const LEAST_SHARE_BYTES = 16 * CHUNK_BYTES;
/**
 * Heartbeats and short chunks bring a node nearer to its fence than to its limit. The fence is moved when
 * the difference is SPARE_CHUNKS, or when the node is almost there, and then with some to spare: each
 * move is a write.
 */
const TOO_NEAR_CHUNKS = 2;
const SPARE_CHUNKS = 8;

/**
 * Decides which chunk of which node is fenced, from what the nodes have written. A node that is far from
 * its limit has no fence.
 */
export class CapPlan {
  readonly #limit: OutputLimit;
  readonly #working = new Map<string, Usage>();
  /** Nodes that wrote since the last look, and can be near the limit. */
  readonly #touched = new Set<Usage>();
  #listedAt: number | undefined;
  /** The time between listings: until the next one, nothing more is known. */
  #roundMs = 0;
  #isShared = false;
  /** All nodes are looked at, and fences move although no node has come near them. */
  #isForced = false;

  constructor(limit: OutputLimit) {
    this.#limit = limit;
  }

  /** Whether `moves` has anything to look at. */
  get isDue(): boolean {
    return this.#touched.size > 0 || this.#isForced || (!this.#isShared && this.#limit.isRunNear);
  }

  /** The node acknowledged the job, or wrote. */
  began(node: string, now: number): void {
    this.#usage(node, now);
  }

  /** @param bytes of one chunk; 0 for a heartbeat */
  wrote(node: string, bytes: number, now: number): void {
    const usage = this.#usage(node, now);
    usage.next++;
    usage.bytes += bytes;
    this.#limit.wrote(bytes);
    const { perNode } = this.#limit;
    const isWatched = usage.fence !== undefined || usage.bytes >= WATCHED_SHARE * perNode;
    if (isWatched) this.#touched.add(usage);
  }

  /** A listing begins. */
  listed(now: number): void {
    if (this.#listedAt !== undefined) this.#roundMs = now - this.#listedAt;
    this.#listedAt = now;
  }

  /** A listing shows chunks up to this one, which are read later. */
  saw(node: string, lastChunk: number, now: number): void {
    const usage = this.#usage(node, now);
    usage.seen = Math.max(usage.seen, lastChunk + 1);
    this.#touched.add(usage);
  }

  missed(node: string, chunks: number, now: number): void {
    this.#usage(node, now).next += chunks;
  }

  ended(node: string): void {
    const usage = this.#working.get(node);
    if (!usage) return;
    this.#working.delete(node);
    this.#touched.delete(usage);
    this.#limit.ended();
  }

  /** The limits have changed. */
  raised(): void {
    this.#isForced = true;
    this.#isShared = false;
    for (const usage of this.#working.values()) usage.share = Infinity;
  }

  /** Whether a node has written everything before a fence: its next write is refused. */
  isAtFence(node: string): boolean {
    const usage = this.#working.get(node);
    return usage?.fences?.has(usage.next) ?? false;
  }

  bytesOf(node: string): number {
    return this.#working.get(node)?.bytes ?? 0;
  }

  /** @param isOurs false for a fence of another window, which can't be moved */
  found(node: string, chunk: number, isOurs: boolean, now: number): void {
    const usage = this.#usage(node, now);
    (usage.fences ??= new Set()).add(chunk);
    if (isOurs && usage.fence === undefined) this.#placed(usage, chunk);
  }

  moved({ node, to }: Move): void {
    const usage = this.#working.get(node);
    if (!usage) return;
    if (to !== undefined) this.#placed(usage, to);
    else usage.fence = undefined;
  }

  /** Moves failed: the next look decides again. */
  again(): void {
    this.#isForced = true;
  }

  lostFence(node: string): void {
    const usage = this.#working.get(node);
    if (!usage) return;
    usage.fence = undefined;
    this.#touched.add(usage);
  }

  /** The session that held the fences is gone, and they with it. */
  lostFences(): void {
    for (const { node, fence } of this.#working.values()) {
      if (fence !== undefined) this.lostFence(node);
    }
  }

  /** What to do now. Each node is looked at again only after it has written. */
  moves(now: number): Move[] {
    const isNearForAll = !this.#isShared && this.#limit.isRunNear;
    if (isNearForAll) this.#share();
    const isForced = isNearForAll || this.#isForced;
    const looked = isForced ? [...this.#working.values()] : [...this.#touched];
    this.#touched.clear();
    const moves = looked.flatMap((usage) => this.#moveOf(usage, now, isForced) ?? []);
    this.#isForced = false;
    return moves;
  }

  #share(): void {
    this.#isShared = true;
    const { share } = this.#limit;
    for (const usage of this.#working.values()) {
      usage.share = usage.bytes + Math.max(LEAST_SHARE_BYTES, share);
    }
  }

  #moveOf(usage: Usage, now: number, isForced: boolean): Move | undefined {
    const { node, fence: from, beyond, next } = usage;
    const reach = this.#reach(usage);
    if (reach === Infinity) return from === undefined ? undefined : { node, from, to: undefined };
    if (from === undefined) {
      return this.#isNear(usage, now) ? { node, from, to: reach } : undefined;
    }
    if (from > reach + beyond) return { node, from, to: reach };
    if (isForced) return reach > from ? { node, from, to: reach } : undefined;
    // What heartbeats and short chunks have used up. At the limit, every further chunk would count.
    const spent = reach > next ? reach + beyond - from : 0;
    const isTooNear = from - next <= TOO_NEAR_CHUNKS;
    if (spent < (isTooNear ? 1 : SPARE_CHUNKS)) return undefined;
    const to = isTooNear ? reach + SPARE_CHUNKS : reach;
    return to > from ? { node, from, to } : undefined;
  }

  /** The number of the first chunk beyond the limit, if all chunks until then are whole. */
  #reach({ bytes, next, share }: Usage): number {
    const rest = Math.min(this.#limit.perNode, share) - bytes;
    return next + Math.ceil(Math.max(0, rest) / CHUNK_BYTES);
  }

  #isNear(usage: Usage, now: number): boolean {
    const { share, markAt, markNext } = usage;
    const { perNode } = this.#limit;
    const next = Math.max(usage.next, usage.seen);
    const bytes = usage.bytes + (next - usage.next) * CHUNK_BYTES;
    if (share !== Infinity || bytes >= NEAR_SHARE * perNode) return true;
    const elapsedMs = Math.max(1, now - markAt);
    const chunksEachMs = (next - markNext) / elapsedMs;
    if (elapsedMs > MARK_EVERY_MS) {
      usage.markAt = now;
      usage.markNext = next;
    }
    const isWatched = bytes >= WATCHED_SHARE * perNode;
    const horizonMs = Math.max(isWatched ? HORIZON_MS : 0, ROUNDS_AHEAD * this.#roundMs);
    return (perNode - bytes) / CHUNK_BYTES < chunksEachMs * horizonMs;
  }

  #placed(usage: Usage, chunk: number): void {
    usage.fence = chunk;
    usage.beyond = Math.max(0, chunk - this.#reach(usage));
    (usage.fences ??= new Set()).add(chunk);
  }

  #usage(node: string, now: number): Usage {
    const known = this.#working.get(node);
    if (known) return known;
    const usage: Usage = {
      node,
      bytes: 0,
      next: 0,
      seen: 0,
      share: this.#isShared ? LEAST_SHARE_BYTES : Infinity,
      fence: undefined,
      beyond: 0,
      fences: undefined,
      markAt: now,
      markNext: 0,
    };
    this.#working.set(node, usage);
    this.#limit.began();
    if (this.#isShared) this.#touched.add(usage);
    return usage;
  }
}
