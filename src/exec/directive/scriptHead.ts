/** A comment line at the beginning of a script. */
export interface HeadLine {
  /** Its number, from 0. */
  readonly line: number;
  /** What follows the comment marks, with spaces at the end removed. */
  readonly text: string;
  /** Where `text` begins in its line, from 0. */
  readonly column: number;
}

/** The marks that begin a comment in the languages of scripts. */
const COMMENT = /^\s*(?:#+|\/\/+|--+|;+|%+|\/\*+|<!--)[ \t]*/;
const COMMENT_END = /[ \t]*(?:\*\/|-->)[ \t]*$/;
/** What the lines of a longer comment can begin with. */
const INSIDE = /^\s*(?:\*(?!\/))?[ \t]*/;

/** More lines than a license and a description have. */
const MAX_LINES = 200;

/**
 * The comment lines that a script begins with. The first line of code ends them, so that nothing inside
 * a string or a here-document is one.
 * @param lines of the text; only the first ones are read
 */
export function scriptHead(lines: Iterable<string>): HeadLine[] {
  const head: HeadLine[] = [];
  let line = -1;
  /** What closes the comment that this line is inside of. */
  let open: string | undefined;
  for (const raw of lines) {
    line++;
    if (line === MAX_LINES) break;
    const content = line === 0 ? raw.replace(/^\ufeff/, '') : raw;
    if (content.trim() === '' || (line === 0 && content.startsWith('#!'))) continue;
    const [mark] = (open === undefined ? COMMENT : INSIDE).exec(content) ?? [];
    if (mark === undefined) break;
    const text = content.slice(mark.length).replace(COMMENT_END, '').trimEnd();
    head.push({ line, text, column: raw.length - content.length + mark.length });
    open ??= closingOf(mark);
    const closed = open === undefined ? -1 : content.indexOf(open, mark.length - 1);
    if (open === undefined || closed === -1) continue;
    // Code can follow in the same line.
    if (content.slice(closed + open.length).trim() !== '') break;
    open = undefined;
  }
  return head;
}

function closingOf(mark: string): string | undefined {
  if (mark.includes('/*')) return '*/';
  return mark.includes('<!--') ? '-->' : undefined;
}
