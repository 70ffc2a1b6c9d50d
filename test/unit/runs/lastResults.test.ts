import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KnownRun, lastResults } from '../../../src/runs/lastResults.ts';
import type { NodeStatus } from '../../../src/runs/model/nodeStatus.ts';
import { sampleInfo } from './sampleRun.ts';

const going = new AbortController().signal;

function run(title: string, targets: string[], status?: NodeStatus, more = {}): KnownRun {
  return { info: sampleInfo({ title, targets, ...more }), statusOf: () => status };
}

test('the latest run of a node counts, on its connection and in its datacenter', async () => {
  const both = { datacenters: ['dc1', 'dc2'] };
  const results = await lastResults(
    [
      run('elsewhere', ['a'], 'failed', { connection: 'other' }),
      run('latest', ['a', 'b'], 'ok'),
      run('both', ['b@dc1', 'c@dc2', 'a@b@dc2'], undefined, both),
      run('first', ['a', 'c'], 'failed'),
    ],
    'staging',
    going,
  );
  const known = [...results].map(([label, { info, status }]) => [label, info.title, status]);
  assert.deepEqual(known, [
    ['a@dc1', 'latest', 'ok'],
    ['b@dc1', 'latest', 'ok'],
    ['c@dc2', 'both', undefined],
    ['a@b@dc2', 'both', undefined],
    ['c@dc1', 'first', 'failed'],
  ]);
});

test('it stops when nobody looks any more', async () => {
  const results = await lastResults([run('one', ['a'], 'ok')], 'staging', AbortSignal.abort());
  assert.equal(results.size, 0);
});
