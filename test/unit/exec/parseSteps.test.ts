import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSteps, StepsError } from '../../../src/exec/run/parseSteps.ts';

test('each number is the total after a step, and the remaining nodes run last', () => {
  assert.deepEqual(parseSteps('1', 12), [1, 11]);
  assert.deepEqual(parseSteps('1, 10%', 40), [1, 3, 36]);
  assert.deepEqual(parseSteps('1,10%,50%', 40), [1, 3, 16, 20]);
  assert.deepEqual(parseSteps('5 20 100%', 40), [5, 15, 20]);
  assert.deepEqual(parseSteps('', 12), [12]);
});

test('steps without new nodes are left out', () => {
  assert.deepEqual(parseSteps('1, 10%, 20%', 5), [1, 4]);
  assert.deepEqual(parseSteps('10, 5', 40), [10, 30]);
  assert.deepEqual(parseSteps('100', 12), [12]);
  assert.deepEqual(parseSteps('1, 100%', 1), [1]);
});

test('an invalid number is quoted in the error', () => {
  for (const word of ['0', '-1', 'one', '1.5', '0%', '%', '1e9']) {
    assert.throws(() => parseSteps(`1, ${word}`, 12), new RegExp(`"${word}" is not a valid step`));
  }
  assert.throws(() => parseSteps('101%', 12), new StepsError('"101%" is more than all nodes.'));
});

test('all nodes run, each in one step', () => {
  const word = fc.oneof(
    fc.integer({ min: 1, max: 20_000 }).map(String),
    fc.integer({ min: 1, max: 100 }).map((n) => `${n}%`),
  );
  fc.assert(
    fc.property(fc.array(word), fc.integer({ min: 1, max: 10_000 }), (words, count) => {
      const sizes = parseSteps(words.join(', '), count);
      assert.equal(
        sizes.reduce((sum, size) => sum + size, 0),
        count,
      );
      assert.ok(sizes.every((size) => size > 0));
    }),
  );
});
