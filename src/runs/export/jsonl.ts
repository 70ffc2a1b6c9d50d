import type { Run } from '../run.ts';
import { takeTurns } from '../../exec/turns.ts';
import { exportedNode, exportedRun, SCHEMA_VERSION, sortedResults } from './exportedRun.ts';
import { takeSnapshot } from './snapshot.ts';

/**
 * A run as JSON Lines: the run first (`"type":"run"`), then a line for each node (`"type":"node"`).
 * Their schema is `$defs/line` of `media/run.schema.json`.
 */
export async function* exportJsonLines(going: Run): AsyncGenerator<string, void> {
  const run = takeSnapshot(going);
  const turn = takeTurns();
  yield line({ type: 'run', schemaVersion: SCHEMA_VERSION, ...exportedRun(run) });
  for (const result of sortedResults(run)) {
    yield line({ type: 'node', ...(await exportedNode(run, result)) });
    await turn();
  }
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
