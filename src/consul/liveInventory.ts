import { setTimeout as wait } from 'node:timers/promises';
import type { Consul } from './consul.ts';
import { type Inventory, takeInventory } from './inventory.ts';
import type { CatalogNode } from './catalogNode.ts';
import { sameNodes } from './sameNodes.ts';

/** A waiting read is renewed this often, so that a dead connection is noticed. */
const WAIT_MS = 60_000;
/**
 * Every answer holds the whole inventory, and in a large fleet something changes all the time: the
 * pause is long against what a read costs, and asking without waiting is rarer still.
 */
const PAUSE = { leastMs: 500, perReadMs: 5 };
const POLL_MS = 10_000;
const RETRY_MS = { least: 500, most: 15_000 };

/**
 * The inventory, kept fresh while something shows it. It asks Consul from its making until it is
 * disposed of.
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
    this.#first.promise.catch(() => undefined); // told by `failure` as well
    void this.#keepFresh();
  }

  /** The newest inventory; undefined until the first has come. */
  get nodes(): readonly CatalogNode[] | undefined {
    return this.#nodes;
  }

  /** Whether the servers left something out of `nodes`; see `Inventory`. */
  get filtered(): boolean | undefined {
    return this.#filtered;
  }

  /** When `nodes` was true, in milliseconds since the epoch; 0 until the first has come. */
  get readAt(): number {
    return this.#readAt;
  }

  /** Why the last read failed, while `nodes` grows old; undefined when it did not. */
  get failure(): unknown {
    return this.#failure;
  }

  /**
   * The newest inventory, as soon as there is one.
   * @throws ConsulError when the first read fails; later ones are tried again
   */
  ready(): Promise<readonly CatalogNode[]> {
    return this.#nodes ? Promise.resolve(this.#nodes) : this.#first.promise;
  }

  /**
   * @param listener called when `nodes` or `failure` has changed
   * @returns what ends that
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
    let retryMs = RETRY_MS.least;
    do {
      const from = performance.now();
      let pauseMs: number;
      try {
        const waitFor = index > 0 ? { index, waitMs: WAIT_MS } : undefined;
        const next = await takeInventory(this.#consul, waitFor, signal);
        const costMs = waitFor ? 0 : performance.now() - from;
        // An index that falls must not be waited on (PROTOCOL.md §3.5).
        index = next.index < index ? 0 : next.index;
        this.#take(next);
        pauseMs = pauseAfter(next, costMs);
        retryMs = RETRY_MS.least;
      } catch (error) {
        if (!signal.aborted) this.#fail(error);
        index = 0;
        pauseMs = retryMs;
        retryMs = Math.min(RETRY_MS.most, retryMs * 2);
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
    // The same nodes stay the same list, for whoever keeps what was worked out from it.
    if (isNew) this.#nodes = nodes;
    this.#first.resolve(this.#nodes ?? nodes);
    this.#tell();
  }

  #fail(error: unknown): void {
    this.#failure = error;
    this.#first.reject(error);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function pauseAfter({ index, nodes }: Inventory, costMs: number): number {
  // Measured: reading, unpacking and parsing take about 50 ms for a thousand nodes.
  const readMs = Math.max(costMs, nodes.length / 20);
  return Math.max(index === 0 ? POLL_MS : PAUSE.leastMs, PAUSE.perReadMs * readMs);
}
