import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Run } from '../../../src/runs/run.ts';
import { searchReport } from '../../../src/runs/search/searchReport.ts';
import { compileSearch } from '../../../src/runs/search/searchQuery.ts';
import {
  DOCUMENT_LIMITS,
  type RunHits,
  type RunsSearchEnd,
  searchRuns,
} from '../../../src/runs/search/searchRuns.ts';
import { exited, sampleInfo, started, wrote } from './sampleRun.ts';

/** A run titled by its id, with the output of each node. */
function runOf(id: string, outputs: Readonly<Record<string, string>>): Run {
  const run = new Run(sampleInfo({ id, title: `run ${id}`, targets: Object.keys(outputs) }));
  run.apply(started(Object.keys(outputs)));
  for (const [node, text] of Object.entries(outputs)) {
    run.apply(wrote(node, text));
    run.apply(exited(node, 0));
  }
  return run;
}

async function* each(runs: readonly Run[], read: string[] = []): AsyncGenerator<Run, void> {
  for (const run of runs) {
    read.push(run.info.id);
    yield await Promise.resolve(run);
  }
}

async function search(
  runs: AsyncIterable<Run>,
  text: string,
  limits = DOCUMENT_LIMITS,
): Promise<{ found: RunHits[]; end: RunsSearchEnd }> {
  const results = searchRuns(runs, compileSearch({ text, regex: true }), limits);
  const found: RunHits[] = [];
  for (;;) {
    const { done, value } = await results.next();
    if (done) return { found, end: value };
    found.push(value);
  }
}

describe('search in several runs', () => {
  const first = runOf('1', { 'web-1': 'ok\nerror 7\n', 'web-2': 'ok\n' });
  const second = runOf('2', { 'web-1': 'ok\n' });
  const third = runOf('3', { 'db-1': 'error 12\nerror 13\n' });

  test('finds lines run by run, and counts runs and nodes with a hit', async () => {
    const { found, end } = await search(each([first, second, third]), 'error \\d+');
    assert.deepEqual(
      found.map(({ info, node, hits }) => [info.id, node, hits.map(({ line }) => line)]),
      [
        ['1', 'web-1', [2]],
        ['3', 'db-1', [1, 2]],
      ],
    );
    assert.deepEqual(end, { hits: 3, nodes: 2, runs: 2, truncated: false, cut: false });
  });

  test('stops at the limit for all runs together, and reads no further run', async () => {
    const read: string[] = [];
    const { found, end } = await search(each([first, third, second], read), 'error', {
      hits: 2,
      hitsPerNode: 10,
    });
    assert.deepEqual(
      found.map(({ hits }) => hits.length),
      [1, 1],
    );
    assert.equal(end.truncated, true);
    assert.deepEqual(read, ['1', '3']);
  });

  test('becomes a text with the run, the node, and the number of each line', async () => {
    const { found } = await search(each([first, third]), 'error');
    const lines = searchReport('3 lines in 2 runs.', found).split('\n');
    assert.equal(lines[0], '3 lines in 2 runs.');
    assert.match(lines[2] ?? '', /^run 1 · staging · /);
    assert.deepEqual(lines.slice(3, 5), ['  web-1', '    2: error 7']);
    assert.match(lines[6] ?? '', /^run 3 · /);
    assert.deepEqual(lines.slice(7), ['  db-1', '    1: error 12', '    2: error 13', '']);
  });
});
