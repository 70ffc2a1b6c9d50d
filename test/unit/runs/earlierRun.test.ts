import assert from 'node:assert/strict';
import { test } from 'node:test';
import { earlierRun } from '../../../src/runs/earlierRun.ts';
import { decodeRecord, encodeRecord, toInfo, toRecord } from '../../../src/runs/history/record.ts';
import type { RunInfo } from '../../../src/runs/run.ts';
import { sampleInfo, T0 } from './sampleRun.ts';

const run = (id: string, minutes: number, more: Partial<RunInfo> = {}) => ({
  info: sampleInfo({ id, createdAt: T0 + minutes * 60_000, ...more }),
});
const now = run('now', 10);

test('the earlier run is the latest one before with the same job and location', () => {
  const all = [
    run('later', 11),
    now,
    run('other job', 9, { job: { kind: 'command', text: '#!/bin/sh\nuptime; df -h /\n' } }),
    run('other place', 8, { datacenters: ['dc2'] }),
    run('other connection', 7, { connection: 'production' }),
    run('older', 3),
    run('before', 5, { title: 'renamed' }),
  ];
  assert.equal(earlierRun(all, now.info)?.info.id, 'before');
  assert.equal(earlierRun([now, run('later', 11)], now.info), undefined);
});

test('the order in which datacenters were selected does not matter', () => {
  const before = run('before', 5, { datacenters: ['dc2', 'dc1'] });
  const both = run('both', 9, { datacenters: ['dc1', 'dc2'] }).info;
  assert.equal(earlierRun([run('one', 6), before], both), before);
});

test('for a node it is a run with that node as a target', () => {
  const all = [now, run('without', 5, { targets: ['web-2'] }), run('with', 3)];
  assert.equal(earlierRun(all, now.info, 'web-1')?.info.id, 'with');
});

test('argument vectors are the same only part by part', () => {
  const vector = (...args: string[]) => ({ job: { kind: 'arguments', args } as const });
  const before = run('before', 5, vector('a b'));
  assert.equal(earlierRun([before], run('now', 9, vector('a', 'b')).info), undefined);
  assert.equal(earlierRun([before], run('now', 9, vector('a b')).info), before);
});

test('scripts with the same text are not the same if the nodes receive other bytes', () => {
  const script = (bytes?: string) => ({
    job: { kind: 'script', text: 'caf\ufffd', ...(bytes === undefined ? {} : { bytes }) } as const,
  });
  const before = run('before', 5, script('Y2Fm6Q=='));
  assert.equal(earlierRun([before], run('now', 9, script()).info), undefined);
  assert.equal(earlierRun([before], run('now', 9, script('Y2Fm6A==')).info), undefined);
  assert.equal(earlierRun([before], run('now', 9, script('Y2Fm6Q==')).info), before);
});

test('the record of a run has the bytes of its script', () => {
  const job = { kind: 'script', text: 'caf\ufffd', bytes: 'Y2Fm6Q==' } as const;
  const record = decodeRecord(encodeRecord(toRecord(sampleInfo({ job }))));
  assert.deepEqual(toInfo(record).job, job);
});
