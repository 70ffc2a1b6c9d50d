import { IdleFile } from '../journal/idleFile.ts';
import type { Piece } from '../journal/journal.ts';
import type { Gap } from './gaps.ts';
import type { Decoding } from './lineDecoder.ts';
import { OutputEncodings } from './outputEncodings.ts';

export interface OutputStoreOptions {
  /** The file to which the run writes its output. Without one, all output stays in memory. */
  readonly path?: string | undefined;
  /** Bytes of output that stay in memory although they are in the file. */
  readonly memoryLimit?: number | undefined;
  /** Whether the job is a script. */
  readonly isScript?: boolean | undefined;
}

/** Reads outputs by the names of their nodes. */
export interface OutputReader {
  /** Bytes of the node's output. */
  size(node: string): number;
  /** The node's whole output; can be empty. */
  read(node: string): Promise<Uint8Array>;
  /** The same block by block. */
  stream(node: string): AsyncIterable<Uint8Array>;
  /** Where chunks of the node's output are missing. */
  gaps(node: string): readonly Gap[];
  /** How the node's bytes become lines. */
  decoding(node: string): Decoding;
}

export const DEFAULT_MEMORY_LIMIT = 32 * 1024 * 1024;
/** The maximum length of a block that `stream` yields: decoding one takes a few milliseconds. */
const BLOCK_BYTES = 128 * 1024;
/** Pieces with at most this gap between them in the file are read together. */
const MERGE_GAP_BYTES = 4096;

interface NodeOutput {
  readonly pieces: Piece[];
  length: number;
}

/**
 * The output of a run's nodes, byte for byte. Up to a limit it is in memory; the rest is read from the
 * file to which the run writes all of it.
 */
export class OutputStore implements OutputReader {
  readonly encodings = new OutputEncodings();
  readonly #isScript: boolean;
  readonly #gaps = new Map<string, Gap[]>();
  readonly #nodes = new Map<string, NodeOutput>();
  #file: IdleFile | undefined;
  readonly #memoryLimit: number;
  #bytes = 0;
  #bytesInMemory = 0;

  constructor(options: OutputStoreOptions = {}) {
    const { path, memoryLimit = DEFAULT_MEMORY_LIMIT, isScript = false } = options;
    if (path !== undefined) this.readFrom(path);
    this.#memoryLimit = memoryLimit;
    this.#isScript = isScript;
  }

  /** Sets the file for output that is written from now on; earlier output stays in memory. */
  readFrom(path: string): void {
    this.#file = new IdleFile(path);
  }

  /**
   * Adds to a node's output. The bytes are not copied and must not change.
   * @param piece the piece of the file that has the bytes, new or extended
   */
  append(
    node: string,
    bytes: Uint8Array,
    piece: Piece = { chunks: [bytes], length: bytes.length },
  ): void {
    if (bytes.length === 0) return;
    const output = this.#grow(node, bytes.length);
    this.#bytesInMemory += bytes.length;
    if (output.pieces.at(-1) !== piece) output.pieces.push(piece);
  }

