import type { OutputStore } from './outputStore.ts';

/** Enough for a few large runs, or for all runs that are viewed in a day. */
const MAX_MEMORY_BYTES = 128 * 1024 * 1024;

/**
 * LRU over finished runs: the most recently viewed output stays in memory, within a shared limit; the
 * rest is read from disk again when it is needed.
 */
export class OutputMemory {
  readonly #maxBytes: number;
  readonly #used = new WeakMap<OutputStore, number>();
  #time = 0;

  /** @param maxBytes of all outputs together */
  constructor(maxBytes = MAX_MEMORY_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /**
   * Call this when an output is viewed, or its run finishes.
   * @param finished the outputs of all finished runs
   */
  use(output: OutputStore, finished: readonly OutputStore[]): void {
    this.#used.set(output, ++this.#time);
    const lastUsedFirst = finished.toSorted((a, b) => this.#lastUse(b) - this.#lastUse(a));
    let total = 0;
    for (const stored of lastUsedFirst) {
      if (total + stored.bytesInMemory > this.#maxBytes) stored.release();
      total += stored.bytesInMemory;
    }
  }

  #lastUse(output: OutputStore): number {
    return this.#used.get(output) ?? 0;
  }
}
