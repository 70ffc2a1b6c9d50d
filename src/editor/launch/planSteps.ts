import type { TargetChoice } from '../pick/chooseTargets.ts';
import type { StepServices } from '../runs/stepOf.ts';
import type { RerunTarget } from './rerunOn.ts';

/**
 * Saves the nodes of the later steps of a run, if there are any.
 * @param id of the run
 * @param after the run of the previous step
 */
export async function planSteps(
  { steps, runs }: StepServices,
  id: string,
  { targets, later }: TargetChoice,
  after: RerunTarget['after'],
): Promise<void> {
  const isListed = (run: string) => runs.isKnown(run);
  const added = (saved: Promise<void>) => {
    // It is under the row of its run now.
    runs.notifyChanged();
    return saved;
  };
  if (after) {
    const { step, of, later: waiting, earlier } = after.step;
    // The user can go back and select other nodes. Then this run is not the next step.
    const planned = new Set(waiting[0]);
    if (!targets.every(({ label }) => planned.has(label))) return;
    const next = { step: step + 1, of, later: waiting.slice(1), earlier: [...earlier, after.id] };
    await added(steps.add(id, next, isListed));
  } else if (later.length > 0) {
    await added(steps.add(id, { step: 1, of: later.length + 1, later, earlier: [] }, isListed));
  }
}