  /** Call this when a piece is in the file: it stays in memory only within the limit. */
  readonly onWritten = (piece: Piece): void => {
    if (this.#bytesInMemory > this.#memoryLimit) this.#drop(piece);
    else if (piece.chunks.length > 1) piece.chunks = [Buffer.concat(piece.chunks)];
  };

  /** Adds output that is in the journal already. */
  restore(node: string, bytes: Uint8Array, position: number): void {
    const { length } = bytes;
    if (length === 0) return;
    const fits = this.#bytesInMemory + length <= this.#memoryLimit;
    if (fits) this.#bytesInMemory += length;
    this.#grow(node, length).pieces.push({ chunks: fits ? [bytes] : [], length, position });
  }

  /** Call this when chunks are missing after the node's output so far. */
  addGap(node: string, chunks: number): void {
    const gaps = this.#gaps.get(node) ?? [];
    this.#gaps.set(node, gaps);
    gaps.push({ position: this.size(node), chunks });
  }

  gaps(node: string): readonly Gap[] {
    return this.#gaps.get(node) ?? [];
  }

  decoding(node: string): Decoding {
    return { encoding: this.encodings.of(node), isScript: this.#isScript };
  }

  /** Bytes of the node's output so far. */
  size(node: string): number {
    return this.#nodes.get(node)?.length ?? 0;
  }

  /** Bytes of output of all nodes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of output in memory. */
  get bytesInMemory(): number {
    return this.#bytesInMemory;
  }

  /** The node's whole output so far; can be empty. */
  async read(node: string): Promise<Uint8Array> {
    return this.readRange(node, 0, this.size(node));
  }

  /** A range of the node's output, up to its end. */
  async readRange(node: string, start: number, end: number): Promise<Uint8Array> {
    const parts = await Array.fromAsync(this.stream(node, start, end));
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  /**
   * The node's output so far, or a range of it, block by block. Small pieces are joined.
   */
  async *stream(
    node: string,
    start = 0,
    end = Number.POSITIVE_INFINITY,
  ): AsyncGenerator<Uint8Array, void> {
    const output = this.#nodes.get(node);
    if (!output) return;
    let gathered: Uint8Array[] = [];
    let length = 0;
    for (const part of parts(output.pieces, start, Math.min(end, output.length))) {
      const some = part instanceof Uint8Array ? [part] : await this.#readParts(part);
      for (const bytes of some) {
        if (length > 0 && length + bytes.length > BLOCK_BYTES) {
          yield Buffer.concat(gathered);
          gathered = [];
          length = 0;
        }
        if (bytes.length >= BLOCK_BYTES) {
          for (let at = 0; at < bytes.length; at += BLOCK_BYTES)
            yield bytes.subarray(at, at + BLOCK_BYTES);
        } else {
          gathered.push(bytes);
          length += bytes.length;
        }
      }
    }
    if (gathered[0]) yield gathered.length === 1 ? gathered[0] : Buffer.concat(gathered);
  }

  /** Frees the memory of output that is in the file, when a finished run is no longer viewed. */
  release(): void {
    for (const { pieces } of this.#nodes.values()) {
      for (const piece of pieces) if (piece.position !== undefined) this.#drop(piece);
    }
  }

  /** Closes the file; reading opens it again. */
  async close(): Promise<void> {
    await this.#file?.close();
  }

  async #readParts({ position, length, parts }: FilePart): Promise<Uint8Array[]> {
    if (!this.#file) return [];
    const bytes = await this.#file.read(position, length);
    return parts.map(({ offset, length }) => bytes.subarray(offset, offset + length));
  }

  #grow(node: string, length: number): NodeOutput {
    let output = this.#nodes.get(node);
    if (!output) this.#nodes.set(node, (output = { pieces: [], length: 0 }));
    output.length += length;
    this.#bytes += length;
    return output;
  }

  #drop(piece: Piece): void {
    if (piece.chunks.length > 0) this.#bytesInMemory -= piece.length;
    piece.chunks = [];
  }
}

/** A range of the file, and the parts of it that are output. */
interface FilePart {
  readonly position: number;
  length: number;
  readonly parts: { readonly offset: number; readonly length: number }[];
}

/** Where a range of a node's output is: in memory, or in parts of the file of at most one block each. */
function* parts(
  pieces: readonly Piece[],
  start: number,
  stop: number,
): Generator<Uint8Array | FilePart, void> {
  let inFile: FilePart | undefined;
  let at = 0;
  for (const piece of pieces) {
    if (at >= stop) break;
    const from = Math.max(start - at, 0);
    const to = Math.min(stop - at, piece.length);
    at += piece.length;
    if (from >= to) continue;
    const { chunks, position } = piece;
    if (chunks.length > 0 || position === undefined) {
      if (inFile) yield inFile;
      inFile = undefined;
      yield* rangeOf(chunks, from, to);
      continue;
    }
    for (let done = from; done < to;) {
      const place = position + done;
      const gap = inFile ? place - inFile.position - inFile.length : Number.POSITIVE_INFINITY;
      if (inFile && (gap > MERGE_GAP_BYTES || inFile.length + gap >= BLOCK_BYTES)) {
        yield inFile;
        inFile = undefined;
      }
      inFile ??= { position: place, length: 0, parts: [] };
      const offset = place - inFile.position;
      const length = Math.min(to - done, BLOCK_BYTES - offset);
      inFile.parts.push({ offset, length });
      inFile.length = offset + length;
      done += length;
    }
  }
  if (inFile) yield inFile;
}

/** Chunks can be added while these are read; they are beyond the range. */
function* rangeOf(
  chunks: readonly Uint8Array[],
  from: number,
  to: number,
): Generator<Uint8Array, void> {
  let at = 0;
  for (const chunk of chunks) {
    if (at >= to) return;
    const part = chunk.subarray(Math.max(from - at, 0), to - at);
    if (part.length > 0) yield part;
    at += chunk.length;
  }
}
