/** A line of the head of a script. */
export interface HeadLine {
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** A line that is blank or a comment. A lone carriage return ends a line in Python, but not here. */
const HASH_COMMENT = /^[ \t]*(?:#[^\r]*)?\r?$/;
/** The same for languages that we only need to name. */
const ANY_COMMENT = /^[ \t]*(?:(?:#|\/\/|--|;|%)[^\r]*)?\r?$/;

/**
 * The head of a script: the comments and blank lines at its beginning, with the `#!` line. What looks like
 * a comment further down can be a part of a string or of a here-document.
 * @param onlyHash whether comments begin with `#`
 */
export function headLines(text: string, onlyHash: boolean): HeadLine[] {
  const comment = onlyHash ? HASH_COMMENT : ANY_COMMENT;
  const head: HeadLine[] = [];
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    const raw = text.slice(from, end === -1 ? text.length : end);
    const line = from === 0 ? raw.replace(/^\ufeff/, '') : raw;
    if (!comment.test(line)) break;
    head.push({ text: line.replace(/\r$/, ''), line: head.length + 1 });
    if (end === -1) break;
    from = end + 1;
  }
  return head;
}
