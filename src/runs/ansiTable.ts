import { ansiSpans, type AnsiSpan, isPlain } from './ansiSpans.ts';
import { type AnsiStyle, PLAIN } from './ansiStyle.ts';
import { LineDecoder } from './lineDecoder.ts';
import { TEXT_LIMITS } from './outputText.ts';
import type { OutputStore } from './outputStore.ts';
import { takeTurns } from '../exec/turns.ts';

/** 16 bytes each, so 32 MB at the most; what comes after that many stays plain. */
const MOST_SPANS = 2_000_000;
const MOST_STYLES = 4096;

/** A span in the lines of a node's document, counted from 0. */
export interface PlacedSpan extends AnsiSpan {
  readonly line: number;
}

/**
 * Where a node's output is coloured. It grows with the output, and only what is new is read for
 * that. It holds numbers instead of text, since a document may be large.
 */
export class AnsiTable {
  readonly #output: OutputStore;
  readonly #node: string;
  readonly #limit: number;
  readonly #decoder = new LineDecoder();
  #ended = false;
  #read = 0;
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
    this.#output = output;
    this.#node = node;
    this.#limit = limit;
  }

  /**
   * Takes in what the node wrote since.
   * @param isOver whether no more will come, so that a last line without an end is one
   */
  follow(isOver: boolean): Promise<void> {
    this.#following = this.#following.then(() => this.#follow(isOver));
    return this.#following;
  }

  /** The spans of some lines, the last included. */
  *spans(first: number, last: number): Generator<PlacedSpan, void> {
    for (let i = this.#find(first); i < this.#count; i++) {
      const [line = 0, start = 0, end = 0, style = 0] = this.#spans.subarray(i * 4, i * 4 + 4);
      if (line > last) return;
      yield { line, start, end, style: this.#styleList[style] ?? PLAIN };
    }
  }

  async #follow(isOver: boolean): Promise<void> {
    if (this.#ended) return;
    const turn = takeTurns();
    for await (const bytes of this.#output.stream(this.#node, this.#read, this.#limit)) {
      this.#read += bytes.length;
      for (const line of this.#decoder.push(bytes)) {
        this.#add(line);
        const wait = turn();
        if (wait) await wait;
      }
    }
    if (!isOver) return;
    this.#ended = true;
    for (const line of this.#decoder.end()) this.#add(line);
  }

  #add(line: string): void {
    const number = this.#line++;
    if (this.#count >= MOST_SPANS) return;
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
    if (known !== undefined || this.#styleList.length === MOST_STYLES) return known;
    this.#styles.set(key, this.#styleList.length);
    return this.#styleList.push(style) - 1;
  }

  /** The first span of the line or of one after it. */
  #find(line: number): number {
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#spans[middle * 4] ?? 0) < line) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
