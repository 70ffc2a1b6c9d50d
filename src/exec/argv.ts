import { t } from '@vscode/l10n';
import { JobError } from './job.ts';

/** What parts words: blanks of other scripts, such as a no-break space, are part of them. */
const BLANKS = ' \t\n';
const ESCAPED_IN_QUOTES = '"\\$`';

/**
 * Splits a line into an argument vector by the quoting rules of a POSIX shell, and by no others: no
 * variables, globs, pipes or substitutions, since no shell will read it.
 * @throws JobError for an open quote or a trailing backslash
 */
export function splitArguments(line: string): string[] {
  const args: string[] = [];
  let current = '';
  let begun = false; // an empty argument is one, too: ''
  let quote: "'" | '"' | undefined;
  for (let i = 0; i < line.length; i++) {
    const char = line.charAt(i);
    if (quote === "'") {
      if (char === "'") quote = undefined;
      else current += char;
    } else if (char === '\\') {
      const next = line.charAt(++i);
      if (next === '')
        throw new JobError(t('The command ends in a backslash that escapes nothing.'));
      if (next === '\n') continue; // the line goes on
      // Inside double quotes a backslash is itself before what needs no escape there.
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
  if (quote) throw new JobError(t('The command has an open quote: add the closing {0}.', quote));
  if (begun) args.push(current);
  return args;
}
