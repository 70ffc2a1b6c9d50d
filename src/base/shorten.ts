/**
 * Limits the length of a text. A shortened text ends in an ellipsis and contains no half characters.
 * @param maxLength in UTF-16 code units
 */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
