import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hitExcerpt } from '../../../src/runs/search/hitExcerpt.ts';

const at = (text: string, column: number, length: number) =>
  hitExcerpt({ text, matches: [{ column, length }] });

test('a short line is shown whole, without the space it begins with', () => {
  assert.equal(at('\t  disk is full ', 11, 4), 'disk is full ');
});

test('a match far along a line is in sight, and what is left out is marked', () => {
  const excerpt = at(`${'a'.repeat(5000)}needle${'b'.repeat(5000)}`, 5000, 6);
  assert.match(excerpt, /^…a{20}needleb+…$/);
  assert.ok(excerpt.length <= 162);
});

test('whatever the line, a match that fits is in the excerpt, which is well-formed', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.stringMatching(/^[a-z]{1,20}$/),
      fc.string({ unit: 'binary', maxLength: 400 }),
      (before, match, after) => {
        const excerpt = at(before + match + after, before.length, match.length);
        assert.ok(excerpt.includes(match));
        assert.ok(excerpt.isWellFormed());
        assert.ok(excerpt.length <= 162);
      },
    ),
  );
});
