import { type Interpreter, programOf } from './interpreter.ts';
import type { ScriptLanguage } from './parameters/parameter.ts';

/** Programs by their names, which can end in a version. */
const PROGRAMS: readonly (readonly [RegExp, ScriptLanguage])[] = [
  [/^(?:sh|ash|dash|bash|ksh|ksh93|mksh|pdksh|rbash|yash)$/, 'sh'],
  [/^zsh(?:-\d[\d.]*)?$/, 'zsh'],
  [/^(?:python|pypy)3(?:\.\d+)*$/, 'python'],
  [/^(?:python|pypy)(?:2(?:\.\d+)*)?$/, 'anyPython'],
  [/^perl(?:5[\d.]*)?$/, 'perl'],
];

/** The language of a script, if its parameters can be assigned in it. Agents have a POSIX shell. */
export function languageOf(interpreter: Interpreter): ScriptLanguage | undefined {
  if (interpreter.kind === 'shell') return 'sh';
  if (interpreter.kind === 'unsupported') return undefined;
  const [program = '', argument = ''] = programOf(interpreter.line).split(' ');
  const name = program === 'busybox' ? argument : program;
  return PROGRAMS.find(([pattern]) => pattern.test(name))?.[1];
}

/** What runs a script, for a message. */
export function languageName(interpreter: Interpreter): string {
  switch (interpreter.kind) {
    case 'shell':
      return 'sh';
    case 'language':
    case 'unsupported':
      return interpreter.language;
    default:
      return programOf(interpreter.line);
  }
}
