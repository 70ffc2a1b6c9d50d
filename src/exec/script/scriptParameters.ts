import { t } from '@vscode/l10n';
import { type Job, jobText } from '../protocol/job.ts';
import { readDeclarations } from './parameters/declarations.ts';
import { type Parameter, ParameterError, type ParameterValue } from './parameters/parameter.ts';
import { hasPlace, placeAssignments } from './parameters/placeAssignments.ts';
import { findOverwritten, type Overwritten } from './parameters/overwritten.ts';
import { interpreterOfText, type Script } from './script.ts';
import { languageName, languageOf } from './scriptLanguage.ts';

/**
 * The parameters that a script asks for. A part of a file asks for those of the file that it uses: whose
 * names it has.
 * @throws ParameterError for the first mistake in a declaration
 */
export function parametersOf(script: Script): readonly Parameter[] {
  const { text, fileText, interpreter, isFilled } = script;
  if (isFilled === true) return [];
  const language = languageOf(interpreter);
  const declared = readDeclarations(fileText ?? text, language, languageName(interpreter));
  const [mistake] = declared.mistakes;
  if (mistake) throw mistake;
  const used =
    fileText === undefined
      ? declared.parameters
      : declared.parameters.filter(({ name }) => usesName(text, name));
  const [first] = used;
  if (first && language && !hasPlace(text, language)) {
    throw new ParameterError(
      t(
        'Line {0}: the values of parameters follow the docstring and the imports from __future__. Put these on lines of their own.',
        first.line,
      ),
      first.line,
    );
  }
  return used;
}

/** Where a script gives a parameter another value than the one that was entered; the first place. */
export function overwrittenIn({ text, interpreter, values = [] }: Script): Overwritten | undefined {
  const language = languageOf(interpreter);
  return language && findOverwritten(text, language, values);
}

/** A text as it is in a job that was made from it: with assignments for these values. */
export function textWithValues(text: string, job: Job, values: readonly ParameterValue[]): string {
  const language = languageOf(interpreterOfText(jobText(job)));
  return language ? placeAssignments({ text }, language, values).text : text;
}

/** Not counting comments that declare it. */
function usesName(text: string, name: string): boolean {
  const word = new RegExp(`(?<!\\w)${name}(?!\\w)`);
  return text.split('\n').some((line) => word.test(line) && !/^[ \t]*#[ \t]*@param\s/.test(line));
}
