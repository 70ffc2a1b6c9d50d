import { createHash, hash, type Hash } from 'node:crypto';
import { mayContainScriptFile, ScriptFileNames, ScriptFileNameStream } from '../text/scriptName.ts';
import {
  type IgnoredDifferences,
  listIgnored,
  PLACEHOLDER,
  textFilter,
} from './ignoredDifferences.ts';

/**
 * Outputs with the same digest count as identical, and nodes are not trusted: if collisions were
 * possible, a node could hide behind the output of another.
 */
const ALGORITHM = 'sha256';
const ENCODING = 'base64';

/** Distinguishes the outputs of nodes without storing them. */
export interface OutputDigest {
  append(bytes: Uint8Array): void;
  /** The digest of everything appended. Call it once, after the last `append`. */
  end(): string;
}

/** The digest of no output, regardless of the ignored differences. */
export const EMPTY_DIGEST = hash(ALGORITHM, '', ENCODING);

/** What an output is digested for. */
export interface DigestOptions {
  readonly ignored: IgnoredDifferences;
  /** The node's name on the node itself. */
  readonly name: string;
  /** Whether the job is a script, whose temporary file has another name on each node. */
  readonly isScript: boolean;
}

export function outputDigest(options: DigestOptions): OutputDigest {
  if (listIgnored(options.ignored).length > 0) return new TextDigest(options);
  return options.isScript ? new ScriptDigest() : new ByteDigest();
}

class ByteDigest implements OutputDigest {
  /** Most nodes write one chunk: then no hash object is needed. */
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

/** The digest of bytes in which the name of the script's temporary file does not count. */
class ScriptDigest implements OutputDigest {
  readonly #bytes = new ByteDigest();
  readonly #names = new ScriptFileNameStream(PLACEHOLDER);

  append(bytes: Uint8Array): void {
    if (this.#names.isIdle && !mayContainScriptFile(bytes)) this.#bytes.append(bytes);
    else this.#add(this.#names.push(latin1(bytes)));
  }

  end(): string {
    this.#add(this.#names.end());
    return this.#bytes.end();
  }

  #add(text: string): void {
    if (text !== '') this.#bytes.append(Buffer.from(text, 'latin1'));
  }
}

/** A line is filtered in pieces of this many bytes, so that memory stays bounded. */
const MAX_PIECE_LENGTH = 1024 * 1024;

/**
 * The digest of lines without their ignored differences. A line longer than a piece is cut at
 * multiples of the piece's length, so that the digest does not depend on where the chunks ended.
 */
class TextDigest implements OutputDigest {
  readonly #filter: (text: string) => string;
  readonly #skipEmptyEnd: boolean;
  readonly #hash = createHash(ALGORITHM);
  /** The text after the last line end; of a long line only the last piece. */
  #rest = '';
  /** How many line ends count only if text follows. */
  #pendingLineEnds = 0;

  constructor({ ignored, name, isScript }: DigestOptions) {
    const filter = textFilter(ignored, Buffer.from(name).toString('latin1'));
    const names = isScript ? new ScriptFileNames(PLACEHOLDER) : undefined;
    this.#filter = names ? (text) => filter(names.replace(text)) : filter;
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
    if (text.length <= MAX_PIECE_LENGTH) {
      this.#update(this.#filter(text));
      return;
    }
    let whole = '';
    for (const line of text.split(/(?<=\n)/)) {
      if (line.length <= MAX_PIECE_LENGTH) {
        whole += line;
        continue;
      }
      this.#update(this.#filter(whole));
      whole = this.#addPieces(line);
    }
    this.#update(this.#filter(whole));
  }

  /** Adds all pieces of a line except the last. @returns the last */
  #addPieces(line: string): string {
    let rest = line;
    for (; rest.length > MAX_PIECE_LENGTH; rest = rest.slice(MAX_PIECE_LENGTH)) {
      this.#update(this.#filter(rest.slice(0, MAX_PIECE_LENGTH)));
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
      this.#hash.update('\n'.repeat(this.#pendingLineEnds) + text.slice(0, end), 'latin1');
      this.#pendingLineEnds = 0;
    }
    this.#pendingLineEnds += text.length - end;
  }
}

function latin1({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('latin1');
}
