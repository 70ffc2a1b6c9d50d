import { t } from '@vscode/l10n';
import { RE2JS } from 're2js';
import { compileExpression } from '../../base/compileExpression.ts';
import { escapeRegExp } from '../../base/escapeRegExp.ts';

export interface SearchQuery {
  readonly text: string;
  /** The text is a regular expression: RE2, as in Consul, which takes linear time for every expression. */
  readonly regex?: boolean | undefined;
  readonly matchCase?: boolean | undefined;
  readonly wholeWord?: boolean | undefined;
}

/** An invalid search. */
export class SearchError extends Error {
  override readonly name = 'SearchError';
}

export interface LineMatch {
  /** From 0, in UTF-16 units as the editor counts. */
  readonly column: number;
  readonly length: number;
}

export interface LineMatcher {
  /**
   * Finds the matches in a line, up to a limit. An empty match counts only if the line has no other.
   */
  readonly find: (line: string) => readonly LineMatch[];
  /** How many characters of a line it searches. */
  readonly reach: number;
}

const MAX_MATCHES_PER_LINE = 100;
/** The time for an expression is linear in the line's length, but much longer than for plain text. */
const MAX_EXPRESSION_REACH = 100_000;

/** Word characters in every script: otherwise `ber` would be a whole word in `über`. */
const WORD_CHARACTERS = '\\p{L}\\p{N}_';

/** @throws SearchError for an empty text or an invalid expression */
export function compileSearch(query: SearchQuery): LineMatcher {
  if (query.text === '') {
    throw new SearchError(t('Enter text to search for.'));
  }
  return query.regex ? expressionMatcher(query) : textMatcher(query);
}

function textMatcher({ text, matchCase, wholeWord }: SearchQuery): LineMatcher {
  const source = escapeRegExp(text);
  const expression = new RegExp(
    wholeWord ? `(?<![${WORD_CHARACTERS}])${source}(?![${WORD_CHARACTERS}])` : source,
    matchCase ? 'gu' : 'giu',
  );
  return {
    reach: Number.POSITIVE_INFINITY,
    find: (line) => {
      const matches: LineMatch[] = [];
      for (const { index, 0: found } of line.matchAll(expression)) {
        matches.push({ column: index, length: found.length });
        if (matches.length === MAX_MATCHES_PER_LINE) break;
      }
      return matches;
    },
  };
}

function expressionMatcher({ text, matchCase, wholeWord }: SearchQuery): LineMatcher {
  const flags = matchCase ? 0 : RE2JS.CASE_INSENSITIVE;
  // Compile it alone first: inside parentheses, an unbalanced one might be valid.
  const plain = compileExpression(text, SearchError, flags);
  const expression = wholeWord
    ? compileExpression(
        `(?:^|[^${WORD_CHARACTERS}])(${text})(?:$|[^${WORD_CHARACTERS}])`,
        SearchError,
        flags,
      )
    : plain;
  const group = wholeWord ? 1 : 0;
  return {
    reach: MAX_EXPRESSION_REACH,
    find: (whole) => {
      const line = whole.slice(0, MAX_EXPRESSION_REACH);
      // Much faster than finding the positions.
      if (!expression.test(line)) return [];
      const matcher = expression.matcher(line);
      const matches: LineMatch[] = [];
      let empty: LineMatch | undefined;
      for (let from = 0; from <= line.length && matcher.find(from);) {
        const column = matcher.start(group);
        const length = matcher.end(group) - column;
        if (length > 0) matches.push({ column, length });
        else empty ??= { column, length };
        if (matches.length === MAX_MATCHES_PER_LINE) break;
        // The next word can begin where this one ends.
        from = Math.max(column + length, from + (length > 0 ? 0 : 1));
      }
      return matches.length === 0 && empty ? [empty] : matches;
    },
  };
}
