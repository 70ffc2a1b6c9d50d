import { createHash, hash, type Hash } from 'node:crypto';
import { type Ignored, ignoresAnything, linesFilter } from './ignored.ts';
import { LineDecoder } from './lineDecoder.ts';

/**
 * Outputs with the same digest are taken for identical, and nodes are not to be trusted: one could
 * hide behind another's output if collisions could be made.
 */
const ALGORITHM = 'sha256';
const ENCODING = 'base64';

/** Tells what two nodes wrote apart, and keeps none of it. */
export interface OutputDigest {
  append(bytes: Uint8Array): void;
  /** Of all that was appended; nothing can be after that. */
  end(): string;
}

/** The digest of no output at all, whatever is ignored. */
export const EMPTY_DIGEST = hash(ALGORITHM, '', ENCODING);

export function outputDigest(node: string, ignored: Ignored): OutputDigest {
  return ignoresAnything(ignored) ? new TextDigest(ignored, node) : new ByteDigest();
}

/** The digest of an output that went on after its end. */
export function digestOfMore(before: string, bytes: Uint8Array): string {
  return createHash(ALGORITHM).update(before).update(bytes).digest(ENCODING);
}

class ByteDigest implements OutputDigest {
  /** Most nodes write one chunk: then no hash object is made. */
  #first: Uint8Array | undefined;
  #hash: Hash | undefined;

  append(bytes: Uint8Array): void {
    if (this.#hash) {
      this.#hash.update(bytes);
    } else if (this.#first) {
      this.#hash = createHash(ALGORITHM).update(this.#first).update(bytes);
      this.#first = undefined;
    } else {
      this.#first = bytes;
    }
  }

  end(): string {
    if (this.#hash) return this.#hash.digest(ENCODING);
    return this.#first ? hash(ALGORITHM, this.#first, ENCODING) : EMPTY_DIGEST;
  }
}

/** Of the lines, without what is ignored in them. */
class TextDigest implements OutputDigest {
  readonly #decoder = new LineDecoder();
  readonly #filter: (lines: readonly string[]) => readonly string[];
  readonly #skipEmptyEnd: boolean;
  readonly #hash = createHash(ALGORITHM);
  #emptyLines = 0;

  constructor(ignored: Ignored, node: string) {
    this.#filter = linesFilter(ignored, node);
    this.#skipEmptyEnd = ignored.trailingSpace === true;
  }

  append(bytes: Uint8Array): void {
    this.#add(this.#decoder.push(bytes));
  }

  end(): string {
    this.#add(this.#decoder.end());
    return this.#hash.digest(ENCODING);
  }

  #add(lines: readonly string[]): void {
    if (lines.length === 0) return;
    let text = '';
    for (const rest of this.#filter(lines)) {
      if (rest === '' && this.#skipEmptyEnd) {
        this.#emptyLines++;
      } else {
        text += `${'\n'.repeat(this.#emptyLines)}${rest}\n`;
        this.#emptyLines = 0;
      }
    }
    if (text !== '') this.#hash.update(text);
  }
}
