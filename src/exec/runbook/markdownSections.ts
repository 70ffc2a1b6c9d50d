import type { Token } from 'markdown-it';

const HEADING = /^#{1,6}(?:[ \t]|$)/;
const FENCE = /^ {0,3}(`{3,}|~{3,})/;

/**
 * Divides a Markdown text at its headings that aren't indented. Such a heading ends paragraphs, lists, and
 * quotes, so what follows doesn't depend on what is above, unless `isOpen` says so.
 * @param text with LF as its line break
 * @returns the sections, which joined are the text
 */
export function markdownSections(text: string): string[] {
  const sections: string[] = [];
  let from = 0;
  let fence: string | undefined;
  for (let at = 0; at < text.length; at = nextLine(text, at)) {
    const first = text[at];
    if (first === '#') {
      // Comments of a script look like headings.
      if (fence !== undefined || at === from || !HEADING.test(lineAt(text, at))) continue;
      sections.push(text.slice(from, at));
      from = at;
    } else if (first === '`' || first === '~' || first === ' ') {
      const [, marks] = FENCE.exec(lineAt(text, at)) ?? [];
      if (marks === undefined) continue;
      if (fence === undefined) fence = marks;
      else if (marks.startsWith(fence)) fence = undefined;
    }
  }
  sections.push(text.slice(from));
  return sections;
}

function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end + 1;
}

function lineAt(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(at, end === -1 ? undefined : end);
}

/** Fences, HTML, and headings that are underlined or indented. */
const MORE_THAN_PROSE = /```|~~~|^ {0,3}(?:<|(?:=+|-+)[ \t]*$)|^ {1,3}#/m;

/** Whether a section can have a block, a comment, or a heading that is not its first line. */
export function needsParser(section: string): boolean {
  return MORE_THAN_PROSE.test(section);
}

/** Whether the next section can belong to what this one ends with: a block without a closing mark. */
export function isOpen(section: string, tokens: readonly Token[]): boolean {
  const last = tokens.at(-1);
  if (last?.type !== 'fence' && last?.type !== 'html_block') return false;
  const lines = section.split('\n');
  // What a line break follows isn't a line.
  const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  if ((last.map?.[1] ?? 0) < count) return false;
  if (last.type === 'html_block') return true;
  const end = lines[count - 1] ?? '';
  const isClosed =
    count - 1 > (last.map?.[0] ?? 0) &&
    /^ {0,3}(?:`+|~+)[ \t]*$/.test(end) &&
    end.trim().startsWith(last.markup);
  return !isClosed;
}
