/** Characters that look like a space, or like nothing, and that no shell takes for one. */
const LOOK_ALIKE = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000\u3164\uffa0]/g;

/** Shown instead of a look-alike space. */
const SPACE_MARK = '\u2423';

/** A look-alike space in a text. */
export interface LookAlikeSpaces {
  readonly count: number;
  /** Where the first one is, from 1. */
  readonly line: number;
  /** `U+00A0`, of the first one. */
  readonly code: string;
}

/** @returns undefined if the text has none */
export function findLookAlikeSpaces(text: string): LookAlikeSpaces | undefined {
  const found = [...text.matchAll(LOOK_ALIKE)];
  const [first] = found;
  if (!first) return undefined;
  const hex = first[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  const line = text.slice(0, first.index).split('\n').length;
  return { count: found.length, line, code: `U+${hex}` };
}

/** Replaces look-alike spaces by a visible mark. */
export function markLookAlikeSpaces(text: string): string {
  return text.replace(LOOK_ALIKE, SPACE_MARK);
}
