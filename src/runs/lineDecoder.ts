/** A line longer than this many characters is handed on in pieces, so that memory stays bounded. */
const LONGEST_LINE = 1024 * 1024;

/**
 * Puts a node's chunks together into whole lines. Chunks cut characters and lines anywhere
 * (PROTOCOL.md §2.3), and no line depends on where; bytes that are not UTF-8 become U+FFFD here, and
 * stay exact in the store.
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
    const rest = cut(lines.pop() ?? '');
    this.#rest = rest.pop() ?? '';
    const whole = lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    const isLong = ({ length }: string) => length > LONGEST_LINE;
    return [...(whole.some(isLong) ? whole.flatMap(cut) : whole), ...rest];
  }
}

/** At multiples of the longest, but never in the middle of a character. */
function cut(line: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (line.length - start > LONGEST_LINE) {
    let end = start + LONGEST_LINE;
    if (isHighSurrogate(line.charCodeAt(end - 1))) end--;
    pieces.push(line.slice(start, end));
    start = end;
  }
  return [...pieces, start === 0 ? line : line.slice(start)];
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}
