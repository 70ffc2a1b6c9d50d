import type { Run } from '../run.ts';
import { takeTurns } from '../../exec/turns.ts';
import { exportedNode, exportedRun, SCHEMA_VERSION, sortedResults } from './exportedRun.ts';
import { takeSnapshot } from './snapshot.ts';

/**
 * A run as one JSON document, in pieces, so that no more than one node's output is in memory. Its
 * schema is `media/run.schema.json`.
 */
export async function* exportJson(going: Run): AsyncGenerator<string, void> {
  const run = takeSnapshot(going);
  const turn = takeTurns();
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
  let separator = '\n';
  for (const result of sortedResults(run)) {
    yield `${separator}    ${JSON.stringify(await exportedNode(run, result))}`;
    separator = ',\n';
    await turn();
  }
  yield separator === '\n' ? ']\n}\n' : '\n  ]\n}\n';
}
