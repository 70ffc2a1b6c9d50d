import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { joinNames } from '../../../src/base/joinNames.ts';

describe('names in a sentence', () => {
  const numbered = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${prefix}${String(i + 1).padStart(2, '0')}`);

  for (const [names, text] of [
    [['b', 'a', 'web-01', 'web-02'], 'b, a, web-01, web-02'],
    [numbered('web-', 8), 'web-[01-08]'],
    [[...numbered('web-', 8), 'db1', 'a\u202eb'], 'a\ufffdb, db1, web-[01-08]'],
    ['g f e d c b a'.split(' '), 'g, f, e, d, c and 2 more'],
    [[...'a b c d e f'.split(' '), ...numbered('web-', 3)], 'a, b, c, d, e and 4 more'],
    [[...numbered('a', 3), ...'u v w x y z'.split(' ')], 'a[01-03], u, v, w, x and 2 more'],
  ] as const) {
    test(text, () => assert.equal(joinNames(names), text));
  }
});
