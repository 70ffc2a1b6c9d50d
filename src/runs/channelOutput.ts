import { t } from '@vscode/l10n';
import { outputLine } from './channelText.ts';
import { LineDecoder } from './lineDecoder.ts';
import type { OutputStore } from './outputStore.ts';

/**
 * A channel that is shown is a document, and VS Code hands its text to every extension again and
 * again: 20 MB of it held up the extension host for half a second, 1 MB for 15 ms. What is beyond is
 * in the nodes' own documents.
 */
const MOST_CHARACTERS = 1024 * 1024;

/** What nodes wrote as lines of a run's channel, up to a limit at which a last line says so. */
export class ChannelOutput {
  readonly #width: number;
  readonly #most: number;
  readonly #decoders = new Map<string, LineDecoder>();
  #characters = 0;

  /**
   * @param width characters to pad names to
   * @param most characters in all; exceeded by less than one line
   */
  constructor(width: number, most = MOST_CHARACTERS) {
    this.#width = width;
    this.#most = most;
  }

  /** Takes in what a node wrote after all that came before. @returns the lines that are complete now */
  push(node: string, bytes: Uint8Array): string[] {
    // Nobody would see it, so it is not even decoded.
    return this.#isFull ? [] : this.#lines(node, this.#decoder(node).push(bytes));
  }

  /**
   * Takes in all that a node wrote before, as far as there is room.
   * @param size bytes it wrote up to the moment from which on `push` is told
   */
  async *replay(output: OutputStore, node: string, size: number): AsyncGenerator<string[], void> {
    for await (const bytes of output.stream(node, 0, size)) {
      if (this.#isFull) return;
      yield this.push(node, bytes);
    }
  }

  /** The node writes no more. @returns what it ended in without a line end, if anything */
  end(node: string): string[] {
    return this.#lines(node, this.#decoders.get(node)?.end() ?? []);
  }

  /** No node writes any more. */
  endAll(): string[] {
    return [...this.#decoders.keys()].flatMap((node) => this.end(node));
  }

  get #isFull(): boolean {
    return this.#characters > this.#most;
  }

  #lines(node: string, lines: readonly string[]): string[] {
    const text: string[] = [];
    if (this.#isFull) return text;
    for (const line of lines) {
      const written = outputLine(node, line, this.#width);
      text.push(written);
      this.#characters += written.length + 1;
      if (this.#characters <= this.#most) continue;
      const rest = t(
        '… this channel is full. Open a node’s own output in the Runs view for the rest.',
      );
      return [...text, rest];
    }
    return text;
  }

  #decoder(node: string): LineDecoder {
    let decoder = this.#decoders.get(node);
    if (!decoder) this.#decoders.set(node, (decoder = new LineDecoder()));
    return decoder;
  }
}
