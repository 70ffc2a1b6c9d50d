import type { Run } from '../run.ts';
import { createYielder } from '../../base/yielder.ts';
import { exportedNode, exportedRun, SCHEMA_VERSION, sortedResults } from './exportedRun.ts';
import { takeSnapshot } from './snapshot.ts';

/**
 * A run as one JSON document, in pieces, so that it takes little memory. Its schema is
 * `media/run.schema.json`.
 */
export async function* exportJson(source: Run): AsyncGenerator<string, void> {
  const maybeYield = createYielder();
  const run = takeSnapshot(source);
  await maybeYield();
  const groups = run.groups.map(({ status, code, nodes }) => ({
    status,
    ...(code === undefined ? {} : { code }),
    nodes,
  }));
  const head = JSON.stringify(
    { schemaVersion: SCHEMA_VERSION, run: exportedRun(run), groups },
    null,
    2,
  );
  yield `${head.slice(0, -2)},\n  "nodes": [`;
  await maybeYield();
  let separator = '\n';
  for (const result of sortedResults(run)) {
    yield `${separator}    `;
    yield* exportedNode(run, result, maybeYield);
    separator = ',\n';
    await maybeYield();
  }
  yield separator === '\n' ? ']\n}\n' : '\n  ]\n}\n';
}
