import assert from 'node:assert/strict';
import { test } from 'node:test';
import { earlierRun } from '../../../src/runs/earlierRun.ts';
import type { RunInfo } from '../../../src/runs/run.ts';
import { sampleInfo, T0 } from './sampleRun.ts';

const run = (id: string, minutes: number, more: Partial<RunInfo> = {}) => ({
  info: sampleInfo({ id, createdAt: T0 + minutes * 60_000, ...more }),
});
const now = run('now', 10);

test('the earlier run is the last one before of the same job at the same place', () => {
  const all = [
    run('later', 11),
    now,
    run('other job', 9, { job: { kind: 'command', text: '#!/bin/sh\nuptime; df -h /\n' } }),
    run('other place', 8, { datacenter: 'dc2' }),
    run('other connection', 7, { connection: 'production' }),
    run('older', 3),
    run('before', 5, { title: 'renamed' }),
  ];
  assert.equal(earlierRun(all, now.info)?.info.id, 'before');
  assert.equal(earlierRun([now, run('later', 11)], now.info), undefined);
});

test('the order in which datacenters were chosen does not matter', () => {
  const before = run('before', 5, { datacenter: 'dc2, dc1' });
  const both = run('both', 9, { datacenter: 'dc1, dc2' }).info;
  assert.equal(earlierRun([run('one', 6), before], both), before);
});

test('for a node it is one in which that node took part', () => {
  const all = [now, run('without', 5, { targets: ['web-2'] }), run('with', 3)];
  assert.equal(earlierRun(all, now.info, 'web-1')?.info.id, 'with');
});

test('argument vectors are the same only part by part', () => {
  const vector = (...args: string[]) => ({ job: { kind: 'arguments', args } as const });
  const before = run('before', 5, vector('a b'));
  assert.equal(earlierRun([before], run('now', 9, vector('a', 'b')).info), undefined);
  assert.equal(earlierRun([before], run('now', 9, vector('a b')).info), before);
});
