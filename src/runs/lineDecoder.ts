/** A line longer than this many characters is handed on in pieces, so that memory stays bounded. */
const LONGEST_LINE = 1024 * 1024;

/**
 * Puts a node's chunks together into whole lines. Chunks cut characters and lines anywhere
 * (reference §2.3); bytes that are not UTF-8 become U+FFFD here, and stay exact in the store.
 */
export class LineDecoder {
  // Without ignoreBOM, Node drops a mark in mid-text that follows a cut character.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #rest = '';

  /** @returns the lines that are complete now, without their line ends */
  push(bytes: Uint8Array): string[] {
    return this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** @returns what the output ended in without a line end, if anything */
  end(): string[] {
    const lines = this.#take(this.#decoder.decode());
    if (this.#rest !== '') lines.push(this.#rest);
    this.#rest = '';
    return lines;
  }

  #take(text: string): string[] {
    if (!text.includes('\n') && this.#rest.length + text.length <= LONGEST_LINE) {
      this.#rest += text;
      return [];
    }
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    if (this.#rest.length > LONGEST_LINE) {
      lines.push(this.#rest);
      this.#rest = '';
    }
    return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }
}
