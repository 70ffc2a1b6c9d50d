/** A text of at most so many UTF-16 units; one that is cut ends in an ellipsis, and in no half character. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
