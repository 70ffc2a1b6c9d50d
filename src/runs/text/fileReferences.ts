import { isScriptFileName, SCRIPT_NAME } from './scriptName.ts';

/** A file that a line of output names, usually with a position in it: `path/to/file.ext:12:3`. */
export interface FileReference {
  /** Its position in the line, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** The path as written, but with `/` between its parts. */
  readonly path: string;
  /** From 1; undefined for a path alone, which then includes a folder. */
  readonly line: number | undefined;
  /** From 1. */
  readonly column: number | undefined;
}

/** Only this much of a line is read: lines that name files are not longer. */
const MAX_LINE_LENGTH = 2000;
const MAX_PATH_LENGTH = 300;

const PATH_CHARACTER = String.raw`[\p{L}\p{N}_.+@%~\\/-]`;
const LINE = String.raw`(\d{1,7})`;
const COLUMN = String.raw`(\d{1,5})`;

/**
 * Matches the formats of compilers (`x.c:12:3`), TypeScript and MSBuild (`x.ts(12,3)`), bash
 * (`x.sh: line 3:`), dash (`x.sh: 3:`), ksh (`x.sh[3]:`), Perl (`x.pl line 3`), PHP (`x.php on line 3`)
 * and Python and Tcl (`File "x.py", line 3`), and a path alone. A path is always matched from its first
 * to its last character, so that no part of a long line is read twice.
 */
const REFERENCE = new RegExp(
  String.raw`[Ff]ile "(${PATH_CHARACTER}{1,${MAX_PATH_LENGTH}})",? line ${LINE}|` +
    String.raw`(?<!${PATH_CHARACTER})(${PATH_CHARACTER}+)` +
    String.raw`(?::${LINE}(?::${COLUMN})?(?!\d)|\(${LINE}(?:,${COLUMN})?\)|: (?:line )?${LINE}(?=:)|` +
    String.raw`\[${LINE}\](?=:)| (?:on )?line ${LINE}(?!\w))?`,
  'gu',
);

/** With an extension: `12:30` and `host:8500` are not files. */
const WITH_EXTENSION = /^[^/]*[^/.][^/]*\.[\p{L}][\p{L}\p{N}_-]{0,15}$/u;
/** Well-known files without an extension. */
const WELL_KNOWN =
  /^(?:(?:GNU)?[Mm]akefile|[Jj]ustfile|(?:Docker|Container|Vagrant|Jenkins|Rake|Gem|Pip|Proc|Brew)file)$/;
/** In a folder and with a line number after it, anything but a number. */
const WITHOUT_EXTENSION = /^[\p{L}_][^/]*$/u;

/** The files that a line of output names, whether or not they exist. */
export function fileReferences(line: string): FileReference[] {
  if (!MAY_CONTAIN_REFERENCE.test(line)) return [];
  const text = line.slice(0, MAX_LINE_LENGTH);
  return Array.from(text.matchAll(REFERENCE), (match) => referenceOf(match, text)).filter(
    (reference) => reference !== undefined,
  );
}

/** A fast test that every line with a reference passes. */
const MAY_CONTAIN_REFERENCE = /[/\\]|:\d|: |\(\d|\[\d| line \d|ile "/;

function referenceOf(match: RegExpExecArray, text: string): FileReference | undefined {
  const { 0: whole, 1: quoted, 3: plain = '', index } = match;
  const line = [2, 4, 6, 8, 9, 10].map((group) => match[group]).find(Boolean);
  const column = match[5] ?? match[7];
  // A path alone can be the end of a sentence.
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
  if (path.length > MAX_PATH_LENGTH || line === 0) return false;
  const name = baseName(path);
  if (line === undefined && pathParts(path).length < 2) return false;
  if (WITH_EXTENSION.test(name) || WELL_KNOWN.test(name)) return true;
  if (line !== undefined && path === SCRIPT_NAME) return true;
  return line !== undefined && path.includes('/') && WITHOUT_EXTENSION.test(name);
}

/** `//host/path` after a scheme other than `file` is on a web server. */
function isUrl(text: string, index: number): boolean {
  return (
    text.startsWith(':/', index - 1) &&
    text[index + 1] === '/' &&
    !/file:$/i.test(text.slice(Math.max(0, index - 5), index))
  );
}

/** Whether it is the script, by the name in documents or that of the agent's temporary file. */
export function isUploadedScript({ path, line }: FileReference): boolean {
  return line !== undefined && (path === SCRIPT_NAME || isScriptFileName(baseName(path)));
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Finds the file that a path from another machine means: the candidate with the longest common suffix.
 * Undefined for a tie, and where the path has folders and the last of them differs: each package has
 * its `index.ts`, and the wrong file would mislead.
 * @param candidates files with the same name
 * @param pathOf returns a candidate's whole path, with `/`
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

/** Names of folders and of the file, with `.` and `..` resolved. */
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
