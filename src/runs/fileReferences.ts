/** A place in a file that a line of output names: `path/to/file.ext:12:3`. */
export interface FileReference {
  /** Where it stands in the line, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  /** As it stands there, but with `/` between its parts. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number | undefined;
}

/** A line is read this far: what names files is not longer. */
const READ_LENGTH = 2000;
const LONGEST_PATH = 300;

/** Begins only where a path can, so that no stretch of a long line is read twice. */
const REFERENCE =
  /(?<![\p{L}\p{N}_.+@%~\\/-])([\p{L}\p{N}_.+@%~\\/-]+):(\d{1,7})(?::(\d{1,5}))?(?!\d)/gu;

/** Parts of a path, the last with an extension: `12:30` and `host:8500` are no files. */
const FILE_NAME = /^[^/]*[^/.][^/]*\.[\p{L}][\p{L}\p{N}_-]{0,15}$/u;

/** The places in files that a line of output names; whether there are such files is not known here. */
export function fileReferences(line: string): FileReference[] {
  if (!line.includes(':')) return [];
  return Array.from(line.slice(0, READ_LENGTH).matchAll(REFERENCE), (match) => {
    const { 0: text, 1: path = '', 2: number = '', 3: column, index } = match;
    return {
      start: index,
      end: index + text.length,
      path: path.replaceAll('\\', '/'),
      line: Number(number),
      column: column === undefined ? undefined : Number(column),
    };
  }).filter(
    ({ path, line }) => line > 0 && path.length <= LONGEST_PATH && FILE_NAME.test(baseName(path)),
  );
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * Which of some files a path from another machine means: the one with which it has the most last
 * parts in common. None where several have as many: the wrong file would mislead.
 * @param candidates files with the same name
 * @param pathOf their whole paths, with `/`
 */
export function longestSuffixMatch<T>(
  path: string,
  candidates: readonly T[],
  pathOf: (candidate: T) => string,
): T | undefined {
  const wanted = partsOf(path);
  let best: T | undefined;
  let most = 0;
  for (const candidate of candidates) {
    const common = commonEnd(wanted, partsOf(pathOf(candidate)));
    if (common === most) best = undefined;
    if (common <= most) continue;
    most = common;
    best = candidate;
  }
  return best;
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

function commonEnd(a: readonly string[], b: readonly string[]): number {
  let count = 0;
  while (count < a.length && count < b.length && a.at(-1 - count) === b.at(-1 - count)) count++;
  return count;
}
