import { ESCAPES } from './escapes.ts';
import { drawLine, movesCursor } from './screenLine.ts';

/**
 * Control characters that a line of text must not have: C0 and C1 except the tab, line separators, and
 * marks that change the direction of writing.
 */
const CONTROLS =
  // eslint-disable-next-line no-control-regex -- controls are just what is looked for
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A line without any of these characters is displayed unchanged. */
const NEEDS_CLEANING =
  // eslint-disable-next-line no-control-regex -- controls are just what is looked for
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/**
 * A line of output for display: without escape sequences and control characters. Of a progress display
 * that redraws itself with carriage returns, backspaces or cursor movement, only the last state remains.
 */
export function displayLine(line: string): string {
  if (!NEEDS_CLEANING.test(line)) return line;
  if (movesCursor(line)) {
    const { cells } = drawLine(line, undefined, () => undefined);
    return literalLine(cells.map(({ text }) => text).join(''));
  }
  const plain = line.replace(ESCAPES, '');
  const { start, end } = drawnPart(plain);
  return literalLine(plain.slice(start, end));
}

/** A line of a script for display: nothing in it can hide other text. */
export function literalLine(line: string): string {
  return line.replace(CONTROLS, '\ufffd');
}

/** The visible part of a line without escapes: the text after the last carriage return. */
export function drawnPart(plain: string): { readonly start: number; readonly end: number } {
  let end = plain.length;
  while (end > 0 && plain[end - 1] === '\r') end--;
  return { start: plain.lastIndexOf('\r', end - 1) + 1, end };
}
