import { exactExpression } from '../nodeExpression.ts';
import { compileRe2, FilterSyntaxError, type Match } from '../re2.ts';

/** What an expression seems to say, as far as that is less than what it does say. */
export interface Reading {
  readonly meant: readonly string[];
  readonly beyond: readonly string[];
  /** Tells, of the texts that the expression fits, those that are meant. */
  readonly isMeant: Match;
  /** The expression that says just that; undefined where aliases are meant. */
  readonly exactly: string | undefined;
}

/**
 * Reads an expression as a person would: plain text as a name, alternatives as several, and anything
 * else as the whole of a name.
 * @param texts the names there are
 * @param alias texts that a plain name stands for besides itself
 * @returns undefined when it says what it seems to, or seems to mean none of the texts, as a mere
 * beginning of names does
 */
export function readAsWhole(
  expression: string,
  texts: ReadonlySet<string>,
  alias: (name: string) => Iterable<string> = () => [],
): Reading | undefined {
  const matched = [...texts].filter(compileRe2(expression));
  const spelt = plainNames(expression) ?? [];
  const aliases = spelt.flatMap((name) => [...alias(name)]);
  const named = new Set([...spelt, ...aliases].filter((text) => texts.has(text)));
  const isMeant = named.size > 0 ? (text: string) => named.has(text) : wholeMatch(expression);
  if (!isMeant) return undefined;
  const meant = matched.filter(isMeant);
  const beyond = matched.filter((text) => !isMeant(text));
  if (meant.length === 0 || beyond.length === 0) return undefined;
  return {
    meant,
    beyond,
    isMeant,
    exactly: exactReading(expression, meant, spelt, named.size > 0),
  };
}

function exactReading(
  expression: string,
  meant: readonly string[],
  spelt: readonly string[],
  isNamed: boolean,
): string | undefined {
  if (!isNamed) return `^(?:${expression})$`;
  return meant.every((text) => spelt.includes(text)) ? exactExpression(meant) : undefined;
}

/** The names an expression spells out, whatever its anchors; a `.` is taken for itself. */
function plainNames(expression: string): string[] | undefined {
  const body = expression.replace(/^\^/, '').replace(/(?<!\\)\$$/, '');
  const names = body.split('|').map((name) => name.replace(/\\([^\w\s])/g, '\0$1'));
  const special = /(?<!\0)[\\[\](){}*+?^$]/;
  if (names.some((name) => name === '' || special.test(name))) return undefined;
  return names.map((name) => name.replaceAll('\0', ''));
}

function wholeMatch(expression: string): Match | undefined {
  try {
    return compileRe2(`^(?:${expression})$`);
  } catch (error) {
    if (error instanceof FilterSyntaxError) return undefined; // an open \Q swallows the rest
    throw error;
  }
}
