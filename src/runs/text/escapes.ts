/**
 * Terminal escapes (ECMA-48): control sequences; strings, for example titles and links, up to their
 * end; all others. For strings without an end, Node's `stripVTControlCharacters` takes time by the
 * square of a line's length: minutes for a hostile megabyte. This expression never reads text twice.
 */
export const ESCAPES =
  // eslint-disable-next-line no-control-regex -- escapes begin with controls
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u0090\u0098\u009d-\u009f])[^\u0007\u001b\u0090\u0098\u009c-\u009f]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g;
