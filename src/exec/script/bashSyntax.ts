/** Syntax that bash knows and a POSIX shell such as dash does not, each with what to show of it. */
const SIGNS: readonly (readonly [shown: string, pattern: RegExp])[] = [
  ['[[', /(?:^|[;&|({!]|\b(?:if|elif|while|until|then|do|else))\s*\[\[\s/],
  ['((', /(?:^|[;&|]|\b(?:if|elif|while|until|then|do|else|for))\s*\(\(/],
  ['<(', /(?:^|\s)[<>]\(/],
  ['<<<', /<<</],
  ['&>', /(?:^|\s)&>>?\s*\S/],
  ['function', /^\s*function\s+[\w-]+/],
  ['pipefail', /\bset\s+(?:-\w*o|-\w+\s+-o)\s+pipefail\b/],
  ['{1..3}', /\s\S*\{\w+\.\.\w+\}/],
  ['source', /(?:^|[;&|]|\b(?:then|do|else))\s*source\s+\S/],
  ['an array', /^\s*(?:(?:declare|local|readonly)\s+(?:-\w+\s+)?)?[A-Za-z_]\w*\+?=\(/],
  ['declare', /^\s*(?:declare|typeset|mapfile|readarray|shopt)\s/],
  ['${name//}', /\$\{\w+(?:\/|\^|,,|:\d|\[)/],
];

/** Where a text needs bash. */
export interface BashSyntax {
  /** Beginning with 1. */
  readonly line: number;
  readonly shown: string;
}

/**
 * Finds syntax that agents which run the text with a POSIX shell misread, often with exit code 0.
 * Quoted text and comments are left out as far as one line shows them.
 * @returns the first one
 */
export function findBashSyntax(text: string): BashSyntax | undefined {
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/'[^']*'/g, "''").replace(/(?:^|\s)#.*$/, '');
    const sign = SIGNS.find(([, pattern]) => pattern.test(line));
    if (sign) return { line: index + 1, shown: sign[0] };
  }
  return undefined;
}
