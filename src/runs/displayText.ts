// Rooms below show names as well.
export { displayName } from '../exec/displayName.ts';

/**
 * Controls that have no place in a line of text: C0 and C1 but for the tab, the separators that break
 * lines, and the marks that turn the direction of writing.
 */
const CONTROLS =
  // eslint-disable-next-line no-control-regex -- controls are just what is looked for
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Terminal escapes (ECMA-48): control sequences; strings such as titles and links, up to their end;
 * all others. Node's `stripVTControlCharacters` takes time by the square of a line's length for
 * strings that do not end: minutes for a hostile megabyte. Here no two attempts read the same text.
 */
export const ESCAPES =
  // eslint-disable-next-line no-control-regex -- escapes begin with controls
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g;

/** Nothing in a line without one of these is shown otherwise than it stands. */
const UNUSUAL =
  // eslint-disable-next-line no-control-regex -- controls are just what is looked for
  /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

/**
 * A line of output as it is shown: no escape sequences, no controls; of a progress bar drawn over
 * itself with carriage returns, the last state.
 */
export function displayLine(line: string): string {
  if (!UNUSUAL.test(line)) return line;
  const plain = line.replace(ESCAPES, '');
  const { start, end } = drawnPart(plain);
  return plain.slice(start, end).replace(CONTROLS, '\ufffd');
}

/** Which part of a line without escapes is left to be seen: the last that a return has not begun anew. */
export function drawnPart(plain: string): { readonly start: number; readonly end: number } {
  let end = plain.length;
  while (end > 0 && plain[end - 1] === '\r') end--;
  return { start: plain.lastIndexOf('\r', end - 1) + 1, end };
}
