import type { ListedRun } from '../runs/listedRun.ts';

/**
 * A run in steps of which at least two are listed: one row of the Runs view, with the steps under it. It
 * is the row's element too, by whose identity VS Code recognizes the row, so it stays the same while steps
 * are added.
 */
export class Rollout {
  readonly kind = 'rollout';
  /** The id of the run of the first step, which can have been removed. */
  readonly id: string;
  #runs: readonly [ListedRun, ...ListedRun[]];

  constructor(id: string, runs: readonly [ListedRun, ...ListedRun[]]) {
    this.id = id;
    this.#runs = runs;
  }

  /** The runs of the steps, the latest first. */
  get runs(): readonly [ListedRun, ...ListedRun[]] {
    return this.#runs;
  }

  /** The run of the latest step: what a command acts on that is not for all steps. */
  get listed(): ListedRun {
    return this.#runs[0];
  }

  /** The latest run that is open, if any is. */
  get run(): ListedRun['run'] {
    return this.#runs.find(({ run }) => run)?.run;
  }

  /** Whether this window collects a step. */
  get isActive(): boolean {
    return this.#runs.some(({ isActive }) => isActive);
  }

  get isOver(): boolean {
    return this.#runs.every(({ isOver }) => isOver);
  }

  get pinned(): boolean {
    return this.#runs.every(({ pinned }) => pinned);
  }

  update(runs: readonly [ListedRun, ...ListedRun[]]): void {
    this.#runs = runs;
  }
}
