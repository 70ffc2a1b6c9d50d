import { ansiSpans, type AnsiSpan, isPlain } from './ansiSpans.ts';
import { type AnsiStyle, PLAIN } from './ansiStyle.ts';
import { LineReader } from '../output/lineReader.ts';
import { TEXT_LIMITS } from '../output/outputText.ts';
import type { OutputStore } from '../output/outputStore.ts';
import { bisect } from '../../base/bisect.ts';
import { createYielder } from '../../base/yielder.ts';

/** 16 bytes each, so at most 32 MB; text after them is plain. */
const MAX_TABLE_SPANS = 2_000_000;
const MAX_STYLES = 4096;

/** A span in the lines of a node's document, counted from 0. */
export interface PlacedSpan extends AnsiSpan {
  readonly line: number;
}

/**
 * The colored parts of a node's output. The table grows with the output and reads only the new part.
 * It consists of numbers instead of text, since a document can be large.
 */
export class AnsiTable {
  readonly #limit: number;
  readonly #reader: LineReader;
  #ended = false;
  #line = 0;
  #style: AnsiStyle = PLAIN;
  readonly #styles = new Map<string, number>();
  readonly #styleList: AnsiStyle[] = [];
  /** Four numbers for each span: line, start, end, style. */
  #spans = new Int32Array(256);
  #count = 0;
  #following: Promise<void> = Promise.resolve();

  /** @param limit bytes of output that the document shows */
  constructor(output: OutputStore, node: string, limit = TEXT_LIMITS.bytes) {
    this.#limit = limit;
    this.#reader = new LineReader(output, node);
  }

  /**
   * Adds the output since the last call.
   * @param isOver whether the output is complete, so that a last line without an end counts
   */
  follow(isOver: boolean): Promise<void> {
    this.#following = this.#following.then(() => this.#follow(isOver));
    return this.#following;
  }

  /** The spans of the lines from first to last, including both. */
  *spans(first: number, last: number): Generator<PlacedSpan, void> {
    for (let i = this.#find(first); i < this.#count; i++) {
      const [line = 0, start = 0, end = 0, style = 0] = this.#spans.subarray(i * 4, i * 4 + 4);
      if (line > last) return;
      yield { line, start, end, style: this.#styleList[style] ?? PLAIN };
    }
  }

  async #follow(isOver: boolean): Promise<void> {
    if (this.#ended) return;
    const maybeYield = createYielder();
    for await (const lines of this.#reader.readTo(this.#limit)) {
      for (const line of lines) {
        this.#add(line);
        const wait = maybeYield();
        if (wait) await wait;
      }
    }
    if (!isOver) return;
    this.#ended = true;
    for (const line of this.#reader.end()) this.#add(line);
  }

  #add(line: string): void {
    const number = this.#line++;
    if (this.#count >= MAX_TABLE_SPANS) return;
    if (isPlain(this.#style) && !line.includes('\u001b') && !line.includes('\u009b')) return;
    const { spans, after } = ansiSpans(line, this.#style);
    for (const { start, end, style } of spans) {
      const id = this.#styleId(style);
      if (id !== undefined) this.#put(number, start, end, id);
    }
    this.#style = after;
  }

  #put(...span: readonly [line: number, start: number, end: number, style: number]): void {
    const at = this.#count++ * 4;
    if (at + 4 > this.#spans.length) {
      const larger = new Int32Array(this.#spans.length * 2);
      larger.set(this.#spans);
      this.#spans = larger;
    }
    this.#spans.set(span, at);
  }

  #styleId(style: AnsiStyle): number | undefined {
    const key = JSON.stringify(style);
    const known = this.#styles.get(key);
    if (known !== undefined || this.#styleList.length === MAX_STYLES) return known;
    this.#styles.set(key, this.#styleList.length);
    return this.#styleList.push(style) - 1;
  }

  /** The index of the first span in this line or a later one. */
  #find(line: number): number {
    return bisect(0, this.#count, (i) => (this.#spans[i * 4] ?? 0) >= line);
  }
}
