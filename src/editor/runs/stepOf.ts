import type { PlannedSteps } from './plannedSteps.ts';
import type { RunList } from './runList.ts';

/** The position of a run that is made in steps. */
export interface RunStep {
  /** From 1. */
  readonly step: number;
  readonly of: number;
  /** Labels of the nodes of the next step; empty after the last step, or once the next has been started. */
  readonly waiting: readonly string[];
}

export interface StepServices {
  readonly runs: RunList;
  readonly steps: PlannedSteps;
}

/** @returns undefined for a run that isn't made in steps */
export function stepOf({ runs, steps }: StepServices, id: string): RunStep | undefined {
  const planned = steps.of(id);
  if (!planned) return undefined;
  const { step, of, later, next } = planned;
  const isStarted = next !== undefined && runs.find(next) !== undefined;
  return { step, of, waiting: isStarted ? [] : (later[0] ?? []) };
}
