import { withGaps } from './gaps.ts';
import { LineDecoder } from './lineDecoder.ts';
import type { OutputStore } from './outputStore.ts';

/** Reads the lines of a node's output part by part, as they are before `displayLine`. */
export class LineReader {
  readonly #output: OutputStore;
  readonly #node: string;
  readonly #decoder: LineDecoder;
  #position = 0;
  #gaps = 0;

  constructor(output: OutputStore, node: string) {
    this.#output = output;
    this.#node = node;
    this.#decoder = new LineDecoder(output.decoding(node));
  }

  /** How many bytes have been read. */
  get position(): number {
    return this.#position;
  }

  /** Continues up to a position. Yields the lines that are complete then. */
  async *readTo(end: number): AsyncGenerator<readonly string[], void> {
    const blocks = this.#output.stream(this.#node, this.#position, end);
    const gaps = this.#output.gaps(this.#node).slice(this.#gaps);
    for await (const piece of withGaps(blocks, gaps, this.#position)) {
      if (piece instanceof Uint8Array) this.#position += piece.length;
      else this.#gaps++;
      yield this.#decoder.add(piece);
    }
  }

  /** Call this when the output is complete. @returns the rest without a line end, if any */
  end(): readonly string[] {
    return this.#decoder.end();
  }
}
