import { exactExpression } from '../targeting/exactExpression.ts';
import { compileRe2, FilterSyntaxError, type Match } from '../targeting/re2.ts';

/** What an expression matches, split by what the user probably intended. */
export interface IntendedMatches {
  readonly intended: readonly string[];
  readonly unintended: readonly string[];
  /** Whether a matched text is an intended one. */
  readonly isIntended: Match;
  /** An expression that matches only the intended texts; undefined if some of them are aliases. */
  readonly exactExpression: string | undefined;
}

/**
 * Guesses what the user intended, by reading an expression as a person would: plain text as a name,
 * alternatives as several names, and anything else as a pattern for whole names.
 * @param texts the existing names
 * @param aliasesOf other texts that a plain name can stand for
 * @returns undefined if every match is intended, or none is: a pattern for the beginning of names
 * matches no whole name, so nothing can be concluded from it
 */
export function findIntendedMatches(
  expression: string,
  texts: ReadonlySet<string>,
  aliasesOf: (name: string) => Iterable<string> = () => [],
): IntendedMatches | undefined {
  const matched = [...texts].filter(compileRe2(expression));
  const plain = plainNames(expression) ?? [];
  const aliases = plain.flatMap((name) => [...aliasesOf(name)]);
  const named = new Set([...plain, ...aliases].filter((text) => texts.has(text)));
  const isNamed = named.size > 0;
  const isIntended = isNamed ? (text: string) => named.has(text) : wholeMatch(expression);
  if (!isIntended) return undefined;
  const intended = matched.filter(isIntended);
  const unintended = matched.filter((text) => !isIntended(text));
  if (intended.length === 0 || unintended.length === 0) return undefined;
  return {
    intended,
    unintended,
    isIntended,
    exactExpression: isNamed
      ? expressionForNames(intended, plain)
      : wholeNameExpression(expression),
  };
}

function expressionForNames(
  intended: readonly string[],
  plain: readonly string[],
): string | undefined {
  return intended.every((text) => plain.includes(text)) ? exactExpression(intended) : undefined;
}

/** The names that an expression spells out. Ignores anchors, and takes `.` literally. */
function plainNames(expression: string): string[] | undefined {
  const body = expression.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
  const names = body.split('|').map((name) => name.replace(/\\([^\w\s])/g, '\0$1'));
  const special = /(?<!\0)[\\[\](){}*+?^$]/;
  if (names.some((name) => name === '' || special.test(name))) return undefined;
  return names.map((name) => name.replaceAll('\0', ''));
}

function wholeMatch(expression: string): Match | undefined {
  try {
    return compileRe2(wholeNameExpression(expression));
  } catch (error) {
    if (error instanceof FilterSyntaxError) return undefined; // an open \Q quotes the added `)$`
    throw error;
  }
}

function wholeNameExpression(expression: string): string {
  return `^(?:${expression})$`;
}
