import type * as vscode from 'vscode';
import * as v from 'valibot';
import { StateKey } from '../base/stateKey.ts';

/** One of several runs of a job, each on different nodes. */
export interface PlannedStep {
  /** From 1. */
  readonly step: number;
  readonly of: number;
  /** Labels of the nodes of each later step. */
  readonly later: readonly (readonly string[])[];
  /** Ids of the runs of earlier steps, the first step first. */
  readonly earlier: readonly string[];
  /** Id of the run of the next step, once it has been started. */
  readonly next?: string | undefined;
}

const Labels = v.array(v.string());
const Step = v.object({
  step: v.number(),
  of: v.number(),
  later: v.array(Labels),
  earlier: Labels,
  next: v.optional(v.string()),
});
/** By the id of the run. */
const STEPS = new StateKey<Readonly<Record<string, PlannedStep>>>(
  'steps',
  v.record(v.string(), Step),
  {},
);

/** The steps of runs that are made in steps, saved in the workspace's state. */
export class PlannedSteps {
  readonly #state: vscode.Memento;
  /** Read on first use: a window that shows no runs doesn't need it. */
  #all: Readonly<Record<string, PlannedStep>> | undefined;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  of(id: string): PlannedStep | undefined {
    const all = this.#read();
    return Object.hasOwn(all, id) ? all[id] : undefined;
  }

  /** @param isListed whether a run still exists; the steps of other runs are dropped */
  async add(id: string, step: PlannedStep, isListed: (id: string) => boolean): Promise<void> {
    const before = step.earlier.at(-1);
    const steps = Object.entries(this.#read())
      .filter(([known]) => isListed(known))
      .map(([known, planned]) => [known, known === before ? { ...planned, next: id } : planned]);
    this.#all = { ...(Object.fromEntries(steps) as Record<string, PlannedStep>), [id]: step };
    await STEPS.write(this.#state, this.#all);
  }

  #read(): Readonly<Record<string, PlannedStep>> {
    return (this.#all ??= STEPS.read(this.#state));
  }
}
