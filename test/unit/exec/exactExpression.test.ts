import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exactExpression, exactExpressions } from '../../../src/exec/targeting/exactExpression.ts';
import { compileRe2 } from '../../../src/exec/targeting/re2.ts';

const plainNames = fc
  .tuple(fc.constantFrom('web', 'db', 'web-eu', 'cache.prod'), fc.nat(120))
  .map(([stem, n]) => `${stem}-${n}`);
const hostileNames = fc.string({
  unit: fc.constantFrom(...Array.from('ab01-^]\\[.$*+?()|{}:&~#\t ノ💥é')),
  minLength: 1,
});
const pools = fc.oneof(
  fc.uniqueArray(plainNames, { minLength: 2, maxLength: 80 }),
  fc.uniqueArray(hostileNames, { minLength: 2, maxLength: 60 }),
  fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 }), { minLength: 2, maxLength: 30 }),
);

test('matches exactly the names, and no other of a larger set', () => {
  fc.assert(
    fc.property(pools, fc.infiniteStream(fc.boolean()), (pool, picks) => {
      const targets = new Set(pool.filter(() => picks.next().value));
      if (targets.size === 0) targets.add(pool[0]!);
      const match = compileRe2(exactExpression(targets));
      for (const name of pool) {
        assert.equal(match(name), targets.has(name), name);
        const longer = `${name}0`;
        if (!pool.includes(longer)) assert.equal(match(longer), false, longer);
      }
    }),
    { numRuns: 500 },
  );
});

test('distributes names over disjoint expressions within the limit', async () => {
  await fc.assert(
    fc.asyncProperty(pools, fc.integer({ min: 100, max: 330 }), async (names, maxBytes) => {
      const expressions = await exactExpressions(names, maxBytes);
      const matches = expressions.map(compileRe2);
      for (const name of names) {
        assert.equal(matches.filter((match) => match(name)).length, 1, name);
      }
      for (const expression of expressions) {
        const alone = matches.length === names.length;
        assert.ok(Buffer.byteLength(expression) <= maxBytes || alone, expression);
      }
    }),
    { numRuns: 300 },
  );
});

test('the order and repetition of names do not change what is matched', async () => {
  assert.deepEqual(
    await exactExpressions(['b', 'a', 'b'], 100),
    await exactExpressions(['a', 'b'], 100),
  );
});

test('common prefixes are written once, and ranges are short', () => {
  const names = Array.from({ length: 12 }, (_, i) => `web-${String(i + 1).padStart(2, '0')}`);
  assert.equal(exactExpression(names), '^web-(?:0[1-9]|1[0-2])$');
  assert.equal(exactExpression(['web', 'web1']), '^web1?$');
  assert.equal(exactExpression(['a.b']), '^a\\.b$');
});

test('no names, no expressions', async () => {
  assert.deepEqual(await exactExpressions([], 300), []);
});

for (const count of [1000, 10_000]) {
  test(
    `${count} names take well under ten seconds, and each is matched once`,
    { timeout: 10_000 },
    async () => {
      // Multiplication scatters the numbers, so that nothing compresses to one range.
      const names = Array.from(
        { length: count },
        (_, i) => `ip-10-${(i * 7919) % 65_521}.eu.example`,
      );
      const expressions = await exactExpressions(names, 326);
      assert.ok(expressions.every((text) => Buffer.byteLength(text) <= 326));
      const matched = expressions.map(compileRe2);
      for (let i = 0; i < count; i += count / 50) {
        assert.equal(matched.filter((match) => match(names[i]!)).length, 1);
      }
    },
  );
}
