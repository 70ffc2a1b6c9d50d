/** Rows shown in one place, and added by each "Show more". Rendering rows is expensive for the window. */
const PAGE_SIZE = 500;

/** How many rows a tree shows in each of its places. */
export class TreePages {
  /** By the key of a place. */
  readonly #limits = new Map<string, number>();

  /** How many rows to show in a place at most. */
  limit(key: string): number {
    return this.#limits.get(key) ?? PAGE_SIZE;
  }

  showMore(key: string): void {
    this.#limits.set(key, this.limit(key) + PAGE_SIZE);
  }

  /** Shows one page in each place again. */
  reset(): void {
    this.#limits.clear();
  }
}
