/** A part of a script that a line such as `# %% Install` begins. Lines are counted from 0. */
export interface ScriptCell {
  /** The line of the mark. */
  readonly line: number;
  /** The line after the cell. */
  readonly endLine: number;
}

const MARK = /^\s*(?:#|\/\/|--)\s*%%/;

/** The cells of a script. What is above the first mark is none of them. */
export function cellsOf(lines: readonly string[]): ScriptCell[] {
  const marks = lines.flatMap((line, i) => (MARK.test(line) ? [i] : []));
  return marks.map((line, i) => ({ line, endLine: marks[i + 1] ?? lines.length }));
}
