/** A value that a script asks for before it runs. A comment in the head of the script declares it. */
export interface Parameter {
  readonly name: string;
  /** Where it is declared, from 1. */
  readonly line: number;
  /** The default. */
  readonly initial?: string | undefined;
  /** In RE2; a value matches it anywhere unless it has anchors. */
  readonly pattern?: string | undefined;
  /** All possible values. */
  readonly choices?: readonly string[] | undefined;
  /** Empty if there is none. */
  readonly description: string;
}

/** What the user entered for a parameter. */
export interface ParameterValue {
  readonly name: string;
  readonly value: string;
}

/** Languages in which an assignment is known to give a script exactly the value. */
export type ScriptLanguage =
  /** A POSIX shell, bash, or ksh. */
  | 'sh'
  | 'zsh'
  /** Python 3. */
  | 'python'
  /** `python`, which is Python 2 on some nodes. */
  | 'anyPython'
  | 'perl';

/** A comment that declares a parameter is wrong. The message is a sentence that names the line. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}
