import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headerLine } from '../../../src/runs/documents/channelText.ts';
import {
  clockLabel,
  exactTimeLabel,
  fullTimeLabel,
  isoTime,
  sortableMinute,
  timeLabel,
} from '../../../src/runs/text/time.ts';
import { Run } from '../../../src/runs/run.ts';
import { sampleInfo } from './sampleRun.ts';

const DAY = 24 * 60 * 60 * 1000;
const now = new Date(2026, 4, 17, 14, 2, 11).getTime();

test('a time of today is the time of day, and to the second when it is exact', () => {
  assert.match(timeLabel(now, now), /^\D*\d{1,2}:02\D*$/);
  assert.match(exactTimeLabel(now, now), /^\D*\d{1,2}:02:11\D*$/);
});

test('a time of another day has the date', () => {
  assert.match(timeLabel(now - DAY, now), /16/);
  assert.notEqual(exactTimeLabel(now - DAY, now), exactTimeLabel(now, now));
});

test("the header of a run's channel has the date once the run is not from today", () => {
  const header = (createdAt: number) => headerLine(new Run(sampleInfo({ createdAt })));
  const today = Date.now();
  const before = today - DAY;
  assert.ok(header(before).includes(exactTimeLabel(before)));
  assert.notEqual(header(before), header(today));
});

test('a full time has the date, the year and the seconds', () => {
  assert.equal(fullTimeLabel(now), new Date(now).toLocaleString());
});

test('a clock has the time of day alone', () => {
  assert.equal(clockLabel(now), new Date(now).toLocaleTimeString());
});

test('a sortable minute is in local time, and an exported time in UTC', () => {
  assert.deepEqual(sortableMinute(now), { day: '2026-05-17', hour: '14', minute: '02' });
  assert.equal(isoTime(0), '1970-01-01T00:00:00.000Z');
});
