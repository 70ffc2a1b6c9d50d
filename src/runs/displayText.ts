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
const ESCAPES =
  // eslint-disable-next-line no-control-regex -- escapes begin with controls
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g;

/**
 * A line of output as it is shown: no escape sequences, no controls; of a progress bar drawn over
 * itself with carriage returns, the last state.
 */
export function displayLine(line: string): string {
  const plain = line.replace(ESCAPES, '');
  const drawn = plain.includes('\r')
    ? (plain.split('\r').findLast((part) => part !== '') ?? '')
    : plain;
  return drawn.replace(CONTROLS, '\ufffd');
}
