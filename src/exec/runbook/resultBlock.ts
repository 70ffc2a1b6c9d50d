import type { FencedBlock } from './markdownBlocks.ts';

/** In the info string of a result, so that the next one replaces it. */
const MARK = 'consul-exec-result';

/** A replacement of whole lines. Lines are counted from 0. */
export interface LineEdit {
  readonly from: number;
  /** The line after the replaced ones: `from` to insert only. */
  readonly to: number;
  /** New lines, without line breaks. */
  readonly lines: readonly string[];
}

/**
 * Writes a result below a block, in a block of its own; replaces the one that is there.
 * @param lines of the Markdown text
 * @param blocks all blocks of the text, in their order
 */
export function resultEdit(
  lines: readonly string[],
  blocks: readonly FencedBlock[],
  block: FencedBlock,
  result: readonly string[],
): LineEdit {
  const next = blocks[blocks.indexOf(block) + 1];
  const indent = indentOf(lines[block.fenceLine] ?? '');
  const fence = fenceFor(result);
  const written = [`${fence}text ${MARK}`, ...result, fence].map((line) =>
    `${indent}${line}`.trimEnd(),
  );
  const isNext =
    next !== undefined &&
    next.info.split(/\s+/).includes(MARK) &&
    lines.slice(block.endLine, next.fenceLine).every((line) => /^[>\s]*$/.test(line));
  if (isNext) return { from: next.fenceLine, to: next.endLine, lines: written };
  return { from: block.endLine, to: block.endLine, lines: [indent.trimEnd(), ...written] };
}

/** What the lines of a list or a quote begin with, where the line of the fence is one of theirs. */
function indentOf(line: string): string {
  const [before = ''] = /^.*?(?=`{3}|~{3})/.exec(line) ?? [];
  return before.replace(/[^>\s]/g, ' ');
}

/** Longer than any fence in the text. */
function fenceFor(lines: readonly string[]): string {
  const longest = lines.flatMap((line) => line.match(/`+/g) ?? []).map(({ length }) => length);
  return '`'.repeat(Math.max(3, ...longest.map((length) => length + 1)));
}
