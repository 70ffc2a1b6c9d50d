import type { Run } from '../run.ts';
import { takeTurns } from '../../exec/turns.ts';
import { exportedNode, exportedRun, SCHEMA_VERSION, sortedResults } from './exportedRun.ts';
import { takeSnapshot } from './snapshot.ts';

/**
 * A run as JSON Lines: the run first (`"type":"run"`), then a line for each node (`"type":"node"`).
 * Their schema is `$defs/line` of `media/run.schema.json`.
 */
export async function* exportJsonLines(going: Run): AsyncGenerator<string, void> {
  const turn = takeTurns();
  const run = takeSnapshot(going);
  await turn();
  const head = { type: 'run', schemaVersion: SCHEMA_VERSION, ...exportedRun(run) };
  yield `${JSON.stringify(head)}\n`;
  for (const result of sortedResults(run)) {
    yield* exportedNode(run, result, turn, { type: 'node' });
    yield '\n';
    await turn();
  }
}
