import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { mergeSequences } from '../../../src/base/mergeSequences.ts';

async function* paced(values: readonly number[], turns: readonly number[], fails: boolean) {
  for (const [i, value] of values.entries()) {
    for (let turn = 0; turn < (turns[i] ?? 0); turn++) await Promise.resolve();
    yield value;
  }
  if (fails) throw new Error('over');
}

describe('merging sequences', () => {
  test('gives every value of every sequence once, each in its own order, and each failure', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            values: fc.array(fc.integer()),
            turns: fc.array(fc.nat(5)),
            fails: fc.boolean(),
          }),
          { maxLength: 5 },
        ),
        async (plans) => {
          const given = plans.map((): unknown[] => []);
          const sources = plans.map(({ values, turns, fails }, i) => ({
            i,
            values: paced(values, turns, fails),
          }));
          for await (const { source, result } of mergeSequences(sources, (s) => s.values)) {
            given[source.i]?.push(result.failed ? 'failed' : result.value);
          }
          const expected = plans.map(({ values, fails }) => [
            ...values,
            ...(fails ? ['failed'] : []),
          ]);
          assert.deepEqual(given, expected);
        },
      ),
    ));

  test('does not let one that always has something starve another', async () => {
    const endless = {
      next: () => Promise.resolve({ done: false as const, value: 'a' }),
    };
    const once = (async function* () {
      await Promise.resolve();
      yield 'b';
    })();
    let seen = 0;
    for await (const { result } of mergeSequences([endless, once], (s) => s)) {
      if (!result.failed && result.value === 'b') break;
      assert.ok(++seen < 100);
    }
  });
});
