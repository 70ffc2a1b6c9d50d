import { IdleFile } from './idleFile.ts';
import type { Journal, Piece } from './journal.ts';

export interface OutputStoreOptions {
  /** Where output is written as it comes. */
  readonly journal?: Journal | undefined;
  /**
   * Without a journal: makes one for what is beyond the limit; asked for once. Without that, or when
   * it throws, all output stays in memory.
   */
  readonly spill?: (() => Journal) | undefined;
  /** Bytes of output that stay in memory although they are, or could be, in the file. */
  readonly memoryLimit?: number | undefined;
}

/** Outputs to be read, each by its node's name. */
export interface OutputReader {
  /** Bytes the node wrote. */
  size(node: string): number;
  /** All that the node wrote; empty when it wrote nothing. */
  read(node: string): Promise<Uint8Array>;
  /** The same block by block. */
  stream(node: string): AsyncIterable<Uint8Array>;
}

const MEMORY_LIMIT = 32 * 1024 * 1024;
/** Output is handed out in blocks of at most this: one takes a few milliseconds to be made text of. */
const BLOCK = 128 * 1024;
/** Pieces with no more than this between them in the file are read in one go. */
const NEAR = 4096;

interface NodeOutput {
  readonly pieces: Piece[];
  length: number;
}

/**
 * What the nodes of a run wrote, byte for byte. Up to a limit it is kept in memory; what is beyond
 * is read back from the run's journal, where all of it goes.
 */
export class OutputStore implements OutputReader {
  readonly #nodes = new Map<string, NodeOutput>();
  #journal: Journal | undefined;
  #file: IdleFile | undefined;
  #spill: (() => Journal) | undefined;
  readonly #memoryLimit: number;
  #bytes = 0;
  #held = 0;

  constructor({ journal, spill, memoryLimit = MEMORY_LIMIT }: OutputStoreOptions = {}) {
    this.#spill = spill;
    if (journal) this.#writeTo(journal);
    this.#memoryLimit = memoryLimit;
  }

  /**
   * Adds to a node's output. It costs no more than keeping the bytes, which must not change any
   * more; they are written behind.
   * @param at milliseconds since the epoch
   */
  append(node: string, bytes: Uint8Array, at = Date.now()): void {
    if (bytes.length === 0) return;
    const output = this.#grow(node, bytes.length);
    this.#held += bytes.length;
    if (!this.#journal && this.#held > this.#memoryLimit) this.#beginToSpill();
    if (!this.#journal) {
      output.pieces.push({ chunks: [bytes], length: bytes.length });
      return;
    }
    const piece = this.#journal.output(node, at, bytes, this.#onWritten);
    if (output.pieces.at(-1) !== piece) output.pieces.push(piece);
  }

  /** Adds output that the journal holds already. */
  restore(node: string, bytes: Uint8Array, position: number): void {
    const { length } = bytes;
    if (length === 0) return;
    const fits = this.#held + length <= this.#memoryLimit;
    if (fits) this.#held += length;
    this.#grow(node, length).pieces.push({ chunks: fits ? [bytes] : [], length, position });
  }

  /** Bytes the node wrote so far. */
  size(node: string): number {
    return this.#nodes.get(node)?.length ?? 0;
  }

  /** Bytes of all nodes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes of output in memory. */
  get held(): number {
    return this.#held;
  }

  /** Bytes that wait to be written: whoever feeds this may wait for `flushed` when they are many. */
  get backlog(): number {
    return this.#journal?.backlog ?? 0;
  }

  /** Why output could not be written the last time; it is tried again, and stays in memory. */
  get failure(): Error | undefined {
    return this.#journal?.failure;
  }

  /** Resolves when all output so far is in the file. @throws the file system's error */
  async flushed(): Promise<void> {
    await this.#journal?.flushed();
  }

  /** All that the node wrote so far; empty when it wrote nothing. */
  async read(node: string): Promise<Uint8Array> {
    return this.readRange(node, 0, this.size(node));
  }

  /** A stretch of what the node wrote, shorter when it wrote less. */
  async readRange(node: string, start: number, end: number): Promise<Uint8Array> {
    const parts = await Array.fromAsync(this.stream(node, start, end));
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  /**
   * What the node wrote up to now, or a stretch of it, block by block: what came in many small pieces
   * is put together.
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
        if (length > 0 && length + bytes.length > BLOCK) {
          yield Buffer.concat(gathered);
          gathered = [];
          length = 0;
        }
        if (bytes.length >= BLOCK) {
          for (let at = 0; at < bytes.length; at += BLOCK) yield bytes.subarray(at, at + BLOCK);
        } else {
          gathered.push(bytes);
          length += bytes.length;
        }
      }
    }
    if (gathered[0]) yield gathered.length === 1 ? gathered[0] : Buffer.concat(gathered);
  }

  /** Forgets what is in the file, such as when a finished run is no longer looked at. */
  release(): void {
    for (const { pieces } of this.#nodes.values()) {
      for (const piece of pieces) if (piece.position !== undefined) this.#drop(piece);
    }
  }

  /** Writes what is left and lets go of the file; reading and appending open it again. */
  async close(): Promise<void> {
    await this.#journal?.close();
    await this.#file?.close();
  }

  async #readParts({ position, length, parts }: FilePart): Promise<Uint8Array[]> {
    if (!this.#file) return [];
    const bytes = await this.#file.read(position, length);
    return parts.map(({ offset, length }) => bytes.subarray(offset, offset + length));
  }

  /** What came before stays in memory: it is within the limit. */
  #beginToSpill(): void {
    const spill = this.#spill;
    this.#spill = undefined;
    try {
      const journal = spill?.();
      if (journal) this.#writeTo(journal);
    } catch {
      // Then memory is the only place.
    }
  }

  #writeTo(journal: Journal): void {
    this.#journal = journal;
    this.#file = new IdleFile(journal.path);
  }

  #grow(node: string, length: number): NodeOutput {
    let output = this.#nodes.get(node);
    if (!output) this.#nodes.set(node, (output = { pieces: [], length: 0 }));
    output.length += length;
    this.#bytes += length;
    return output;
  }

  readonly #onWritten = (piece: Piece): void => {
    if (this.#held > this.#memoryLimit) this.#drop(piece);
    else if (piece.chunks.length > 1) piece.chunks = [Buffer.concat(piece.chunks)];
  };

  #drop(piece: Piece): void {
    if (piece.chunks.length > 0) this.#held -= piece.length;
    piece.chunks = [];
  }
}

/** A stretch of the file with some output in it, and where that is. */
interface FilePart {
  readonly position: number;
  length: number;
  readonly parts: { readonly offset: number; readonly length: number }[];
}

/** Where a stretch of a node's output is: in memory, or in the file, at most a block of it in one part. */
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
      yield* stretchOf(chunks, from, to);
      continue;
    }
    for (let done = from; done < to;) {
      const place = position + done;
      const gap = inFile ? place - inFile.position - inFile.length : Number.POSITIVE_INFINITY;
      if (inFile && (gap > NEAR || inFile.length + gap >= BLOCK)) {
        yield inFile;
        inFile = undefined;
      }
      inFile ??= { position: place, length: 0, parts: [] };
      const offset = place - inFile.position;
      const length = Math.min(to - done, BLOCK - offset);
      inFile.parts.push({ offset, length });
      inFile.length = offset + length;
      done += length;
    }
  }
  if (inFile) yield inFile;
}

/** While they are read, chunks may join; they are beyond the stretch. */
function* stretchOf(
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
