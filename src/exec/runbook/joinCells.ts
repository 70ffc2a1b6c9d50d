import type { Cell } from './cells.ts';
import { firstBreak, lastBreak, linesOf, withLf } from './lines.ts';

/** A cell as it is in the editor. */
export interface EditedCell extends Pick<Cell, 'kind' | 'language' | 'text'> {
  /** The cell of the file that it was, and its place among those; undefined for a new one. */
  readonly origin: OriginalCell | undefined;
}

export interface OriginalCell extends Cell {
  readonly index: number;
}

/** The text of a runbook. Cells that were not edited are written as they were in the file. */
export function joinRunbook(start: string, cells: readonly EditedCell[]): string {
  const lineBreak = firstBreak(start + cells.map(({ origin }) => sourceOf(origin)).join(''));
  let text = start;
  let above = -1;
  for (const cell of cells) {
    const index = cell.origin?.index;
    if (index !== above + 1) text += separation(text, lineBreak);
    text += writeCell(cell, lineBreak);
    above = index ?? NaN;
  }
  return text;
}

/** A longer line counts as blank if it ends with so many blanks. */
const MAX_BLANK_LINE = 1000;

/** What makes the next cell a paragraph of its own below cells that were not above it in the file. */
function separation(above: string, lineBreak: string): string {
  if (above === '' || above === '\ufeff') return '';
  const end = lastBreak(above);
  if (end === '') return lineBreak + lineBreak;
  const lastLine = linesOf(above.slice(-MAX_BLANK_LINE)).at(-1) ?? '';
  return lastLine.trim() === '' ? '' : lineBreak;
}

function sourceOf(origin: Cell | undefined): string {
  return origin ? origin.head + origin.body + origin.tail : '';
}

function writeCell(cell: EditedCell, lineBreak: string): string {
  const { kind, language, origin } = cell;
  const text = textOf(cell);
  if (origin?.kind !== kind) {
    if (kind === 'prose') return withBreaks(text, lineBreak) + lineBreak;
    return writeBlock({ ...NEW_FRAME, info: language, below: lineBreak }, text, lineBreak);
  }
  if (text === origin.text && language === origin.language) return sourceOf(origin);
  const own = lastBreak(origin.head) || firstBreak(origin.body + origin.tail + lineBreak);
  if (kind === 'prose') return withBreaks(text, own) + origin.tail;
  const frame = frameOf(origin);
  const info = language === origin.language ? frame.info : language;
  return writeBlock({ ...frame, info }, text, own);
}

/** With `files.insertFinalNewline`, the editor adds a line break to each cell, which has one already. */
function textOf({ text, origin }: EditedCell): string {
  const lf = withLf(text);
  return lf === origin?.text ? lf : lf.replace(/\n$/, '');
}

function withBreaks(text: string, lineBreak: string): string {
  return text.replaceAll('\n', lineBreak);
}

/** What is around the text of a block. */
interface Frame {
  /** Before the opening fence: marks of quotes and list items, and their indentation. */
  readonly prefix: string;
  readonly fence: string;
  readonly info: string;
  /** Before each line of the text. */
  readonly inner: string;
  /** Before the closing fence. */
  readonly closingPrefix: string;
  readonly closingFence: string;
  /** After the closing fence. */
  readonly below: string;
}

const NEW_FRAME = {
  prefix: '',
  fence: '```',
  inner: '',
  closingPrefix: '',
  closingFence: '```',
} as const;

function frameOf({ head, body, tail }: Cell): Frame {
  const [, prefix = '', fence = '```', info = ''] =
    /^(.*?)(`{3,}|~{3,})([^\r\n]*)/.exec(head) ?? [];
  // Also the lines below a list item belong to it if they are indented.
  const inner = prefix.replace(/[^\s>]/g, ' ');
  const [, closingPrefix, closingFence = fence, below = ''] =
    /^([\s>]*?)(`{3,}|~{3,})(.*)$/s.exec(tail) ?? [];
  const opening = { prefix, fence, info, inner };
  if (closingPrefix !== undefined) return { ...opening, closingPrefix, closingFence, below };
  const unclosed = { closingPrefix: inner, closingFence, below: lastBreak(head + body) + tail };
  return { ...opening, ...unclosed };
}

function writeBlock(frame: Frame, text: string, lineBreak: string): string {
  const { prefix, fence, info, inner, closingPrefix, closingFence, below } = frame;
  const longer = fence.padEnd(longestFence(text, fence) + 1, fence.charAt(0));
  const lines = text === '' ? [] : text.split('\n');
  const body = lines.map((line) => (line === '' ? inner.trimEnd() : inner + line));
  const closing = closingFence.length < longer.length ? longer : closingFence;
  return [prefix + longer + info, ...body, closingPrefix + closing].join(lineBreak) + below;
}

/** The length of the longest line of the text that could close the block. */
function longestFence(text: string, fence: string): number {
  const fences = text.match(fence.startsWith('~') ? /^ {0,3}~{3,}/gm : /^ {0,3}`{3,}/gm) ?? [];
  return fences.reduce((most, line) => Math.max(most, line.trimStart().length), 0);
}
