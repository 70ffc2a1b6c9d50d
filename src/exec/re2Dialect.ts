/** The character classes `\p{…}` that re2js knows beside Unicode's categories and scripts. */
const NOT_IN_GO =
  /^\^?(?:Cn|LC|Emoji\w*|Extended_Pictographic|Alphabetic|White_Space|Lowercase|Uppercase|Math|Dash|Hex_Digit|Assigned|Unknown)$/;

/**
 * Finds what our RE2 port takes but agents refuse: `(?<name>…)`, which Go has from 1.22 on only,
 * and classes that Go lacks.
 * @returns the piece of the expression that is at fault
 */
export function unsupportedByAgents(expression: string): string | undefined {
  let inClass = false;
  for (let i = 0; i < expression.length; i++) {
    const rest = expression.slice(i);
    if (rest.startsWith('\\Q') && !inClass) {
      const end = expression.indexOf('\\E', i + 2);
      if (end === -1) return undefined;
      i = end + 1;
    } else if (rest.startsWith('\\')) {
      const [piece, name] = /^\\[pP]\{([^}]*)\}/.exec(rest) ?? [];
      if (piece !== undefined && NOT_IN_GO.test(name ?? '')) return piece;
      i += (piece?.length ?? 2) - 1;
    } else if (inClass) {
      const named = /^\[:\^?\w+:\]/.exec(rest)?.[0];
      if (named !== undefined) i += named.length - 1;
      else inClass = !rest.startsWith(']');
    } else if (rest.startsWith('[')) {
      inClass = true;
      i += (/^\[\^?\]?/.exec(rest)?.[0].length ?? 1) - 1;
    } else if (/^\(\?<[^=!]/.test(rest)) {
      return /^\(\?<[^>]*>?/.exec(rest)?.[0];
    }
  }
  return undefined;
}
