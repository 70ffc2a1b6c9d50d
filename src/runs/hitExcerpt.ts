import type { Hit } from './search.ts';

/** Characters of a line that tell it apart in a list. */
const LONGEST = 160;
/** Characters kept before a match that would be out of sight. */
const BEFORE = 20;

/** The part of a line that shows its first match, without the space it begins with. */
export function hitExcerpt({ text, matches }: Pick<Hit, 'text' | 'matches'>): string {
  const { column = 0, length = 0 } = matches[0] ?? {};
  const isInSight = column + length <= LONGEST;
  const start = isInSight ? 0 : Math.max(0, column - BEFORE);
  const end = start + LONGEST;
  const part = text.slice(start, end).toWellFormed();
  return `${start > 0 ? '…' : ''}${part.trimStart()}${end < text.length ? '…' : ''}`;
}
