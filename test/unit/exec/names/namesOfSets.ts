import fc from 'fast-check';
import { KnownNodes } from '../../../../src/exec/targeting/names/knownNodes.ts';
import { expandNodeSet, parseNodeSet } from '../../../../src/exec/targeting/names/nodeSet.ts';

/** The names that a node set stands for, without a catalog. */
export function unfold(text: string): string[] {
  return [...expandNodeSet(parseNodeSet(text), KnownNodes.named([])).names];
}

const digits = fc.oneof(
  fc.integer({ min: 0, max: 30 }).map(String),
  fc.integer({ min: 0, max: 30 }).map((n) => String(n).padStart(2, '0')),
  fc.integer({ min: 90, max: 110 }).map((n) => String(n).padStart(3, '0')),
);
const text = fc.constantFrom('web', 'db-', 'eu.', 'x', '_', 'é');

/** Names with one number. */
export const numberedName = fc
  .tuple(fc.constantFrom('web', 'db-', 'cache_'), digits, fc.constantFrom('', '.example.com', 'n'))
  .map((parts) => parts.join(''));

/** Names with any number of numbers, in any place. */
export const plainName = fc
  .array(fc.tuple(fc.option(text, { nil: '' }), fc.option(digits, { nil: '' })), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => parts.flat().join(''))
  .filter((name) => name !== '');

/** Also names with everything that the notation uses. */
export const anyName = fc.oneof(
  { weight: 4, arbitrary: plainName },
  fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' }),
  fc.string({
    minLength: 1,
    maxLength: 8,
    unit: fc.constantFrom(
      'a',
      '1',
      '0',
      '[',
      ']',
      ',',
      ' ',
      '!',
      '&',
      '^',
      '-',
      '"',
      '\\',
      '*',
      '@',
    ),
  }),
);
