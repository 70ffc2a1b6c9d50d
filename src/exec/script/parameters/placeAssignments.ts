import { assignment } from './assignment.ts';
import type { ParameterValue, ScriptLanguage } from './parameter.ts';
import { endOfPrologue } from './pythonPrologue.ts';
import { headLines } from './headLines.ts';

/** A text with the bytes that the nodes must receive, in base64, if these are not its UTF-8. */
interface ScriptText {
  readonly text: string;
  readonly bytes?: string | undefined;
}

/**
 * The script with an assignment for each value, after its `#!` line and its first comments, which can
 * name its encoding. In Python they are after the docstring and imports from `__future__` as well.
 */
export function placeAssignments(
  { text, bytes }: ScriptText,
  language: ScriptLanguage,
  values: readonly ParameterValue[],
): ScriptText {
  if (values.length === 0) return { text, bytes };
  const usesUtf8 = language === 'perl' && /^[ \t]*use[ \t]+utf8\b/m.test(text);
  const block = values.map((value) => `${assignment(value, language, usesUtf8)}\n`).join('');
  const start = text.slice(0, placeIn(text, language) ?? endOfHead(text));
  const added = start === '' || start.endsWith('\n') ? block : `\n${block}`;
  const whole = start + added + text.slice(start.length);
  if (bytes === undefined) return { text: whole };
  const lines = start.split('\n').length - 1;
  return { text: whole, bytes: insertLines(Buffer.from(bytes, 'base64'), lines, start, added) };
}

/** Whether there is a place for assignments: a Python script can have two statements in one line. */
export function hasPlace(text: string, language: ScriptLanguage): boolean {
  return placeIn(text, language) !== undefined;
}

function placeIn(text: string, language: ScriptLanguage): number | undefined {
  const end = endOfHead(text);
  return language === 'python' || language === 'anyPython' ? endOfPrologue(text, end) : end;
}

function endOfHead(text: string): number {
  let end = 0;
  for (let lines = headLines(text, true).length; lines > 0; lines--) {
    const next = text.indexOf('\n', end);
    end = next === -1 ? text.length : next + 1;
  }
  return end;
}

/** A line feed is the same byte in every encoding that nodes can run. */
function insertLines(bytes: Buffer, lines: number, start: string, added: string): string {
  let at = 0;
  for (let line = 0; line < lines; line++) at = bytes.indexOf(10, at) + 1;
  if (start !== '' && !start.endsWith('\n')) at = bytes.length;
  const parts = [bytes.subarray(0, at), Buffer.from(added), bytes.subarray(at)];
  return Buffer.concat(parts).toString('base64');
}
