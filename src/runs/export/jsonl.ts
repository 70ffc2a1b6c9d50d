import type { Run } from '../run.ts';
import { createYielder } from '../../base/yielder.ts';
import { exportedNode, exportedRun, SCHEMA_VERSION, sortedResults } from './exportedRun.ts';
import { takeSnapshot } from './snapshot.ts';

/**
 * A run as JSON Lines: the run first (`"type":"run"`), then a line for each node (`"type":"node"`).
 * The schema of a line is `$defs/line` of `media/run.schema.json`.
 */
export async function* exportJsonLines(source: Run): AsyncGenerator<string, void> {
  const maybeYield = createYielder();
  const run = takeSnapshot(source);
  await maybeYield();
  const head = { type: 'run', schemaVersion: SCHEMA_VERSION, ...exportedRun(run) };
  yield `${JSON.stringify(head)}\n`;
  for (const result of sortedResults(run)) {
    yield* exportedNode(run, result, maybeYield, { type: 'node' });
    yield '\n';
    await maybeYield();
  }
}
