import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { foldedText, foldNames } from '../../../../src/base/fold/foldNames.ts';
import { numberedName, plainName, unfold } from './namesOfSets.ts';

/** Debian's package `clustershell`: a tool for development only. */
function nodeset(...args: readonly string[]): string {
  return execFileSync('nodeset', args, { encoding: 'utf8' }).trim();
}

function isInstalled(): boolean {
  try {
    return nodeset('--version').startsWith('nodeset ');
  } catch {
    return false;
  }
}

const SETS = 400;
const EXPRESSIONS = [
  'web[01-20/2],db[1-3,7]',
  'web[08-11]',
  'web[0-10/3]',
  'web[099-101,7]x[1-2]',
  'web[1-3]4',
  'web[ 1 - 3 ]',
  'web[1-5]!web3',
  'web[1-5] ! web[2-3] , web9',
  'web[1-5],db1!web3,web3',
  'web[1-5]&web[3-9]^web4',
  'a[1-4]b[01-03]!a2b[01-02]&a[1-2]b[01-03]',
  'a,a^a',
  'web[18446744073709551615-18446744073709551617]',
  'a b c',
];

describe(
  'node sets mean what they mean to ClusterShell',
  {
    skip: isInstalled() ? false : 'install the Debian package clustershell to compare with nodeset',
  },
  () => {
    for (const text of EXPRESSIONS) {
      test(`${text} unfolds as with nodeset -e`, () => {
        const names = nodeset('-e', text).split(' ').filter(Boolean);
        assert.deepEqual(unfold(text).sort(), names.sort());
      });
    }

    test('names with one number fold to the same text as with nodeset -f', () => {
      const sets = prefixed(
        fc.sample(fc.array(numberedName, { minLength: 1, maxLength: 30 }), SETS),
      );
      const terms = nodeset('-f', ...sets.flat()).split(/,(?![^[]*\])/);
      assert.deepEqual(
        foldNames(sets.flat())
          .map(({ text }) => text)
          .sort(),
        terms.sort(),
      );
    });

    test('names with several numbers fold to a text that means the same to both', () => {
      const sets = prefixed(
        fc.sample(fc.array(plainName, { minLength: 1, maxLength: 30 }), SETS / 4),
      );
      const names = [...new Set(sets.flat())].sort();
      assert.deepEqual(nodeset('-e', foldedText(names)).split(' ').sort(), names);
      assert.deepEqual(unfold(nodeset('-f', ...names)).sort(), names);
    });
  },
);

/** Makes the names of each set different from those of the others, so that one process folds them all. */
function prefixed(sets: readonly (readonly string[])[]): string[][] {
  return sets.map((names, i) => names.map((name) => `${letters(i)}-${name}`));
}

function letters(index: number): string {
  return Array.from(String(index), (digit) => 'abcdefghij'.charAt(Number(digit))).join('');
}
