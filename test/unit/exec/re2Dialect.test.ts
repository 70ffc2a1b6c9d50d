import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { compileRe2, FilterSyntaxError } from '../../../src/exec/targeting/re2.ts';

describe('expressions that our RE2 port accepts but agents refuse', () => {
  for (const expression of [
    '(?<n>a)',
    'x(?<n>a)',
    '[]a](?<n>a)',
    '[[:alpha:]](?<n>a)',
    '\\Qa\\E(?<n>a)',
    '\\p{LC}',
    '[\\p{Cn}]',
    '\\P{Emoji}',
    '\\p{^Alphabetic}',
    '\\p{ASCII_Hex_Digit}',
    '[^\\P{Terminal_Punctuation}]',
    '\\p{Yezidi}',
    // Go 1.25 and later refuse these.
    '\\p{Old_Turkic}',
    '\\P{^SignWriting}',
  ]) {
    test(`${expression} is refused`, () => {
      assert.throws(() => compileRe2(expression), FilterSyntaxError);
    });
  }
  for (const [expression, name] of [
    ['(?P<n>a)', 'a'],
    ['\\(\\?<n>a', '(?<n>a'],
    ['[(?<n>]+', '(?<n>'],
    ['\\Q(?<n>a)\\E', '(?<n>a)'],
    ['\\Q(?<n>a)', '(?<n>a)'],
    ['\\\\p{1}', '\\p'],
    ['\\p{Lu}\\p{Greek}', 'AΩ'],
    ['\\pL\\p{^Greek}\\p{Any}', 'aaa'],
    ['[^]](a)', 'xa'],
    ['[[:digit:](?<]+', '(?<1'],
  ] as const) {
    test(`${expression} matches ${name}`, () => {
      assert.ok(compileRe2(expression)(name));
    });
  }
});
