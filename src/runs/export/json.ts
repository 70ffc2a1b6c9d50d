import type { Run } from '../run.ts';
import { takeTurns } from '../../exec/turns.ts';
import { exportedNode, exportedRun, SCHEMA_VERSION, sortedResults } from './exportedRun.ts';
import { takeSnapshot } from './snapshot.ts';

/**
 * A run as one JSON document, in pieces, so that little of it is in memory. Its schema is
 * `media/run.schema.json`.
 */
export async function* exportJson(going: Run): AsyncGenerator<string, void> {
  const turn = takeTurns();
  const run = takeSnapshot(going);
  await turn();
  const groups = run.groups.map(({ standing, code, nodes }) => ({
    standing,
    ...(code === undefined ? {} : { code }),
    nodes,
  }));
  const head = JSON.stringify(
    { schemaVersion: SCHEMA_VERSION, run: exportedRun(run), groups },
    null,
    2,
  );
  yield `${head.slice(0, -2)},\n  "nodes": [`;
  await turn();
  let separator = '\n';
  for (const result of sortedResults(run)) {
    yield `${separator}    `;
    yield* exportedNode(run, result, turn);
    separator = ',\n';
    await turn();
  }
  yield separator === '\n' ? ']\n}\n' : '\n  ]\n}\n';
}
