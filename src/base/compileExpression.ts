import { t } from '@vscode/l10n';
import { RE2JS, RE2JSException } from 're2js';

/**
 * Compiles a regular expression with the syntax and semantics of Go's `regexp` (RE2), which differ from
 * JavaScript's (`(?i)`, `\z`, `\pL`, no lookaround).
 * @param SyntaxError the class of the error to throw, whose message is a sentence for the user
 * @param flags RE2JS flags
 */
export function compileExpression(
  expression: string,
  SyntaxError: new (message: string) => Error,
  flags = 0,
): RE2JS {
  try {
    return RE2JS.compile(expression, flags);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const detail = error.message.replace('error parsing regexp: ', '');
    throw new SyntaxError(
      t('"{0}" is not a valid regular expression (RE2): {1}.', expression, detail),
    );
  }
}
