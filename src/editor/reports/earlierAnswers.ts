import { type Answers, answersOf, type Place, targetsIn } from '../../runs/nodeHistory.ts';
import type { App } from '../app.ts';
import type { ListedRun } from '../runs/listedRun.ts';

/** Enough to see a habit, and read in a moment. */
const MOST_RUNS = 30;
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * What the newest earlier runs tell of some nodes: who answered in those that one of them was a
 * target of. Runs of the history that cannot be read tell nothing.
 * @param id of the run that is asked about
 * @param names of nodes of that place
 */
export async function earlierAnswers(
  { runs, log }: Pick<App, 'runs' | 'log'>,
  id: string,
  place: Place,
  names: readonly string[],
): Promise<readonly Answers[]> {
  const told: Answers[] = [];
  let bytes = 0;
  for (const listed of runs.all) {
    if (told.length === MOST_RUNS) break;
    if (listed.id === id || !listed.isOver) continue;
    const targets = targetsIn(listed.info, place);
    if (!names.some((name) => targets.has(name))) continue;
    let answers = ofOutcome(listed);
    if (!answers) {
      bytes += listed.run ? 0 : (listed.outcome?.bytes ?? 0);
      if (bytes > MOST_BYTES) break;
      answers = await runs.load(listed).then(answersOf, (error: unknown) => {
        log.warn(`Run ${listed.id} of the history cannot be read: ${String(error)}`);
        return undefined;
      });
    }
    if (answers) told.push(answers);
  }
  return told;
}

/** Where all or none of the targets were silent, the list alone tells; else the run must be read. */
function ofOutcome({ run, outcome, info }: ListedRun): Answers | undefined {
  if (run || !outcome) return undefined;
  const { end, counts } = outcome;
  if (counts.silent === 0) return { info, end, isSilent: () => false };
  if (counts.silent === info.targets.length) return { info, end, isSilent: () => true };
  return undefined;
}
