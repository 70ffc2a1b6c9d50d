/**
 * What must come before all other statements of a Python script: its docstring, and imports from
 * `__future__`. A statement in front of them changes what the script means, or it no longer compiles.
 * @param from the end of the head
 * @returns the start of the line after them; undefined if another statement follows in their line
 */
export function endOfPrologue(text: string, from: number): number | undefined {
  let end = from;
  const docstring = endOfDocstring(text, skipBlankLines(text, from));
  if (docstring === 'shared') return undefined;
  if (docstring !== undefined) end = docstring;
  for (;;) {
    const start = skipBlankLines(text, end);
    if (!FUTURE.test(text.slice(start, start + MAX_IMPORT_START))) return end;
    const next = endOfStatement(text, start);
    if (next === 'shared') return undefined;
    end = next;
  }
}

const FUTURE = /^from[ \t\f]+__future__[ \t\f]+import\b/;
const MAX_IMPORT_START = 200;

/** The start of the next line, or that another statement follows in the same one. */
type End = number | 'shared';

/** @returns undefined if the script does not begin with a docstring */
function endOfDocstring(text: string, start: number): End | undefined {
  let at = start;
  for (let next = endOfString(text, at); next !== undefined; next = endOfString(text, at)) {
    at = endOf(/(?:[ \t\f]|\\\r?\n)*/y, text, next) ?? next;
  }
  if (at === start) return undefined;
  if (text.charAt(at) === ';') return 'shared';
  // An expression that begins with a string is a statement like any other.
  return endOf(/(?:#[^\n]*|\r)?(?:\n|$)/y, text, at);
}

/** @returns undefined if no string begins here, or it has no end */
function endOfString(text: string, start: number): number | undefined {
  const open = endOf(/[rRuU]?(?:"""|'''|"|')/y, text, start);
  if (open === undefined) return undefined;
  const quote = text.charAt(open - 1);
  const isLong = open - start >= 3;
  const closing = isLong ? quote.repeat(3) : quote;
  for (let at = open; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\\') at++;
    else if (character === '\n' && !isLong) return undefined;
    else if (text.startsWith(closing, at)) return at + closing.length;
  }
  return undefined;
}

/** Of an import, which can be in parentheses, and has no strings. */
function endOfStatement(text: string, start: number): End {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    switch (text.charAt(at)) {
      case '(':
        depth++;
        break;
      case ')':
        depth--;
        break;
      case '\\':
        at = (endOf(/\\\r?\n/y, text, at) ?? at + 1) - 1;
        break;
      case '#':
        at = (endOf(/[^\n]*/y, text, at) ?? at + 1) - 1;
        break;
      case ';':
        return 'shared';
      case '\n':
        if (depth <= 0) return at + 1;
        break;
    }
  }
  return text.length;
}

function skipBlankLines(text: string, from: number): number {
  return endOf(/(?:[ \t\f]*(?:#[^\n]*)?\r?\n)*/y, text, from) ?? from;
}

function endOf(expression: RegExp, text: string, at: number): number | undefined {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : undefined;
}
