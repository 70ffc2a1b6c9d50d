import { t } from '@vscode/l10n';
import { compileExpression } from '../../../base/compileExpression.ts';
import { checkValue } from './checkValue.ts';
import { type Parameter, ParameterError } from './parameter.ts';

const NAME = /^[A-Za-z_]\w*$/;
const MAX_NAME_LENGTH = 64;

/**
 * Parses what follows `@param` in a comment:
 *
 *     NAME [= DEFAULT] [/PATTERN/ | (CHOICE|CHOICE…)] [DESCRIPTION]
 *
 * A default or a choice can be in single quotes, or in double quotes with `\"` and `\\`.
 * @throws ParameterError
 */
export function parseDeclaration(text: string, line: number): Parameter {
  const reader = new DeclarationReader(text, line);
  const name = reader.name();
  const initial = reader.initial();
  const pattern = reader.pattern();
  const choices = reader.choices();
  if (pattern !== undefined && (choices || reader.pattern() !== undefined)) {
    throw new ParameterError(
      t('Line {0}: "{1}" can have either one pattern or choices.', line, name),
      line,
    );
  }
  const parameter = { name, line, initial, pattern, choices, description: reader.rest() };
  const isSecret = name === 'secret' || /^secret\b/i.test(parameter.description);
  if (isSecret) throw secretError(line);
  requireOwnDefault(parameter);
  return parameter;
}

export function secretError(line: number): ParameterError {
  return new ParameterError(
    t(
      "Line {0}: a parameter can't be secret, because jobs can be read in the KV store, in the Raft log, and in the agents' logs. Let the script read the secret on the node, for example from a file.",
      line,
    ),
    line,
  );
}

function requireOwnDefault(parameter: Parameter): void {
  const { initial, line, name } = parameter;
  if (initial === undefined) return;
  const mistake = checkValue(parameter, initial);
  if (mistake === undefined) return;
  throw new ParameterError(
    t('Line {0}: "{1}" can\'t have the default "{2}". {3}', line, name, initial, mistake),
    line,
  );
}

class PatternError extends Error {}

/** Reads one part after the other. */
class DeclarationReader {
  readonly #text: string;
  readonly #line: number;
  #at = 0;
  #name = '';

  constructor(text: string, line: number) {
    this.#text = text;
    this.#line = line;
    this.#skipBlanks();
  }

  name(): string {
    const word = this.#take(/[^\s=]*/y);
    if (word === '') {
      throw this.#error(
        t('Line {0}: a parameter needs a name, for example "@param version = 1.2".', this.#line),
      );
    }
    if (!NAME.test(word) || word.length > MAX_NAME_LENGTH) {
      throw this.#error(
        t(
          'Line {0}: "{1}" can\'t be the name of a parameter. Use letters from A to Z, digits, and underscores.',
          this.#line,
          word,
        ),
      );
    }
    this.#name = word;
    this.#skipBlanks();
    return word;
  }

  initial(): string | undefined {
    if (this.#take(/=/y) === '') return undefined;
    this.#skipBlanks();
    const isQuoted = /["']/.test(this.#text.charAt(this.#at));
    const value = isQuoted ? this.#quoted() : this.#take(/[^\s(]\S*/y);
    if (value === '' && !isQuoted) {
      throw this.#error(
        t(
          'Line {0}: the default of "{1}" is missing after "=". Write "" for an empty default, and put quotes around one that begins with a parenthesis.',
          this.#line,
          this.#name,
        ),
      );
    }
    this.#requireEnd();
    return value;
  }

  pattern(): string | undefined {
    if (this.#text.charAt(this.#at) !== '/') return undefined;
    const pattern = this.#text.slice(this.#at, this.#endOfPattern());
    this.#at += pattern.length;
    if (pattern === '') {
      throw this.#error(
        t('Line {0}: the pattern of "{1}" has no end. Write /^[a-z]+$/.', this.#line, this.#name),
      );
    }
    if (/\w/.test(this.#text.charAt(this.#at))) {
      throw this.#error(
        t(
          'Line {0}: flags are a part of the pattern of "{1}", for example /(?i)^(yes|no)$/.',
          this.#line,
          this.#name,
        ),
      );
    }
    this.#requireEnd();
    const expression = pattern.slice(1, -1);
    try {
      compileExpression(expression, PatternError);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      throw this.#error(t('Line {0}: {1}', this.#line, error.message));
    }
    return expression;
  }

  /** At least two, because a description can begin with a word in parentheses. */
  choices(): readonly string[] | undefined {
    const start = this.#at;
    if (this.#take(/\(/y) === '') return undefined;
    const choices: string[] = [];
    for (;;) {
      this.#skipBlanks();
      const isQuoted = /["']/.test(this.#text.charAt(this.#at));
      const choice = isQuoted ? this.#quoted() : this.#take(/[^|)]*/y).trim();
      this.#skipBlanks();
      const end = this.#take(/[|)]/y);
      if (choices.length === 0 && end !== '|' && !isQuoted) {
        this.#at = start;
        return undefined;
      }
      if (end === '' || (choice === '' && !isQuoted) || choices.includes(choice)) {
        throw this.#error(
          t(
            'Line {0}: the choices of "{1}" are wrong. Write different ones between parentheses, for example (staging|production).',
            this.#line,
            this.#name,
          ),
        );
      }
      choices.push(choice);
      if (end === ')') break;
    }
    this.#requireEnd();
    return choices;
  }

  rest(): string {
    return this.#text.slice(this.#at).trim();
  }

  /** A slash within a class, such as [/], does not end it. */
  #endOfPattern(): number {
    let classStart: number | undefined;
    for (let at = this.#at + 1; at < this.#text.length; at++) {
      const character = this.#text.charAt(at);
      if (character === '\\') at++;
      else if (classStart !== undefined) {
        // The first character of a class can be its bracket: []a] and [^]a].
        const isFirst = /^\[\^?$/.test(this.#text.slice(classStart, Math.min(at, classStart + 3)));
        if (character === ']' && !isFirst) classStart = undefined;
      } else if (character === '[') classStart = at;
      else if (character === '/') return at + 1;
    }
    return this.#at;
  }

  #quoted(): string {
    const single = this.#take(/'[^']*'/y);
    if (single !== '') return single.slice(1, -1);
    const double = this.#take(/"(?:\\["\\]|[^"\\])*"/y);
    if (double !== '') return double.slice(1, -1).replace(/\\(.)/g, '$1');
    throw this.#error(
      t(
        'Line {0}: a quote of "{1}" has no end. Within double quotes, write \\" for a quote and \\\\ for a backslash.',
        this.#line,
        this.#name,
      ),
    );
  }

  #requireEnd(): void {
    if (/[^\s|)]/.test(this.#text.charAt(this.#at))) {
      throw this.#error(
        t(
          'Line {0}: a space is missing in the declaration of "{1}", before "{2}".',
          this.#line,
          this.#name,
          this.#text.slice(this.#at, this.#at + 20),
        ),
      );
    }
    this.#skipBlanks();
  }

  #skipBlanks(): void {
    this.#take(/\s*/y);
  }

  /** @returns what the sticky expression matches here; empty if it doesn't */
  #take(expression: RegExp): string {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  #error(message: string): ParameterError {
    return new ParameterError(message, this.#line);
  }
}
