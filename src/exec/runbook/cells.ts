import { isRunnable } from './blockLanguage.ts';
import { lastBreak, linesOf, withLf } from './lines.ts';
import { type FencedBlock, frontMatterLines, parseMarkdown } from './markdownBlocks.ts';

/**
 * A part of the lines of a Markdown file: a block that agents can run, or the prose up to the next one.
 * Its source is `head + body + tail`; the sources of all cells, after the start, are the file.
 */
export interface Cell {
  readonly kind: 'code' | 'prose';
  /** Of a block, as in its info string, in lower case; '' for prose. */
  readonly language: string;
  /** What the cell shows of the body: without marks of quotes and lists, with LF, without a last LF. */
  readonly text: string;
  /** The line of the opening fence; '' for prose. */
  readonly head: string;
  readonly body: string;
  /** The line of the closing fence, if there is one, and the blank lines below. */
  readonly tail: string;
}

export interface Runbook {
  /** A byte order mark, the front matter, and blank lines. */
  readonly start: string;
  readonly cells: readonly Cell[];
}

const BYTE_ORDER_MARK = '\ufeff';

/** Divides a Markdown file into cells. No character is lost. */
export function splitRunbook(markdown: string): Runbook {
  const mark = markdown.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  const lines = linesOf(markdown.slice(mark.length));
  const blocks = parseMarkdown(markdown).blocks.filter(({ language }) => isRunnable(language));
  const first = skipBlank(lines, frontMatterLines(markdown));
  const cells: Cell[] = [];
  let line = first;
  for (const block of blocks) {
    if (block.fenceLine > line) cells.push(proseCell(lines.slice(line, block.fenceLine)));
    line = skipBlank(lines, block.endLine);
    cells.push(codeCell(block, lines, line));
  }
  if (line < lines.length) cells.push(proseCell(lines.slice(line)));
  return { start: mark + lines.slice(0, first).join(''), cells };
}

function codeCell(block: FencedBlock, lines: readonly string[], end: number): Cell {
  const { language, text, fenceLine } = block;
  // Each line of a block is a line of its text.
  const bodyEnd = fenceLine + 1 + linesOf(text).length;
  return {
    kind: 'code',
    language,
    text: shown(text.replace(/\n$/, '')),
    head: lines[fenceLine] ?? '',
    body: lines.slice(fenceLine + 1, bodyEnd).join(''),
    tail: lines.slice(bodyEnd, end).join(''),
  };
}

/** @param lines of which the first is not blank */
function proseCell(lines: readonly string[]): Cell {
  const isLast = (line: string) => !isBlank(line);
  const bodyEnd = lines.findLastIndex(isLast) + 1;
  const whole = lines.slice(0, bodyEnd).join('');
  const end = lastBreak(whole);
  const body = whole.slice(0, whole.length - end.length);
  const tail = end + lines.slice(bodyEnd).join('');
  return { kind: 'prose', language: '', text: shown(withLf(body)), head: '', body, tail };
}

/** The editor leaves out a byte order mark at the start of a cell. */
function shown(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** The first line from this one on that is not blank. */
function skipBlank(lines: readonly string[], from: number): number {
  let line = from;
  while (line < lines.length && isBlank(lines[line] ?? '')) line++;
  return line;
}

function isBlank(line: string): boolean {
  return line.trim() === '';
}
