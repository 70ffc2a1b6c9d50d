import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { chooseExpired } from '../../../../src/runs/history/retention.ts';

const DAY = 24 * 3600_000;
const run = fc.record({
  createdAt: fc.nat(100).map((days) => days * DAY),
  bytes: fc.nat(1000),
  isProtected: fc.boolean(),
});

describe('what is kept of the history', () => {
  test('is everything, without limits', () => {
    assert.deepEqual(
      chooseExpired([{ createdAt: 0, bytes: 1e12, isProtected: false }], {}, DAY),
      [],
    );
  });

  test('is what is young enough', () => {
    const runs = [1, 5, 9].map((day) => ({ createdAt: day * DAY, bytes: 1, isProtected: false }));
    assert.deepEqual(chooseExpired(runs, { ageMs: 5 * DAY }, 10 * DAY), [runs[0]]);
  });

  test('is the last run, however large', () => {
    const runs = [1, 2].map((day) => ({ createdAt: day, bytes: 1000, isProtected: false }));
    assert.deepEqual(chooseExpired(runs, { bytes: 10 }, DAY), [runs[0]]);
  });

  test('is no longer what was removed, as soon as anything would have to go', () => {
    const at = (day: number, isRemoved = false) => {
      return { createdAt: day * DAY, bytes: 1, isProtected: false, isRemoved };
    };
    const runs = [at(1), at(2), at(3, true), at(4)];
    assert.deepEqual(chooseExpired(runs, { runs: 4 }, 5 * DAY), []);
    assert.deepEqual(chooseExpired(runs, { runs: 3 }, 5 * DAY), [runs[2]]);
    assert.deepEqual(chooseExpired(runs, { runs: 2 }, 5 * DAY), [runs[2], runs[0]]);
  });

  test('never lacks what is held, nor anything younger than what stays, nor goes beyond the limits', () => {
    fc.assert(
      fc.property(
        fc.array(run),
        fc.nat(10),
        fc.nat(5000),
        fc.nat(100),
        (runs, most, mostBytes, days) => {
          const limits = { runs: most, bytes: mostBytes, ageMs: days * DAY };
          const now = 100 * DAY;
          const expired = new Set(chooseExpired(runs, limits, now));
          const kept = runs.filter((each) => !expired.has(each));
          const free = kept.filter(({ isProtected }) => !isProtected);
          for (const each of expired) {
            assert.ok(!each.isProtected);
            for (const other of free) assert.ok(other.createdAt >= each.createdAt);
          }
          for (const each of free) assert.ok(now - each.createdAt <= limits.ageMs);
          if (free.length > 1) {
            assert.ok(kept.length <= most);
            assert.ok(kept.reduce((sum, { bytes }) => sum + bytes, 0) <= mostBytes);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
