import type { Rollout } from '../rollout/rollout.ts';
import type { ListedRun } from '../runs/listedRun.ts';

type Foldable = ListedRun | Rollout;

/** Decides which runs are collapsed when a new run starts: not those that the user expanded. */
export class RunFolding {
  readonly #folded = new WeakSet<Foldable>();
  /** Runs that began as expanded rows, and were never collapsed by the user. */
  readonly #expanded = new WeakSet<Foldable>();
  readonly #openedByUser = new WeakSet<Foldable>();
  readonly #seen = new WeakSet<Foldable>();

  /** Whether a run's row begins collapsed although the run is open. */
  isFolded(row: Foldable): boolean {
    if (!this.#seen.has(row) && row.run) this.#expanded.add(row);
    this.#seen.add(row);
    return this.#folded.has(row);
  }

  /** @returns whether a row changes */
  fold(older: readonly Foldable[]): boolean {
    const folded = older.filter(
      (row) => row.run && !row.isActive && !this.#folded.has(row) && !this.#openedByUser.has(row),
    );
    for (const row of folded) {
      this.#folded.add(row);
      this.#expanded.delete(row);
    }
    return folded.length > 0;
  }

  /** A row was expanded or collapsed; VS Code also reports rows that it expands itself. */
  toggled(row: Foldable, isExpanded: boolean): void {
    if (!isExpanded) {
      this.#expanded.delete(row);
      this.#openedByUser.delete(row);
    } else if (!this.#expanded.has(row)) {
      this.#openedByUser.add(row);
    }
  }
}
