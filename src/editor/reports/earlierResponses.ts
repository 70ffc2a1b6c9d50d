import {
  type NodeResponses,
  responsesOf,
  type RunLocation,
  targetsIn,
} from '../../runs/nodeHistory.ts';
import type * as vscode from 'vscode';
import type { ListedRun } from '../runs/listedRun.ts';
import type { LoadServices } from '../runsView/runElements.ts';

export interface HistoryServices extends LoadServices {
  readonly log: vscode.LogOutputChannel;
}

/** Enough to see a pattern, and quick to read. */
const MAX_RUNS = 30;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Which nodes responded in the latest earlier runs that targeted one of the given nodes. Runs of the
 * history that can't be read are left out.
 * @param id of the run to explain
 * @param names of nodes in that location
 */
export async function earlierResponses(
  { runs, loader, log }: HistoryServices,
  id: string,
  location: RunLocation,
  names: readonly string[],
): Promise<readonly NodeResponses[]> {
  const found: NodeResponses[] = [];
  let bytes = 0;
  for (const listed of runs.all) {
    if (found.length === MAX_RUNS) break;
    if (listed.id === id || !listed.isOver) continue;
    const targets = targetsIn(listed.info, location);
    if (!names.some((name) => targets.has(name))) continue;
    let responses = responsesFromOutcome(listed);
    if (!responses) {
      bytes += listed.run ? 0 : (listed.outcome?.bytes ?? 0);
      if (bytes > MAX_BYTES) break;
      responses = await loader.load(listed).then(responsesOf, (error: unknown) => {
        log.warn(`Can't read run ${listed.id} of the history: ${String(error)}`);
        return undefined;
      });
    }
    if (responses) found.push(responses);
  }
  return found;
}

/** Where all or none of the targets responded, the list says so; otherwise the run must be read. */
function responsesFromOutcome({ run, outcome, info }: ListedRun): NodeResponses | undefined {
  if (run || !outcome) return undefined;
  const { end, counts } = outcome;
  const unresponsive = counts.noResponse + counts.unknown;
  if (unresponsive === 0) return { info, end, hasResponded: () => true };
  if (unresponsive === info.targets.length) return { info, end, hasResponded: () => false };
  return undefined;
}
