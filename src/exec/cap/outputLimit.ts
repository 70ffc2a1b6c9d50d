/** How much output a run collects, in bytes; 0 for no limit. */
export interface OutputLimits {
  readonly perNode: number;
  readonly perRun: number;
}

export const NO_LIMITS: OutputLimits = { perNode: 0, perRun: 0 };

/** The same limits, but with no more than `cap` bytes from each node. */
export function cappedLimits(limits: OutputLimits, cap: number | undefined): OutputLimits {
  if (cap === undefined) return limits;
  return { ...limits, perNode: limits.perNode === 0 ? cap : Math.min(cap, limits.perNode) };
}

/** From this share of its limit on, the nodes of a run get shares of what is left. */
const NEAR_SHARE = 0.8;

/**
 * How much output the nodes of a run may write, and how much they have written. All datacenters of a
 * run share one.
 */
export class OutputLimit {
  #limits: OutputLimits;
  #used = 0;
  #atWork = 0;
  readonly #listeners = new Set<() => void>();

  constructor(limits: OutputLimits) {
    this.#limits = limits;
  }

  get limits(): OutputLimits {
    return this.#limits;
  }

  get perNode(): number {
    return this.#limits.perNode || Infinity;
  }

  get isRunNear(): boolean {
    const { perRun } = this.#limits;
    return perRun > 0 && this.#used >= NEAR_SHARE * perRun;
  }

  /** What each node at work can still write of what is left to the run. */
  get share(): number {
    const rest = (this.#limits.perRun || Infinity) - this.#used;
    return Math.max(0, rest) / Math.max(1, this.#atWork);
  }

  wrote(bytes: number): void {
    this.#used += bytes;
  }

  began(): void {
    this.#atWork++;
  }

  ended(): void {
    this.#atWork--;
  }

  /** Replaces the limits while the run is running. Output that was cut stays cut. */
  raise(limits: OutputLimits): void {
    this.#limits = limits;
    for (const listener of this.#listeners) listener();
  }

  /** @returns a function that removes the listener */
  onRaised(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
