import type { OutputStore } from './outputStore.ts';

/** A few large runs, or all that is looked at in a day. */
const MOST_BYTES = 128 * 1024 * 1024;

/**
 * Keeps the outputs of runs that are over in memory, those that were looked at last, up to a limit of
 * them all together. Of the others what is on disk is read there again when it is asked for.
 */
export class HeldOutputs {
  readonly #mostBytes: number;
  readonly #used = new WeakMap<OutputStore, number>();
  #time = 0;

  /** @param mostBytes of all outputs together */
  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /**
   * An output is looked at, or its run came to its end.
   * @param over the outputs of all runs that are over
   */
  use(output: OutputStore, over: readonly OutputStore[]): void {
    this.#used.set(output, ++this.#time);
    const lastUsedFirst = over.toSorted((a, b) => this.#lastUse(b) - this.#lastUse(a));
    let held = 0;
    for (const one of lastUsedFirst) {
      if (held + one.held > this.#mostBytes) one.release();
      held += one.held;
    }
  }

  #lastUse(output: OutputStore): number {
    return this.#used.get(output) ?? 0;
  }
}
