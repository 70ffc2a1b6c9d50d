import type * as vscode from 'vscode';
import * as v from 'valibot';
import { readStored } from '../stored.ts';

/** One of several runs of a job, each on other nodes. */
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
  /** Read when first asked for: a window that shows no runs does without. */
  #all: Readonly<Record<string, PlannedStep>> | undefined;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  of(id: string): PlannedStep | undefined {
    const all = this.#read();
    return Object.hasOwn(all, id) ? all[id] : undefined;
  }

  /** @param isListed whether a run is still there; what is known of others is forgotten */
  async add(id: string, step: PlannedStep, isListed: (id: string) => boolean): Promise<void> {
    const before = step.earlier.at(-1);
    const listed = Object.entries(this.#read()).filter(([known]) => isListed(known));
    this.#all = {
      ...Object.fromEntries(
        listed.map(([known, one]) => [known, known === before ? { ...one, next: id } : one]),
      ),
      [id]: step,
    };
    await this.#state.update(KEY, this.#all);
  }

  #read(): Readonly<Record<string, PlannedStep>> {
    return (this.#all ??= readStored(this.#state, KEY, Stored) ?? {});
  }
}
