import { t } from '@vscode/l10n';
import { createYielder } from '../../base/yielder.ts';
import { LineReader } from '../output/lineReader.ts';
import type { OutputStore } from '../output/outputStore.ts';
import { displayLine } from '../text/displayText.ts';
import { type IgnoredDifferences, PLACEHOLDER, textFilter } from './ignoredDifferences.ts';

/** How much of a line identifies a group. */
const MAX_EXCERPT_LENGTH = 60;
/** Characters to show before a difference that would otherwise be beyond the excerpt. */
const CONTEXT_BEFORE_DIFFERENCE = 20;
/** Bytes to read first: most outputs differ in their first lines. */
const FIRST_READ_BYTES = 2048;
/** How much of each output is compared, if the outputs are few. */
const MAX_READ_BYTES = 256 * 1024;
/** How much is compared in total. */
const MAX_TOTAL_BYTES = 16 * 1024 * 1024;

/** The first lines of a node's output, as its document shows them, read when they are needed. */
class FirstLines {
  readonly #output: OutputStore;
  readonly #node: string;
  readonly #maxBytes: number;
  readonly #reader: LineReader;
  readonly #filter: (text: string) => string;
  readonly #lines: string[] = [];
  #nextRead = FIRST_READ_BYTES;
  #isOver = false;

  /** @param filter removes what does not count when lines are compared */
  constructor(
    output: OutputStore,
    node: string,
    maxBytes: number,
    filter: (text: string) => string,
  ) {
    this.#output = output;
    this.#node = node;
    this.#maxBytes = maxBytes;
    this.#reader = new LineReader(output, node);
    this.#filter = filter;
  }

  /** @returns undefined after the last line, and beyond the maximum size; a promise if it must be read */
  line(index: number): string | undefined | Promise<string | undefined> {
    const isRead = index < this.#lines.length || this.#isOver || this.isCut;
    return isRead ? this.#lines[index] : this.#readMore().then(() => this.line(index));
  }

  filtered(line: string): string {
    return this.#filter(line);
  }

  /** Whether the output continues beyond the maximum size. */
  get isCut(): boolean {
    return !this.#isOver && this.#reader.position >= this.#maxBytes;
  }

  async #readMore(): Promise<void> {
    const end = Math.min(this.#nextRead, this.#maxBytes);
    for await (const lines of this.#reader.readTo(end)) this.#add(lines);
    this.#nextRead *= 4;
    if (this.#reader.position < this.#output.size(this.#node)) return;
    this.#isOver = true;
    this.#add(this.#reader.end());
  }

  #add(lines: readonly string[]): void {
    for (const line of lines) this.#lines.push(displayLine(line));
  }
}

/** The first line that differs from the reference's. */
interface Difference {
  /** From 0. */
  readonly index: number;
  /** Undefined where the output ends. */
  readonly line: string | undefined;
  /** The part of the line to compare, and where it begins to differ. */
  readonly compared: string;
  readonly column: number;
}

export interface ExcerptOptions {
  readonly output: OutputStore;
  /** A node whose output the others are compared with; undefined when there is nothing to compare. */
  readonly reference: string | undefined;
  readonly ignored: IgnoredDifferences;
  /** Returns a node's name on the node itself. */
  readonly nameOf: (node: string) => string;
  /** How many groups are shown. */
  readonly groups: number;
}

/** Describes the outputs of groups in a few words each: by what tells them apart from one of them. */
export class GroupExcerpts {
  readonly #options: ExcerptOptions;
  readonly #reference: FirstLines | undefined;

  constructor(options: ExcerptOptions) {
    this.#options = options;
    const { reference } = options;
    this.#reference = reference === undefined ? undefined : this.#firstLines(reference);
  }

  /** @param node the first node of the group */
  async describe(node: string): Promise<string> {
    if (this.#options.output.size(node) === 0) return noOutputLabel();
    const lines = this.#firstLines(node);
    const difference =
      this.#reference && node !== this.#options.reference
        ? await firstDifference(lines, this.#reference, this.#options.ignored)
        : undefined;
    return difference ? differenceLabel(lines, difference) : firstLineLabel(lines);
  }

  #firstLines(node: string): FirstLines {
    const { output, ignored, nameOf, groups } = this.#options;
    const maxBytes = Math.min(MAX_READ_BYTES, Math.round(MAX_TOTAL_BYTES / Math.max(1, groups)));
    return new FirstLines(output, node, maxBytes, textFilter(ignored, nameOf(node)));
  }
}

/** @returns undefined if no difference is visible, or within reach */
async function firstDifference(
  group: FirstLines,
  reference: FirstLines,
  { trailingSpace }: IgnoredDifferences,
): Promise<Difference | undefined> {
  const maybeYield = createYielder();
  for (let index = 0; ; index++) {
    const wait = maybeYield();
    if (wait) await wait;
    const [one, two] = [group.line(index), reference.line(index)];
    const line = one instanceof Promise ? await one : one;
    const other = two instanceof Promise ? await two : two;
    const isCut = (line === undefined && group.isCut) || (other === undefined && reference.isCut);
    if (isCut || (line === undefined && other === undefined)) return undefined;
    if (line === other) continue;
    const compared = group.filtered(line ?? '');
    const against = reference.filtered(other ?? '');
    // With trailing space, empty lines at the end are ignored as well.
    const bothExist = line !== undefined && other !== undefined;
    if (compared === against && (bothExist || trailingSpace)) continue;
    return { index, line, compared, column: commonLength(compared, against) };
  }
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

async function differenceLabel(lines: FirstLines, difference: Difference): Promise<string> {
  const { index, line } = difference;
  if (line === undefined) {
    return index === 0 ? noOutputLabel() : t('ends after line {0}', index);
  }
  const isFirst = index === (await firstTextIndex(lines));
  const isLast = (await lines.line(index + 1)) === undefined && !lines.isCut;
  const isVisible = difference.column < MAX_EXCERPT_LENGTH;
  const text = isVisible
    ? quoted(line.trim(), isLast)
    : quoted(
        `…${difference.compared
          .replaceAll(PLACEHOLDER, '…')
          .slice(difference.column - CONTEXT_BEFORE_DIFFERENCE)
          .trim()}`,
        isLast,
      );
  return isFirst ? text : t('line {0}: {1}', index + 1, text);
}

async function firstLineLabel(lines: FirstLines): Promise<string> {
  const index = await firstTextIndex(lines);
  const line = await lines.line(index);
  if (line === undefined) return noOutputLabel();
  return quoted(line.trim(), (await lines.line(index + 1)) === undefined && !lines.isCut);
}

/** The index of the first line that is not blank. */
async function firstTextIndex(lines: FirstLines): Promise<number> {
  let index = 0;
  for (let line = await lines.line(index); line?.trim() === ''; line = await lines.line(index)) {
    index++;
  }
  return index;
}

/** @param isLast whether no output follows */
function quoted(text: string, isLast: boolean): string {
  const isCut = text.length > MAX_EXCERPT_LENGTH || !isLast;
  return `"${text.slice(0, MAX_EXCERPT_LENGTH).toWellFormed()}${isCut ? '…' : ''}"`;
}

function noOutputLabel(): string {
  return t('no output');
}
