import MarkdownIt, { type MarkdownIt as Parser, type Token } from 'markdown-it';
import { linesOf, withLf } from './lines.ts';
import { isOpen, markdownSections, needsParser } from './markdownSections.ts';

export { isRunnable } from './blockLanguage.ts';

/** A heading of a Markdown text. */
interface Heading {
  /** 1 to 6. */
  readonly level: number;
  readonly line: number;
  /** As it is written, with its inline marks. */
  readonly text: string;
}

/** A fenced block of a Markdown text. Lines are counted from 0. */
export interface FencedBlock {
  /** The first word of the info string, in lower case; '' without one. */
  readonly language: string;
  /** The whole info string, trimmed. */
  readonly info: string;
  /** The line of the opening fence. */
  readonly fenceLine: number;
  /**
   * The line after the block: after its closing fence, or the end of the text, list item, or quote if none
   * closes it.
   */
  readonly endLine: number;
  /** Without the indentation of lists and the marks of quotes. Every line ends in LF. */
  readonly text: string;
  /**
   * The headings above it, the outermost first: the section of a heading ends at the next one of the same or
   * a higher level. A heading in a list item or a quote is above what follows in there.
   */
  readonly headings: readonly Heading[];
  /**
   * The text of an HTML comment directly above the fence, which has its lines for itself; blank lines
   * between them are allowed.
   */
  readonly comment: string | undefined;
}

export interface MarkdownBlocks {
  readonly blocks: readonly FencedBlock[];
  /** HTML comments directly below a heading, by the line of the heading. */
  readonly headingComments: ReadonlyMap<number, string>;
}

/** Finds the fenced blocks of a Markdown text as CommonMark defines them. Front matter is left out. */
export function parseMarkdown(markdown: string): MarkdownBlocks {
  return new MarkdownReader().read(markdown);
}

/** What a section has, wherever it is. */
interface Section {
  readonly tokens: readonly Token[];
  readonly lines: number;
  /** The next section can belong to what this one ends with. */
  readonly isOpen: boolean;
}

/** Reads one version of a text after the other. It parses only the sections that are new. */
export class MarkdownReader {
  /** The sections of the latest version. */
  #parsed: ReadonlyMap<string, Section> = new Map();

