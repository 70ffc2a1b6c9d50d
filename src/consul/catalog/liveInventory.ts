import { setTimeout as wait } from 'node:timers/promises';
import type { Consul } from '../consul.ts';
import { type Inventory, takeInventory } from './inventory.ts';
import type { CatalogNode } from './catalogNode.ts';
import { sameNodes } from './sameNodes.ts';

/** Waiting reads end after this time, so that a dead connection is noticed. */
const BLOCKING_WAIT_MS = 60_000;
/**
 * Every response contains the whole inventory, and in a large fleet something changes all the time. So
 * the pause is several times the cost of a read, and polling without an index is even less frequent.
 */
const PAUSE = { minMs: 500, perReadMs: 5 };
const POLL_INTERVAL_MS = 10_000;
const RETRY_DELAY_MS = { min: 500, max: 15_000 };

/**
 * The inventory, updated while something shows it. It reads from Consul from its construction until it
 * is disposed.
 */
export class LiveInventory {
  readonly #consul: Consul;
  readonly #stop = new AbortController();
  readonly #listeners = new Set<() => void>();
  readonly #first = Promise.withResolvers<readonly CatalogNode[]>();
  #nodes: readonly CatalogNode[] | undefined;
  #filtered: boolean | undefined;
  #readAt = 0;
  #failure: unknown;

  constructor(consul: Consul) {
    this.#consul = consul;
    this.#first.promise.catch(() => undefined); // also available as `failure`
    void this.#keepFresh();
  }

  /** The latest inventory; undefined until the first read succeeds. */
  get nodes(): readonly CatalogNode[] | undefined {
    return this.#nodes;
  }

  /** Whether `nodes` is filtered by ACLs; see `Inventory.filtered`. */
  get filtered(): boolean | undefined {
    return this.#filtered;
  }

  /** When `nodes` was last read, in milliseconds since the epoch; 0 until the first read succeeds. */
  get readAt(): number {
    return this.#readAt;
  }

  /** Why the last read failed, which leaves `nodes` outdated; undefined if it succeeded. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * The latest inventory, as soon as there is one.
   * @throws ConsulError if the first read fails; later reads are retried
   */
  ready(): Promise<readonly CatalogNode[]> {
    return this.#nodes ? Promise.resolve(this.#nodes) : this.#first.promise;
  }

  /**
   * @param listener called when `nodes`, `filtered` or `failure` has changed
   * @returns a function that removes the listener
   */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  dispose(): void {
    this.#listeners.clear();
    this.#stop.abort();
  }

  async #keepFresh(): Promise<void> {
    const { signal } = this.#stop;
    let index = 0;
    let retryMs = RETRY_DELAY_MS.min;
    do {
      const from = performance.now();
      let pauseMs: number;
      try {
        const waitFor = index > 0 ? { index, waitMs: BLOCKING_WAIT_MS } : undefined;
        const next = await takeInventory(this.#consul, waitFor, signal);
        const costMs = waitFor ? 0 : performance.now() - from;
        // Don't wait on an index that went backwards (PROTOCOL.md §3.5).
        index = next.index < index ? 0 : next.index;
        this.#take(next);
        pauseMs = pauseAfter(next, costMs);
        retryMs = RETRY_DELAY_MS.min;
      } catch (error) {
        if (!signal.aborted) this.#fail(error);
        index = 0;
        pauseMs = retryMs;
        retryMs = Math.min(RETRY_DELAY_MS.max, retryMs * 2);
      }
      await wait(pauseMs, undefined, { signal }).catch(() => undefined);
    } while (!signal.aborted);
    this.#first.reject(signal.reason);
  }

  #take({ nodes, filtered }: Inventory): void {
    const isNew = !this.#nodes || !sameNodes(this.#nodes, nodes);
    const changed = isNew || this.#failure !== undefined || this.#filtered !== filtered;
    this.#failure = undefined;
    this.#filtered = filtered;
    this.#readAt = Date.now();
    if (!changed) return;
    // Keep the same array for unchanged nodes: callers cache what they computed from it.
    if (isNew) this.#nodes = nodes;
    this.#first.resolve(this.#nodes ?? nodes);
    this.#notify();
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#first.reject(error);
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function pauseAfter({ index, nodes }: Inventory, costMs: number): number {
  // Measured: reading, decompressing and parsing a thousand nodes takes about 50 ms.
  const readMs = Math.max(costMs, nodes.length / 20);
  return Math.max(index === 0 ? POLL_INTERVAL_MS : PAUSE.minMs, PAUSE.perReadMs * readMs);
}
