import type { Disposable } from 'vscode';
import type { ListedRun } from '../runs/listedRun.ts';
import type { StepServices } from '../runs/stepOf.ts';
import { Rollout } from './rollout.ts';

/** Which listed runs are steps of the same run. A single step is listed like any other run. */
export class Rollouts implements Disposable {
  readonly #services: StepServices;
  readonly #subscription: Disposable;
  /** By the id of the first step. */
  #known: ReadonlyMap<string, Rollout> = new Map();
  /** By the id of each step's run; undefined after the list has changed. */
  #byRun: ReadonlyMap<string, Rollout> | undefined;

  constructor(services: StepServices) {
    this.#services = services;
    this.#subscription = services.runs.onDidChangeList(() => (this.#byRun = undefined));
  }

  /** @returns undefined for a run without other listed steps */
  of(listed: ListedRun): Rollout | undefined {
    return (this.#byRun ??= this.#find()).get(listed.id);
  }

  /** The listed runs, the newest first, with one row for all steps of a run, where the latest step is. */
  get rows(): readonly (ListedRun | Rollout)[] {
    return [...new Set(this.#services.runs.all.map((listed) => this.of(listed) ?? listed))];
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #find(): ReadonlyMap<string, Rollout> {
    const { runs, steps } = this.#services;
    const firstOf = ({ id }: ListedRun) => {
      const step = steps.of(id);
      return step && (step.earlier[0] ?? id);
    };
    const known = new Map<string, Rollout>();
    const byRun = new Map<string, Rollout>();
    for (const [first, [latest, ...others]] of Map.groupBy(runs.all, firstOf)) {
      if (first === undefined || !latest || others.length === 0) continue;
      const rollout = this.#known.get(first) ?? new Rollout(first, [latest, ...others]);
      rollout.update([latest, ...others]);
      known.set(first, rollout);
      for (const { id } of rollout.runs) byRun.set(id, rollout);
    }
    this.#known = known;
    return byRun;
  }
}
