import type { App } from '../app.ts';

/**
 * Labels of the nodes whose turn is next after a run; none when it is not made in steps, was the last
 * of them, or the next has been made.
 */
export function waitingNodes({ runs, steps }: Pick<App, 'runs' | 'steps'>, id: string) {
  const step = steps.of(id);
  const isMade = step?.next !== undefined && runs.find(step.next) !== undefined;
  return isMade ? [] : (step?.later[0] ?? []);
}
