import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bisect } from '../../../src/base/bisect.ts';

test('bisect finds the first integer that meets the condition, and the end of the range if none does', () => {
  fc.assert(
    fc.property(fc.nat(100), fc.nat(100), fc.nat(200), (low, length, first) => {
      const high = low + length;
      const found = bisect(low, high, (value) => value >= first);
      assert.equal(found, Math.min(high, Math.max(low, first)));
    }),
  );
});
