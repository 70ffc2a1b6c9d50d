import type { Hit } from './searchOutputs.ts';

/** Characters of a line that are shown in a list. */
const MAX_EXCERPT_LENGTH = 160;
/** Characters to show before a match that would otherwise be beyond the excerpt. */
const CONTEXT_BEFORE_MATCH = 20;

/** The part of a line that shows its first match, without leading space. */
export function hitExcerpt({ text, matches }: Pick<Hit, 'text' | 'matches'>): string {
  const { column = 0, length = 0 } = matches[0] ?? {};
  const isVisible = column + length <= MAX_EXCERPT_LENGTH;
  const start = isVisible ? 0 : Math.max(0, column - CONTEXT_BEFORE_MATCH);
  const end = start + MAX_EXCERPT_LENGTH;
  const part = text.slice(start, end).toWellFormed();
  return `${start > 0 ? '…' : ''}${part.trimStart()}${end < text.length ? '…' : ''}`;
}
