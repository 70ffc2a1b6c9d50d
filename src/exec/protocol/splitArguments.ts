import { t } from '@vscode/l10n';
import { JobError } from './job.ts';

/** Characters that separate words. Other Unicode spaces, such as a no-break space, belong to a word. */
const BLANKS = ' \t\n';
const ESCAPED_IN_QUOTES = '"\\$`';

/**
 * Splits a line into an argument vector by the quoting rules of a POSIX shell. Variables, globs, pipes
 * and substitutions have no meaning here, since no shell reads the line.
 * @throws JobError for an unclosed quote or a trailing backslash
 */
export function splitArguments(line: string): string[] {
  const args: string[] = [];
  let current = '';
  let begun = false; // '' is an argument too
  let quote: "'" | '"' | undefined;
  for (let i = 0; i < line.length; i++) {
    const char = line.charAt(i);
    if (quote === "'") {
      if (char === "'") quote = undefined;
      else current += char;
    } else if (char === '\\') {
      const next = line.charAt(++i);
      if (next === '')
        throw new JobError(
          t('The command ends in a backslash. Remove it, or add the character it escapes.'),
        );
      if (next === '\n') continue; // the line continues
      // Inside double quotes, a backslash before a character that needs no escape is literal.
      current += (quote && !ESCAPED_IN_QUOTES.includes(next) ? char : '') + next;
      begun = true;
    } else if (quote) {
      if (char === quote) quote = undefined;
      else current += char;
    } else if (char === "'" || char === '"') {
      quote = char;
      begun = true;
    } else if (BLANKS.includes(char)) {
      if (begun) args.push(current);
      current = '';
      begun = false;
    } else {
      current += char;
      begun = true;
    }
  }
  if (quote)
    throw new JobError(t('The command has an unclosed quote. Add the closing {0}.', quote));
  if (begun) args.push(current);
  return args;
}
