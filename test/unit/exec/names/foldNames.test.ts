import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { foldedText, foldNames } from '../../../../src/base/fold/foldNames.ts';
import { KnownNodes } from '../../../../src/exec/targeting/names/knownNodes.ts';
import { readNames } from '../../../../src/exec/targeting/names/nameNotation.ts';
import { anyName, unfold } from './namesOfSets.ts';

describe('folded names', () => {
  for (const [names, folded] of [
    ['web01 web02 web03 web08', 'web[01-03,08]'],
    ['web1 web01 web2 web02 web10', 'web[1-2,01-02,10]'],
    ['web9 web08 web09 web10 web11', 'web[9,08-11]'],
    ['web-1.x.com web-2.x.com web-10.x.com', 'web-[1-2,10].x.com'],
    ['dc1n1 dc1n2 dc2n1 dc2n2 dc3n1', 'dc[1-2]n[1-2],dc3n1'],
    ['b2 a1 c', 'a1,b2,c'],
  ] as const) {
    test(folded, () => assert.equal(foldedText(names.split(' ')), folded));
  }

  test('a name with characters of the notation is in quotes', () => {
    assert.equal(
      foldedText(['node with space', 'a"b', 'web1']),
      String.raw`web1,"a\"b","node with space"`,
    );
  });

  test('unfolding is the inverse of folding', () => {
    fc.assert(
      fc.property(fc.array(anyName, { minLength: 1, maxLength: 40 }), (names) => {
        const terms = foldNames(names);
        assert.deepEqual(
          unfold(terms.map(({ text }) => text).join(',')).sort(),
          [...new Set(names)].sort(),
        );
        for (const { text, count } of terms) assert.equal(unfold(text).length, count);
      }),
      { numRuns: 10_000 },
    );
  });

  test('pasted back, folded names mean the same nodes of a catalog that has them', () => {
    const name = anyName.filter((text) => text.trim() === text && !/[\p{C}]/u.test(text));
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 20 }), (names) => {
        const read = readNames(foldedText(names), KnownNodes.named(names));
        assert.deepEqual(read?.names.toSorted(), names.toSorted());
      }),
      { numRuns: 1000, examples: [[['1', '[1', '00', 'web']]] },
    );
  });
});
