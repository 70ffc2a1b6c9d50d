import { t } from '@vscode/l10n';
import { DEFAULT_ENCODING } from '../../base/encoding.ts';
import { ScriptFileNames } from '../text/scriptName.ts';
import type { Gap } from './gaps.ts';

/** A line longer than this many characters is returned in pieces, so that memory stays bounded. */
const MAX_LINE_LENGTH = 1024 * 1024;
/** The maximum size of a chunk (PROTOCOL.md §2.3), in KB. */
const CHUNK_KILOBYTES = 4;

/** How the bytes of a node become lines. */
export interface Decoding {
  /** A label of `TextDecoder`. */
  readonly encoding: string;
  /** Whether the job is a script, whose temporary file gets the name `SCRIPT_NAME`. */
  readonly isScript: boolean;
}

const PLAIN: Decoding = { encoding: DEFAULT_ENCODING, isScript: false };

/**
 * Joins a node's chunks into whole lines. Chunks cut characters and lines anywhere (PROTOCOL.md §2.3),
 * and the lines do not depend on where. Bytes that the encoding does not allow become U+FFFD here, and
 * stay exact in the store.
 */
export class LineDecoder {
  readonly #decoder: InstanceType<typeof TextDecoder>;
  readonly #names: ScriptFileNames | undefined;
  #rest = '';

  constructor({ encoding, isScript }: Decoding = PLAIN) {
    // Without ignoreBOM, Node drops a byte order mark within the text after a cut character.
    this.#decoder = new TextDecoder(encoding, { ignoreBOM: true });
    this.#names = isScript ? new ScriptFileNames() : undefined;
  }

  /** @returns the lines that are complete now, without their line ends */
  push(bytes: Uint8Array): string[] {
    return this.#named(this.#take(this.#decoder.decode(bytes, { stream: true })));
  }

  /** @returns the rest without a line end, if any */
  end(): string[] {
    const lines = this.#take(this.#decoder.decode());
    if (this.#rest !== '') lines.push(this.#rest);
    this.#rest = '';
    return this.#named(lines);
  }

  /** The same for a piece of `withGaps`. A gap ends the line before it, and has a line of its own. */
  add(piece: Uint8Array | Gap): string[] {
    if (piece instanceof Uint8Array) return this.push(piece);
    const { chunks } = piece;
    return [...this.end(), t('… up to {0} KB missing here …', chunks * CHUNK_KILOBYTES)];
  }

  #named(lines: string[]): string[] {
    const names = this.#names;
    return names ? lines.map((line) => names.replace(line)) : lines;
  }

  #take(text: string): string[] {
    if (!text.includes('\n') && this.#rest.length + text.length <= MAX_LINE_LENGTH) {
      this.#rest += text;
      return [];
    }
    const lines = (this.#rest + text).split('\n');
    const rest = splitLongLine(lines.pop() ?? '');
    this.#rest = rest.pop() ?? '';
    const whole = lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    const isLong = ({ length }: string) => length > MAX_LINE_LENGTH;
    return [...(whole.some(isLong) ? whole.flatMap(splitLongLine) : whole), ...rest];
  }
}

/** Cuts at multiples of the maximum length, but never within a character. */
function splitLongLine(line: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (line.length - start > MAX_LINE_LENGTH) {
    let end = start + MAX_LINE_LENGTH;
    if (isHighSurrogate(line.charCodeAt(end - 1))) end--;
    pieces.push(line.slice(start, end));
    start = end;
  }
  return [...pieces, start === 0 ? line : line.slice(start)];
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}
