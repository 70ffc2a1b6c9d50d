import type { KnownNodes } from './knownNodes.ts';
import { NAME_FIELDS } from './nameList.ts';
import { listed, type NamedNodes, readingNames } from './nameNotation.ts';
import { resolvingNames } from './resolveNames.ts';
import { doInSlices, type Steps } from './steps.ts';

/**
 * Reads a file of names, without blocking: whatever can be pasted, and CSV with a column of names. A line
 * that begins with # is a comment.
 * @throws the signal's reason once it is aborted
 */
export function readNameFile(
  text: string,
  known: KnownNodes,
  signal: AbortSignal,
): Promise<NamedNodes> {
  return doInSlices(readingFile(text, known), signal);
}

function* readingFile(text: string, known: KnownNodes): Steps<NamedNodes> {
  const column = yield* readingColumn(text);
  if (column) return listed(yield* resolvingNames(column, known));
  const { lines, hasComments } = yield* readingLines(text, known);
  const names = yield* readingNames(hasComments ? lines.join('\n') : text, known);
  // A single name could be a filter where a user types it. In a file, it is a name.
  return names ?? listed(yield* resolvingNames(lines, known));
}

interface Lines {
  /** Those that are not empty, without comments. */
  readonly lines: readonly string[];
  readonly hasComments: boolean;
}

function* readingLines(text: string, known: KnownNodes): Steps<Lines> {
  yield* known.indexing();
  let hasComments = false;
  const lines: string[] = [];
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    yield;
    const content = line.replace('\ufeff', '').trim();
    const isComment = content.startsWith('#') && known.named(content).length === 0;
    if (isComment) hasComments = true;
    else if (content !== '') lines.push(content);
  }
  return { lines, hasComments };
}

const MAX_HEADING = 10_000;

/** The column of a CSV file whose heading says that it has names; undefined without such a heading. */
function* readingColumn(text: string): Steps<string[] | undefined> {
  const end = text.indexOf('\n');
  // A long first line is a list.
  if (end === -1 || end > MAX_HEADING) return undefined;
  const heading = text.slice(0, end);
  const delimiter = [',', ';', '\t'].find((candidate) => heading.includes(candidate));
  if (delimiter === undefined) return undefined;
  const headings = heading.split(delimiter).map((field) => bare(field).toLowerCase());
  const index = headings.findIndex((field) => NAME_FIELDS.includes(field));
  if (index === -1) return undefined;
  const names: string[] = [];
  let isHeading = true;
  for (const fields of readingRows(text, delimiter)) {
    yield;
    if (!fields) continue;
    const name = fields[index]?.trim() ?? '';
    if (!isHeading && name !== '') names.push(name);
    isHeading = false;
  }
  return names;
}

function bare(field: string): string {
  return field.replace(/[\ufeff"]/g, '').trim();
}

/**
 * The rows of a CSV file. A quoted field can have delimiters and lines in it, and two quotes for one.
 * @returns undefined after a field of the same row
 */
function* readingRows(text: string, delimiter: string): Generator<string[] | undefined> {
  const field = new RegExp(`("(?:[^"]|"")*"|[^${delimiter}\\r\\n]*)(${delimiter}|\\r?\\n|$)`, 'y');
  let row: string[] = [];
  while (field.lastIndex < text.length) {
    const [all, value = '', end] = field.exec(text) ?? [];
    // Text after a closing quote: what is left of the line isn't CSV.
    if (all === undefined) return;
    row.push(value.startsWith('"') ? value.slice(1, -1).replaceAll('""', '"') : value);
    yield undefined;
    if (end === delimiter) continue;
    yield row;
    row = [];
  }
}
