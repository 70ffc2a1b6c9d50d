import { t } from '@vscode/l10n';
import { parseDeclaration, secretError } from './declaration.ts';
import { isReserved } from './names.ts';
import { type Parameter, ParameterError, type ScriptLanguage } from './parameter.ts';
import { headLines } from './headLines.ts';

/** What the head of a script declares, in the order of the lines. */
export interface Declarations {
  readonly parameters: readonly Parameter[];
  /** With any of them, the script can't run. */
  readonly mistakes: readonly ParameterError[];
}

/** `## @param` is an ordinary comment. */
const MARK = /^[ \t]*(?:#|\/\/|--|;|%)[ \t]*@(param|secret)(?![\w-])(.*)$/;

/** Documentation tools have the same word for other things: `@param $1`, `@param {string} name`. */
const DOCUMENTATION = /^\s*(?:[{[<]|\$[\d@*#])/;

/** The most characters of a declaration. */
const MAX_LENGTH = 10_000;

/**
 * Reads the parameters that the head of a script declares.
 * @param language undefined if we can't assign values in it
 * @param languageName for the message in this case
 */
export function readDeclarations(
  text: string,
  language: ScriptLanguage | undefined,
  languageName: string,
): Declarations {
  const parameters: Parameter[] = [];
  const mistakes: ParameterError[] = [];
  for (const { text: comment, line } of headLines(text, language !== undefined)) {
    const [, word, declaration = ''] = MARK.exec(comment) ?? [];
    if (word === undefined || (word === 'param' && DOCUMENTATION.test(declaration))) continue;
    try {
      if (!language) {
        requireDocumentation(word, declaration, line, languageName);
        continue;
      }
      const parameter = readParameter(word, declaration, line);
      requireNewName(parameter, parameters, language);
      parameters.push(parameter);
    } catch (error) {
      if (!(error instanceof ParameterError)) throw error;
      mistakes.push(error);
    }
  }
  return { parameters, mistakes };
}

function readParameter(word: string, declaration: string, line: number): Parameter {
  if (word === 'secret') throw secretError(line);
  if (declaration.length > MAX_LENGTH) {
    throw new ParameterError(
      t('Line {0}: the declaration is longer than {1} characters.', line, MAX_LENGTH),
      line,
    );
  }
  return parseDeclaration(declaration, line);
}

/** In other languages, most comments with `@param` document a function. Only ours have these parts. */
function requireDocumentation(
  word: string,
  declaration: string,
  line: number,
  languageName: string,
): void {
  if (word === 'secret' || !/^\s*\w+\s*(?:=|\/.*\/|\([^)]*\|)/.test(declaration)) return;
  throw new ParameterError(
    t(
      'Line {0}: a script for {1} can\'t have parameters. They work for sh, bash, ksh, zsh, Python, and Perl. Write "## @param" for an ordinary comment.',
      line,
      languageName,
    ),
    line,
  );
}

function requireNewName(
  { name, line }: Parameter,
  others: readonly Parameter[],
  language: ScriptLanguage,
): void {
  if (isReserved(name, language)) {
    throw new ParameterError(
      t(
        'Line {0}: "{1}" has a meaning of its own in the language of the script. Choose another name.',
        line,
        name,
      ),
      line,
    );
  }
  const same = others.find((other) => other.name === name);
  if (!same) return;
  throw new ParameterError(
    t('Line {0}: line {1} declares "{2}" already.', line, same.line, name),
    line,
  );
}
