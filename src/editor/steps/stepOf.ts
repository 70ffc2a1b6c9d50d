import type { App } from '../app.ts';

/** Where a run stands that is made in steps. */
export interface RunStep {
  /** From 1. */
  readonly step: number;
  readonly of: number;
  /** Labels of the nodes whose turn is next; none after the last step, or when the next has been made. */
  readonly waiting: readonly string[];
}

/** @returns undefined for a run that is not made in steps */
export function stepOf({ runs, steps }: Pick<App, 'runs' | 'steps'>, id: string) {
  const planned = steps.of(id);
  if (!planned) return undefined;
  const { step, of, later, next } = planned;
  const isMade = next !== undefined && runs.find(next) !== undefined;
  return { step, of, waiting: isMade ? [] : (later[0] ?? []) } satisfies RunStep;
}
