import type * as vscode from 'vscode';
import * as v from 'valibot';

/** Where a run stands in a rollout: the first of several runs of one job, each on other nodes. */
export interface PlannedStep {
  /** From 1. */
  readonly step: number;
  readonly of: number;
  /** Labels of the nodes of the steps that follow. */
  readonly later: readonly (readonly string[])[];
  /** Ids of the runs of the steps before, the first one first. */
  readonly earlier: readonly string[];
  /** Id of the run that was made of the next step. */
  readonly next?: string | undefined;
}

const KEY = 'steps';

const Labels = v.array(v.string());
const Stored = v.record(
  v.string(),
  v.object({
    step: v.number(),
    of: v.number(),
    later: v.array(Labels),
    earlier: Labels,
    next: v.optional(v.string()),
  }),
);

/** The steps of runs that are made in steps, by run; kept with the workspace's state. */
export class PlannedSteps {
  readonly #state: vscode.Memento;
  #all: Readonly<Record<string, PlannedStep>>;

  constructor(state: vscode.Memento) {
    this.#state = state;
    // What another version has stored is forgotten.
    const stored = v.safeParse(Stored, state.get(KEY));
    this.#all = stored.success ? stored.output : {};
  }

  of(id: string): PlannedStep | undefined {
    return Object.hasOwn(this.#all, id) ? this.#all[id] : undefined;
  }

  /** @param isListed whether a run is still there; what is known of others is forgotten */
  async add(id: string, step: PlannedStep, isListed: (id: string) => boolean): Promise<void> {
    const all = new Map(Object.entries(this.#all).filter(([known]) => isListed(known)));
    const before = all.get(step.earlier.at(-1) ?? '');
    if (before) all.set(step.earlier.at(-1) ?? '', { ...before, next: id });
    all.set(id, step);
    this.#all = Object.fromEntries(all);
    await this.#state.update(KEY, this.#all);
  }
}
