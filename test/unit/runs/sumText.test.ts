import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Counts } from '../../../src/runs/model/ledger.ts';
import { describeSum } from '../../../src/runs/text/sumText.ts';

const NONE: Counts = {
  failed: 0,
  lost: 0,
  unknown: 0,
  noResponse: 0,
  running: 0,
  waiting: 0,
  ok: 0,
};

test('the counts of steps are added up, problems first', () => {
  const steps = [
    { counts: { ...NONE, ok: 1 }, end: 'complete' },
    { counts: { ...NONE, failed: 1, noResponse: 2, ok: 3 }, end: 'complete' },
    { counts: { ...NONE, lost: 1, ok: 8 }, end: 'quiet' },
  ] as const;
  assert.equal(describeSum(steps, false), '1 failed · 1 lost · 2 no response · 12 ok');
});

test('while a step runs, the sum says how many nodes of all started steps are done', () => {
  const steps = [
    { counts: { ...NONE, failed: 1, ok: 1 }, end: 'complete' },
    { counts: { ...NONE, ok: 2, running: 3, waiting: 1 }, end: undefined },
  ] as const;
  assert.equal(describeSum(steps, true), '1 failed · 4 of 8 done · 3 running · 1 waiting');
});

test('nodes of a stopped step are not lost, those of another step are', () => {
  const steps = [
    { counts: { ...NONE, lost: 1, ok: 1 }, end: 'complete' },
    { counts: { ...NONE, lost: 2, noResponse: 1 }, end: 'stopped' },
    { counts: { ...NONE, noResponse: 4 }, end: 'unreachable' },
  ] as const;
  assert.equal(
    describeSum(steps, false),
    "stopped · lost contact with Consul · 1 lost · 2 may still be running · 4 no response · 1 didn't begin · 1 ok",
  );
});

test('steps whose results only another window knows have no sum', () => {
  assert.equal(describeSum([], false), '');
});
