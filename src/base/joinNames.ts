import { t } from '@vscode/l10n';
import { displayName } from './displayName.ts';
import { foldNames } from './fold/foldNames.ts';

/** Folding takes about a millisecond for each hundred names. */
const MAX_FOLDED = 2000;

/**
 * Names for a sentence, each shown safely: `web-01, web-02`. Names beyond the limit are folded, which
 * shows more of them: `db1, web-[01-20], x7 and 3 more`.
 * @param limit how many names, or folded names, to show at most
 */
export function joinNames(names: readonly string[], limit = 5): string {
  if (names.length <= limit) return names.map(displayName).join(', ');
  const terms = names.length <= MAX_FOLDED ? foldNames(names) : [];
  const isShorter = terms.length > 0 && terms.length < new Set(names).size;
  const shown = isShorter ? terms.slice(0, limit) : names.slice(0, limit).map(asTerm);
  const more =
    (isShorter ? new Set(names).size : names.length) -
    shown.reduce((sum, { count }) => sum + count, 0);
  const text = shown.map(({ text }) => displayName(text)).join(', ');
  return more > 0 ? t('{0} and {1} more', text, more) : text;
}

function asTerm(text: string): { readonly text: string; readonly count: number } {
  return { text, count: 1 };
}
