import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerLine } from '../../../src/runs/channelText.ts';
import { describeTime } from '../../../src/runs/describeTime.ts';
import { Run } from '../../../src/runs/run.ts';
import { sampleInfo } from './sampleRun.ts';

const DAY = 24 * 60 * 60 * 1000;
const now = new Date(2026, 4, 17, 14, 2, 11).getTime();

test('a time of today is the time of day, to the second when it must be exact', () => {
  assert.match(describeTime(now, false, now), /^\D*\d{1,2}:02\D*$/);
  assert.match(describeTime(now, true, now), /^\D*\d{1,2}:02:11\D*$/);
});

test('a time of another day tells the date too', () => {
  assert.match(describeTime(now - DAY, false, now), /16/);
  assert.notEqual(describeTime(now - DAY, true, now), describeTime(now, true, now));
});

test('the header of a run’s channel tells the date once the run is not of today', () => {
  const header = (createdAt: number) => headerLine(new Run(sampleInfo({ createdAt })));
  const today = Date.now();
  const before = today - DAY;
  assert.ok(header(before).includes(describeTime(before, true)));
  assert.notEqual(header(before), header(today));
});
