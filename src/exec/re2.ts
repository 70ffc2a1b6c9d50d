import { t } from '@vscode/l10n';
import { RE2JS, RE2JSException } from 're2js';
import { unsupportedByAgents } from './re2Dialect.ts';

/** A regular expression that Consul's agents would refuse. */
export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';
}

/** Holds a name against an expression the way an agent does: unanchored, case sensitive. */
export type Match = (name: string) => boolean;

/**
 * Reads an expression with the syntax and meaning of Go's `regexp`, as agents do; JavaScript's own
 * differ (`(?i)`, `\z`, `\pL`, no look-around).
 * @throws FilterSyntaxError saying what is wrong with it
 */
export function compileRe2(expression: string): Match {
  try {
    const compiled = RE2JS.compile(expression);
    const fault = unsupportedByAgents(expression);
    if (fault !== undefined) throw notUnderstood(expression, unsupported(fault));
    return (name) => compiled.test(name);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw notUnderstood(expression, error.message.replace('error parsing regexp: ', ''));
  }
}

function notUnderstood(expression: string, detail: string): FilterSyntaxError {
  return new FilterSyntaxError(
    t('“{0}” is not a regular expression Consul understands (RE2): {1}', expression, detail),
  );
}

function unsupported(piece: string): string {
  return piece.startsWith('(')
    ? t('groups are named with (?P<name>…), not {0}', piece)
    : t('agents do not know the class {0}', piece);
}

/** The expression that matches exactly this text, wherever it stands. */
export function quoteRe2(text: string): string {
  return text.replace(SPECIAL, (char) => {
    const code = char.charCodeAt(0);
    return code < 0x20 || code === 0x7f ? `\\x{${code.toString(16)}}` : `\\${char}`;
  });
}

// eslint-disable-next-line no-control-regex -- controls are among what has to be written otherwise
const SPECIAL = /[\\.+*?()|[\]{}^$\u0000-\u001f\u007f]/g;
