import type { Job } from '../protocol/job.ts';
import { addedLine, type Interpreter, interpreterOf } from './interpreter.ts';
import type { ParameterValue } from './parameters/parameter.ts';
import { placeAssignments } from './parameters/placeAssignments.ts';
import { languageOf } from './scriptLanguage.ts';

/** A script as the user chose it, before a job is made from it. */
export interface Script {
  /** Without an added `#!` line. */
  readonly text: string;
  /** In base64, where the nodes must receive other bytes than the UTF-8 of the text. */
  readonly bytes?: string | undefined;
  readonly interpreter: Interpreter;
  readonly part: ScriptPart;
  /** Where it begins, if it is a block, a cell, or a paragraph. */
  readonly place?: ScriptPlace | undefined;
  /** Whether line breaks are changed from CRLF to LF. */
  readonly hadCrlf: boolean;
  /** The text of the file that the part is from, if that is a script: its head declares parameters. */
  readonly fileText?: string | undefined;
  /** Identifies the file, for what is remembered about it; absent for text that was never saved. */
  readonly source?: string | undefined;
  /** Whether the text has values for its parameters, as the script of an earlier run. */
  readonly isFilled?: boolean | undefined;
  /** What the user entered for its parameters. */
  readonly values?: readonly ParameterValue[] | undefined;
}

/** How much of a document runs. A block is a fenced one of Markdown; a cell begins with `# %%`. */
export type ScriptPart = 'file' | 'selection' | 'line' | 'block' | 'cell' | 'paragraph';

/** A line of a document. */
export interface ScriptPlace {
  /** The name of the file, without its folders. */
  readonly name: string;
  /** From 1. */
  readonly line: number;
}

/**
 * The job that runs a script, with an assignment for each value of a parameter.
 * @param usesAddedLine whether to send the `#!` line that was found for it
 */
export function scriptJob(script: Script, usesAddedLine = true): Job {
  const { interpreter, values = [] } = script;
  const added = usesAddedLine ? addedLine(interpreter) : undefined;
  const runsIt = usesAddedLine ? interpreter : interpreterOfText(script.text);
  const language = languageOf(runsIt);
  const { text, bytes } = language ? placeAssignments(script, language, values) : script;
  if (added === undefined) {
    return bytes === undefined ? { kind: 'script', text } : { kind: 'script', text, bytes };
  }
  const start = `${added}\n`;
  if (bytes === undefined) return { kind: 'script', text: start + text };
  const whole = Buffer.concat([Buffer.from(start), Buffer.from(bytes, 'base64')]);
  return { kind: 'script', text: start + text, bytes: whole.toString('base64') };
}

/** What runs the text of a job as it is: its `#!` line, else the agent's shell. */
export function interpreterOfText(text: string): Interpreter {
  return interpreterOf({ text, isSelection: true });
}
