/** What can follow in a filter expression of Consul. */
type Expected = 'selector' | 'operator' | 'value' | 'emptiness' | 'connective';

/** The end of a filter expression that is being typed. */
export interface FilterPosition {
  readonly expected: Expected;
  /** The selector that an operator or value belongs to. */
  readonly selector: string;
  /** What is already typed of it. */
  readonly partial: string;
  /** The text before `partial`. */
  readonly before: string;
}

const TOKENS =
  /[A-Za-z]\w*(?:\.\w*|\["[^"]*"?\]?)*|"(?:[^"\\]|\\.)*"?|`[^`]*`?|[()]|[=!]=?|[^\s()"`=!]+/g;

/** Finds out what can come next. It reads only as much of the grammar as that needs. */
export function filterPosition(text: string): FilterPosition {
  const tokens = [...text.matchAll(TOKENS)];
  const last = tokens.at(-1);
  const isOpen = last !== undefined && last.index + last[0].length === text.length;
  // A bracket is complete, and so is a quoted value with its second quote.
  const isPartial = isOpen && !/^[()]$|^(["`]).*\1$/s.test(last[0]);
  let expected: Expected = 'selector';
  let selector = '';
  for (const [token] of isPartial ? tokens.slice(0, -1) : tokens) {
    if (expected === 'selector' && token !== 'not' && token !== '(') selector = token;
    expected = next(expected, token);
  }
  const at = isPartial ? last.index : text.length;
  return { expected, selector, partial: text.slice(at), before: text.slice(0, at) };
}

function next(expected: Expected, token: string): Expected {
  switch (expected) {
    case 'selector':
      return token === 'not' || token === '(' ? 'selector' : 'operator';
    case 'operator':
      if (token === 'is') return 'emptiness';
      return token === 'not' ? 'operator' : 'value';
    case 'emptiness':
      return token === 'empty' ? 'connective' : 'emptiness';
    case 'value':
      return 'connective';
    case 'connective':
      return token === ')' ? 'connective' : 'selector';
  }
}
