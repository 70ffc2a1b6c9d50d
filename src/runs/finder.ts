import { t } from '@vscode/l10n';
import { RE2JS, RE2JSException } from 're2js';
import { escapeRegExp } from './ignored.ts';

export interface SearchQuery {
  readonly text: string;
  /** The text is a regular expression: RE2, as Consul's own, whose time no expression can blow up. */
  readonly regex?: boolean | undefined;
  readonly matchCase?: boolean | undefined;
  readonly wholeWord?: boolean | undefined;
}

/** A search that cannot be done. */
export class SearchError extends Error {
  override readonly name = 'SearchError';
}

export interface LineMatch {
  /** From 0, in UTF-16 units as the editor counts. */
  readonly column: number;
  readonly length: number;
}

export interface Finder {
  /**
   * Finds the places in a line; not all of very many. Where an expression fits the nothing between
   * letters, that counts only if it fits nothing else.
   */
  readonly find: (line: string) => readonly LineMatch[];
  /** Characters of a line that it looks at. */
  readonly reach: number;
}

const MATCHES_PER_LINE = 100;
/** An expression takes time in proportion to the line, but much more than a plain text. */
const EXPRESSION_REACH = 100_000;

/** What is in a word, in every script: else `ber` would be a word of `über`. */
const WORD = '\\p{L}\\p{N}_';

/** @throws SearchError when there is nothing to look for, or the expression is none */
export function compileSearch(query: SearchQuery): Finder {
  if (query.text === '') {
    throw new SearchError(t('There is nothing to search for: the text is empty.'));
  }
  return query.regex ? expressionFinder(query) : textFinder(query);
}

function textFinder({ text, matchCase, wholeWord }: SearchQuery): Finder {
  const source = escapeRegExp(text);
  const expression = new RegExp(
    wholeWord ? `(?<![${WORD}])${source}(?![${WORD}])` : source,
    matchCase ? 'gu' : 'giu',
  );
  return {
    reach: Number.POSITIVE_INFINITY,
    find: (line) => {
      const matches: LineMatch[] = [];
      for (const { index, 0: found } of line.matchAll(expression)) {
        matches.push({ column: index, length: found.length });
        if (matches.length === MATCHES_PER_LINE) break;
      }
      return matches;
    },
  };
}

function expressionFinder({ text, matchCase, wholeWord }: SearchQuery): Finder {
  const flags = matchCase ? 0 : RE2JS.CASE_INSENSITIVE;
  const plain = compile(text, flags); // alone first: wrapped, an unbalanced parenthesis might fit
  const expression = wholeWord
    ? compile(`(?:^|[^${WORD}])(${text})(?:$|[^${WORD}])`, flags)
    : plain;
  const group = wholeWord ? 1 : 0;
  return {
    reach: EXPRESSION_REACH,
    find: (whole) => {
      const line = whole.slice(0, EXPRESSION_REACH);
      // Much quicker than to find out where.
      if (!expression.test(line)) return [];
      const matcher = expression.matcher(line);
      const matches: LineMatch[] = [];
      let empty: LineMatch | undefined;
      for (let from = 0; from <= line.length && matcher.find(from);) {
        const column = matcher.start(group);
        const length = matcher.end(group) - column;
        if (length > 0) matches.push({ column, length });
        else empty ??= { column, length };
        if (matches.length === MATCHES_PER_LINE) break;
        // The end of a word may be where the next one begins.
        from = Math.max(column + length, from + (length > 0 ? 0 : 1));
      }
      return matches.length === 0 && empty ? [empty] : matches;
    },
  };
}

function compile(expression: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(expression, flags);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const detail = error.message.replace('error parsing regexp: ', '');
    throw new SearchError(
      t('“{0}” is not a regular expression of the kind used here (RE2): {1}.', expression, detail),
    );
  }
}