  read(markdown: string): MarkdownBlocks {
    // Most Markdown files have neither, and then there is nothing to parse.
    if (!/```|~~~|<!--/.test(markdown)) return { blocks: [], headingComments: new Map() };
    const text = withoutFrontMatter(plain(markdown));
    // The parser leaves out a last line of blanks that no line break ends.
    const sections = markdownSections(text.endsWith('\n') ? text : `${text}\n`);
    const parsed = new Map<string, Section>();
    const parse = (section: string) => {
      const found = parsed.get(section) ?? this.#parsed.get(section) ?? parseSection(section);
      parsed.set(section, found);
      return found;
    };
    const reader = new BlockReader();
    for (let from = 0, to = 1; from < sections.length; from = to++) {
      let section = parse(sections[from] ?? '');
      // Mostly the next section closes it; if nothing does, each try takes four times as many.
      for (let more = 1; section.isOpen && to < sections.length; more *= 4) {
        to = Math.min(sections.length, to + more);
        section = parse(sections.slice(from, to).join(''));
      }
      reader.add(section);
    }
    this.#parsed = parsed;
    return reader.found;
  }
}

function parseSection(text: string): Section {
  const lines = text.split('\n').length - 1;
  if (needsParser(text)) {
    const tokens = blockParser().parse(text, {});
    return { tokens, lines, isOpen: isOpen(text, tokens) };
  }
  // Of other sections only a heading matters, which is the first line.
  const heading = text.startsWith('#') ? text.slice(0, text.indexOf('\n') + 1) : '';
  const tokens = heading === '' ? [] : blockParser().parse(heading, {});
  return { tokens, lines, isOpen: false };
}

/** Of quotes and lists. What is deeper is left out, because the time to parse it grows quadratically. */
const MAX_NESTING = 40;

let parser: Parser | undefined;

/** Parses blocks only: what is inside a paragraph takes most of the time and doesn't matter here. */
function blockParser(): Parser {
  if (parser) return parser;
  parser = new MarkdownIt('commonmark', { maxNesting: MAX_NESTING });
  parser.core.ruler.enableOnly(['block']);
  return parser;
}

/** YAML between lines of three hyphens at the start. A rule, which looks the same, has a blank line below. */
const FRONT_MATTER = /^---[ \t]*\n(?=.*\S)(?:.*\n)*?(?:---|\.\.\.)[ \t]*(?:\n|$)/;

/** How many lines the front matter has. */
export function frontMatterLines(markdown: string): number {
  return linesOf(FRONT_MATTER.exec(plain(markdown))?.[0] ?? '').length;
}

/** The parser sees the same lines as the editor. */
function plain(markdown: string): string {
  return withLf(markdown.replace(/^\ufeff/, ''));
}

/** Leaves its line breaks, so that the lines below have the same numbers. */
function withoutFrontMatter(text: string): string {
  return text.replace(FRONT_MATTER, (front) => front.replace(/[^\n]+/g, ''));
}

/** Reads the tokens of the sections of a text in their order. */
class BlockReader {
  #tokens: readonly Token[] = [];
  /** The line that the current section begins with. */
  #line = 0;
  readonly #blocks: FencedBlock[] = [];
  readonly #headingComments = new Map<number, string>();
  /** Above the current token. */
  #headings: readonly Heading[] = [];
  /** The headings above each list item and quote that the current token is in. */
  readonly #outer: (readonly Heading[])[] = [];

  get found(): MarkdownBlocks {
    return { blocks: this.#blocks, headingComments: this.#headingComments };
  }

  add({ tokens, lines }: Section): void {
    this.#tokens = tokens;
    for (const [index, token] of tokens.entries()) this.#readToken(token, index);
    this.#line += lines;
  }

  #readToken(token: Token, index: number): void {
    switch (token.type) {
      case 'blockquote_open':
      case 'list_item_open':
        this.#outer.push(this.#headings);
        break;
      case 'blockquote_close':
      case 'list_item_close':
        this.#headings = this.#outer.pop() ?? [];
        break;
      case 'heading_open':
        this.#addHeading(token, this.#tokens[index + 1]);
        break;
      case 'html_block':
        this.#addHeadingComment(token, this.#tokens[index - 1]);
        break;
      case 'fence':
        this.#addBlock(token, this.#tokens[index - 1]);
        break;
    }
  }

  #addHeading({ tag, map }: Token, content: Token | undefined): void {
    const level = Number(tag.slice(1));
    const text = (content?.content ?? '').replaceAll('\n', ' ');
    const above = this.#headings.filter((heading) => heading.level < level);
    this.#headings = [...above, { level, line: this.#line + (map?.[0] ?? 0), text }];
  }

  #addHeadingComment(token: Token, above: Token | undefined): void {
    if (above?.type !== 'heading_close') return;
    const heading = this.#headings.at(-1);
    const comment = commentOf(token);
    if (heading && comment !== undefined) this.#headingComments.set(heading.line, comment);
  }

  #addBlock({ info, map, content }: Token, above: Token | undefined): void {
    const [fenceLine, endLine] = map ?? [0, 0];
    const [language = ''] = info.trim().split(/\s/, 1);
    this.#blocks.push({
      language: language.toLowerCase(),
      info: info.trim(),
      fenceLine: this.#line + fenceLine,
      endLine: this.#line + endLine,
      text: content,
      headings: this.#headings,
      comment: above?.type === 'html_block' ? commentOf(above) : undefined,
    });
  }
}

/** @returns undefined if there is anything else in its lines */
function commentOf({ content }: Token): string | undefined {
  const html = content.trim();
  if (!html.startsWith('<!--') || html.indexOf('-->') !== html.length - 3) return undefined;
  return html.slice(4, -3).trim();
}
