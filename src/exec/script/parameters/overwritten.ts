import type { ParameterValue, ScriptLanguage } from './parameter.ts';

/** A statement that gives a parameter another value than the one that was entered. */
export interface Overwritten {
  readonly name: string;
  /** In the text, from 1. */
  readonly line: number;
}

/**
 * Finds an assignment that always runs and does not use the entered value: it was there before the
 * parameter was declared. Indented lines count for nothing, because a condition can decide about them.
 * @returns the first one
 */
export function findOverwritten(
  text: string,
  language: ScriptLanguage,
  values: readonly ParameterValue[],
): Overwritten | undefined {
  if (values.length === 0) return undefined;
  const names = values.map(({ name }) => name).join('|');
  const assignment = new RegExp(`${START[language]}(${names})${EQUALS[language]}`);
  for (const [index, line] of text.split('\n').entries()) {
    const [whole = '', name = ''] = assignment.exec(line) ?? [];
    const rest = line.slice(whole.length);
    if (name !== '' && !new RegExp(`\\b${name}\\b`).test(rest)) return { name, line: index + 1 };
  }
  return undefined;
}

const SHELL_START = '^(?:(?:export|readonly|declare|typeset)\\s+)?';
const START: Readonly<Record<ScriptLanguage, string>> = {
  sh: SHELL_START,
  zsh: SHELL_START,
  python: '^',
  anyPython: '^',
  perl: '^(?:(?:my|our)\\s*\\(?\\s*)?\\$',
};

const EQUALS: Readonly<Record<ScriptLanguage, string>> = {
  sh: '=',
  zsh: '=',
  python: '\\s*=(?!=)',
  anyPython: '\\s*=(?!=)',
  perl: '\\s*=(?![=~])',
};
