import { shorten } from '../../../base/shorten.ts';
import type { ParameterValue } from './parameter.ts';

/** Characters that are invisible, change the direction of text, or look like a space. */
const HIDDEN = /(?! )[\p{C}\p{Z}]/gu;

const MAX_LENGTH = 120;

/** `version = 1.3`: a value can't imitate other text. */
export function valueLabel({ name, value }: ParameterValue): string {
  return `${name} = ${shorten(visibleValue(value), MAX_LENGTH)}`;
}

/** The value as it is if all of it is visible, else as a string with escapes. */
export function visibleValue(value: string): string {
  const isPlain = value !== '' && value.trim() === value && !/["\\]| {2}/.test(value);
  if (isPlain && value.search(HIDDEN) === -1) return value;
  return JSON.stringify(value).replace(
    HIDDEN,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
