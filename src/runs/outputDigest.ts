import { createHash, hash, type Hash } from 'node:crypto';
import { type Ignored, ignoredOf, textFilter } from './ignored.ts';

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

/** @param name of the node, as the node itself knows it */
export function outputDigest(name: string, ignored: Ignored): OutputDigest {
  return ignoredOf(ignored).length > 0 ? new TextDigest(ignored, name) : new ByteDigest();
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

/** A line is looked at this many bytes at a time, so that memory stays bounded. */
const LONGEST_PIECE = 1024 * 1024;

/**
 * Of the lines, without what is ignored in them. A line longer than a piece is cut at multiples of
 * it, so that nothing depends on where the chunks happened to end.
 */
class TextDigest implements OutputDigest {
  readonly #filter: (text: string) => string;
  readonly #skipEmptyEnd: boolean;
  readonly #hash = createHash(ALGORITHM);
  /** What has no line end yet; the rest of its line, when that is long. */
  #rest = '';
  /** Line ends that count only if something follows. */
  #heldBack = 0;

  constructor(ignored: Ignored, name: string) {
    this.#filter = textFilter(ignored, name);
    this.#skipEmptyEnd = ignored.trailingSpace === true;
  }

  append(bytes: Uint8Array): void {
    const text = latin1(bytes);
    const lineEnd = text.lastIndexOf('\n') + 1;
    if (lineEnd > 0) {
      this.#add(this.#rest + text.slice(0, lineEnd));
      this.#rest = text.slice(lineEnd);
    } else {
      this.#rest += text;
    }
    this.#rest = this.#addPieces(this.#rest);
  }

  end(): string {
    this.#add(this.#rest);
    return this.#hash.digest(ENCODING);
  }

  /** Whole lines, or the last one. */
  #add(text: string): void {
    if (text.length <= LONGEST_PIECE) {
      this.#update(this.#filter(text));
      return;
    }
    let whole = '';
    for (const line of text.split(/(?<=\n)/)) {
      if (line.length <= LONGEST_PIECE) {
        whole += line;
        continue;
      }
      this.#update(this.#filter(whole));
      whole = this.#addPieces(line);
    }
    this.#update(this.#filter(whole));
  }

  /** Takes in the pieces of a line that are not its last. @returns the last */
  #addPieces(line: string): string {
    let rest = line;
    for (; rest.length > LONGEST_PIECE; rest = rest.slice(LONGEST_PIECE)) {
      this.#update(this.#filter(rest.slice(0, LONGEST_PIECE)));
    }
    return rest;
  }

  #update(text: string): void {
    if (!this.#skipEmptyEnd) {
      this.#hash.update(text, 'latin1');
      return;
    }
    let end = text.length;
    while (text[end - 1] === '\n') end--;
    if (end > 0) {
      this.#hash.update('\n'.repeat(this.#heldBack) + text.slice(0, end), 'latin1');
      this.#heldBack = 0;
    }
    this.#heldBack += text.length - end;
  }
}

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}
