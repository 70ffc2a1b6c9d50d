import { eachLine } from '../runbook/lines.ts';
import type { FencedBlock } from '../runbook/markdownBlocks.ts';
import { type Directive, inheritDirectives } from './directive.ts';
import { type DirectiveText, readDirective } from './readDirective.ts';
import { scriptHead } from './scriptHead.ts';

/**
 * The directives of fenced blocks: in the info string, in a comment directly above the block, and in its
 * own first comment lines. What it doesn't say comes from comments directly below the headings above it.
 * @param lines of the Markdown text
 * @returns one for each block
 */
export function blockDirectives(
  lines: readonly string[],
  blocks: readonly FencedBlock[],
): Directive[] {
  const ofHeadings = new Map<number, Directive>();
  /** Lines of comments below headings, which can also be directly above a block. */
  const taken = new Set<number>();
  const ofHeading = (line: number) => {
    const known = ofHeadings.get(line);
    if (known) return known;
    const comments = commentsFrom(lines, below(lines, line), 1);
    for (const comment of comments) taken.add(comment.line);
    const found = readDirective(comments);
    ofHeadings.set(line, found);
    return found;
  };
  return blocks.map((block) => {
    const outer = block.headings.map(({ line }) => ofHeading(line));
    return inheritDirectives([...outer, ownDirective(lines, block, taken)]);
  });
}

function ownDirective(
  lines: readonly string[],
  block: FencedBlock,
  ofHeadings: ReadonlySet<number>,
): Directive {
  const above = commentsFrom(lines, block.fenceLine - 1, -1);
  return readDirective([
    ...above.filter(({ line }) => !ofHeadings.has(line)),
    ...infoText(lines, block.fenceLine),
    ...headOf(lines, block),
  ]);
}

/** A comment alone in its line, also in a list or a quote. */
const COMMENT = /^([>\s]*<!--[ \t]*)(.*?)[ \t]*-->\s*$/;

/** The line after a heading, which can be underlined. */
function below(lines: readonly string[], heading: number): number {
  const isUnderlined =
    !/^[>\s]*#/.test(lines[heading] ?? '') && /^[>\s]*(?:=+|-+)\s*$/.test(lines[heading + 1] ?? '');
  return heading + (isUnderlined ? 2 : 1);
}

/** Comments from a line on, in one direction; blank lines can be between them. */
function commentsFrom(lines: readonly string[], from: number, step: 1 | -1): DirectiveText[] {
  const comments: DirectiveText[] = [];
  for (let line = from; ; line += step) {
    const content = lines[line];
    if (content === undefined) break;
    if (/^[>\s]*$/.test(content)) continue;
    const [, start, text] = COMMENT.exec(content) ?? [];
    if (start === undefined || text === undefined) break;
    comments.push({ line, text, column: start.length });
  }
  return step === 1 ? comments : comments.reverse();
}

/** What follows the language: `sh consul-exec: service=web`. */
function infoText(lines: readonly string[], line: number): DirectiveText[] {
  const content = (lines[line] ?? '').trimEnd();
  const column = content.toLowerCase().indexOf('consul-exec:');
  return column === -1 ? [] : [{ line, text: content.slice(column), column }];
}

function headOf(lines: readonly string[], { fenceLine, text }: FencedBlock): DirectiveText[] {
  return scriptHead(eachLine(text)).map((head) => {
    const line = fenceLine + 1 + head.line;
    // A list or a quote around the block indents it.
    const indent = Math.max(0, (lines[line] ?? '').indexOf(head.text) - head.column);
    return { ...head, line, column: head.column + indent };
  });
}
