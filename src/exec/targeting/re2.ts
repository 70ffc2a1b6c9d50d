import { t } from '@vscode/l10n';
import { compileExpression } from '../../base/compileExpression.ts';
import { findUnsupportedSyntax } from './re2Dialect.ts';

/** A regular expression that Consul's agents would refuse. */
export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';
}

/** Matches a name against an expression as an agent does: unanchored and case-sensitive. */
export type Match = (name: string) => boolean;

/** @throws FilterSyntaxError saying what is wrong with the expression */
export function compileRe2(expression: string): Match {
  const compiled = compileExpression(expression, FilterSyntaxError);
  const unsupported = findUnsupportedSyntax(expression);
  if (unsupported !== undefined) throw unsupportedSyntaxError(expression, unsupported);
  return (name) => compiled.test(name);
}

function unsupportedSyntaxError(expression: string, unsupported: string): FilterSyntaxError {
  return new FilterSyntaxError(
    unsupported.startsWith('(')
      ? t(
          'Not all Consul agents support {0} in "{1}": those built with Go before 1.22 ignore the run. Use (?P<name>…) instead.',
          unsupported,
          expression,
        )
      : t(
          'Not all Consul agents support the class {0} in "{1}": the others ignore the run. Use a range of characters instead, such as [α-ω].',
          unsupported,
          expression,
        ),
  );
}

/** The expression that matches exactly this text, anywhere in a name. */
export function quoteRe2(text: string): string {
  return text.replace(SPECIAL_CHARACTERS, (char) => {
    const code = char.charCodeAt(0);
    return code < 0x20 || code === 0x7f ? `\\x{${code.toString(16)}}` : `\\${char}`;
  });
}

// eslint-disable-next-line no-control-regex -- control characters must be escaped as well
const SPECIAL_CHARACTERS = /[\\.+*?()|[\]{}^$\u0000-\u001f\u007f]/g;
