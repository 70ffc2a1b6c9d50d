/** A file that a line of output names, and mostly a place in it: `path/to/file.ext:12:3`. */
export interface FileReference {
  /** Where it stands in the line, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** As it stands there, but with `/` between its parts. */
  readonly path: string;
  /** From 1; undefined where only a path stands, which then has folders in it. */
  readonly line: number | undefined;
  /** From 1. */
  readonly column: number | undefined;
}

/** A line is read this far: what names files is not longer. */
const READ_LENGTH = 2000;
const LONGEST_PATH = 300;

const PATH_CHARACTER = String.raw`[\p{L}\p{N}_.+@%~\\/-]`;
const LINE = String.raw`(\d{1,7})`;
const COLUMN = String.raw`(\d{1,5})`;

/**
 * In the spellings of compilers (`x.c:12:3`), of TypeScript and MSBuild (`x.ts(12,3)`), of bash
 * (`x.sh: line 3:`), dash (`x.sh: 3:`) and Python (`File "x.py", line 3`), or a path alone. A path
 * begins only where one can and is taken whole, so that no stretch of a long line is read twice.
 */
const REFERENCE = new RegExp(
  String.raw`File "(${PATH_CHARACTER}{1,${LONGEST_PATH}})", line ${LINE}|` +
    String.raw`(?<!${PATH_CHARACTER})(${PATH_CHARACTER}+)` +
    String.raw`(?::${LINE}(?::${COLUMN})?(?!\d)|\(${LINE}(?:,${COLUMN})?\)|: (?:line )?${LINE}(?=:))?`,
  'gu',
);

/** With an extension: `12:30` and `host:8500` are no files. */
const WITH_EXTENSION = /^[^/]*[^/.][^/]*\.[\p{L}][\p{L}\p{N}_-]{0,15}$/u;
/** Files that go by such names alone. */
const WELL_KNOWN =
  /^(?:(?:GNU)?[Mm]akefile|[Jj]ustfile|(?:Docker|Container|Vagrant|Jenkins|Rake|Gem|Pip|Proc|Brew)file)$/;
/** In a folder, and with a line after it, anything that is no number. */
const WITHOUT_EXTENSION = /^[\p{L}_][^/]*$/u;

/** The files that a line of output names; whether there are such files is not known here. */
export function fileReferences(line: string): FileReference[] {
  if (!MAY_HOLD_ONE.test(line)) return [];
  const text = line.slice(0, READ_LENGTH);
  return Array.from(text.matchAll(REFERENCE), (match) => referenceOf(match, text)).filter(
    (reference) => reference !== undefined,
  );
}

/** Quick to tell, and true of every line with a reference in it. */
const MAY_HOLD_ONE = /[/\\]|:\d|: |\(\d|File "/;

function referenceOf(match: RegExpExecArray, text: string): FileReference | undefined {
  const { 0: whole, 1: quoted, 3: plain = '', index } = match;
  const line = match[2] ?? match[4] ?? match[6] ?? match[8];
  const column = match[5] ?? match[7];
  // A path alone may end a sentence.
  const path = quoted ?? (line === undefined ? withoutDots(plain) : plain);
  const reference = {
    start: index,
    end: line === undefined ? index + path.length : index + whole.length,
    path: path.replaceAll('\\', '/'),
    line: line === undefined ? undefined : Number(line),
    column: column === undefined ? undefined : Number(column),
  };
  return isFile(reference) && !isUrl(text, index) ? reference : undefined;
}

function withoutDots(path: string): string {
  let end = path.length;
  while (path[end - 1] === '.') end--;
  return path.slice(0, end);
}

function isFile({ path, line }: FileReference): boolean {
  if (path.length > LONGEST_PATH || line === 0) return false;
  const name = baseName(path);
  if (line === undefined && pathParts(path).length < 2) return false;
  if (WITH_EXTENSION.test(name) || WELL_KNOWN.test(name)) return true;
  return line !== undefined && path.includes('/') && WITHOUT_EXTENSION.test(name);
}

/** `//host/path` after another scheme than that of files: it is on a web server. */
function isUrl(text: string, index: number): boolean {
  return (
    text.startsWith(':/', index - 1) &&
    text[index + 1] === '/' &&
    !/file:$/i.test(text.slice(Math.max(0, index - 5), index))
  );
}

/** Whether it is the temporary file that agents put a script into (PROTOCOL.md §2.2). */
export function isSentScript({ path, line }: FileReference): boolean {
  return line !== undefined && /^rexec-?\d+$/.test(baseName(path));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Which of some files a path from another machine means: the one with which it has the most last
 * parts in common. None where several have as many, nor where the path has folders and not even the
 * last of them is the file's own: each package has its `index.ts`, and the wrong file would mislead.
 * @param candidates files with the same name
 * @param pathOf their whole paths, with `/`
 */
export function longestSuffixMatch<T>(
  path: string,
  candidates: readonly T[],
  pathOf: (candidate: T) => string,
): T | undefined {
  const wanted = pathParts(path);
  let best: T | undefined;
  let most = Math.min(wanted.length, 2) - 1;
  for (const candidate of candidates) {
    const common = commonEnd(wanted, pathParts(pathOf(candidate)));
    if (common === most) best = undefined;
    if (common <= most) continue;
    most = common;
    best = candidate;
  }
  return best;
}

/** Names of folders and of the file, without the steps that lead nowhere or back. */
function pathParts(path: string): string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts;
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a.at(-1 - count) === b.at(-1 - count)) count++;
  return count;
}
