import { type FileHandle, open } from 'node:fs/promises';
import { encodeHead, type EventHead, JOURNAL_MAGIC } from './journalFormat.ts';

/** Written at the latest after this long, so that a crash costs no more than that. */
const WRITE_BEHIND_MS = 200;
/** As much as this is not waited with, nor written in one go. */
const BATCH_BYTES = 1024 * 1024;
/** What a frame costs beside its body, counted in bytes of body. */
const FRAME_COST = 512;
/** After a failed write, such as on a full disk. */
const RETRY_MS = 5000;

/** A stretch of a node's output that becomes one frame. */
export interface Piece {
  /** In memory until it is written, and for as long as its owner likes. */
  chunks: readonly Uint8Array[];
  length: number;
  /** Where it is in the file, once it is written. */
  position?: number;
}

interface OutputEntry {
  readonly node: string;
  readonly piece: { chunks: Uint8Array[]; length: number; position?: number };
  readonly onWritten: (piece: Piece) => void;
  at: number;
}

type Entry = OutputEntry | { readonly head: EventHead };

/**
 * Appends a run's events to a file, behind: nothing here waits for the disk. What a node writes in
 * quick succession becomes one frame, so that small chunks cost little; each node's own order is
 * kept, and that is all the ledger's fold depends on.
 */
export class Journal {
  readonly path: string;
  #queue: Entry[] = [];
  /** The youngest piece of each node, which more of its output can still join. */
  readonly #open = new Map<string, OutputEntry>();
  #backlog = 0;
  #end: number;
  #handle: FileHandle | undefined;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: Error | undefined;

  /**
   * @param path a file in a folder that exists
   * @param end where the last whole frame of an earlier writer ends; what is beyond is cut off
   */
  constructor(path: string, end = 0) {
    this.path = path;
    this.#end = end;
  }

  /** Bytes of output not yet written: whoever feeds this can let it grow only so far. */
  get backlog(): number {
    return this.#backlog;
  }

  /** Why the file could not be written the last time; it is tried again, and nothing is lost. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  record(head: Exclude<EventHead, { kind: 'output' }>): void {
    if ('node' in head) this.#open.delete(head.node);
    this.#queue.push({ head });
    this.#schedule();
  }

  /**
   * @param onWritten told once of each piece, when it is in the file
   * @returns the piece that the bytes are part of, new or grown
   */
  output(node: string, at: number, bytes: Uint8Array, onWritten: (piece: Piece) => void): Piece {
    let entry = this.#open.get(node);
    if (!entry || entry.piece.length + bytes.length > BATCH_BYTES) {
      entry = { node, at, piece: { chunks: [], length: 0 }, onWritten };
      this.#open.set(node, entry);
      this.#queue.push(entry);
    }
    entry.at = at;
    entry.piece.chunks.push(bytes);
    entry.piece.length += bytes.length;
    this.#backlog += bytes.length;
    this.#schedule();
    return entry.piece;
  }

  /**
   * Resolves when all that came before is in the file.
   * @throws the file system's error when it cannot be written
   */
  async flushed(): Promise<void> {
    while (this.#writing || this.#queue.length > 0) await this.#write();
  }

  /** Writes what is left, and lets go of the file. More events open it again. */
  async close(): Promise<void> {
    try {
      await this.flushed();
    } finally {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      const handle = this.#handle;
      this.#handle = undefined;
      if (handle) await syncAndClose(handle);
    }
  }

  #schedule(delayMs = this.#backlog < BATCH_BYTES ? WRITE_BEHIND_MS : 0): void {
    if (this.#writing || this.#failure) return;
    if (this.#timer && delayMs > 0) return;
    this.#arm(delayMs);
  }

  #arm(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flushed().catch(() => undefined); // the next try is armed, and `failure` tells
    }, delayMs).unref();
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeBatch().finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#takeBatch();
    // What is being written can no longer grow.
    this.#open.clear();
    const parts: Uint8Array[] = this.#end === 0 ? [JOURNAL_MAGIC] : [];
    let end = this.#end + (parts[0]?.length ?? 0);
    const positions: number[] = [];
    for (const entry of batch) {
      const { head, chunks, length } = content(entry);
      const encoded = encodeHead(head, length);
      parts.push(encoded, ...chunks);
      positions.push(end + encoded.length);
      end += encoded.length + length;
    }
    try {
      this.#handle ??= await this.#openFile();
      await writeAll(this.#handle, Buffer.concat(parts), this.#end);
    } catch (error) {
      this.#queue = [...batch, ...this.#queue];
      this.#failure = error instanceof Error ? error : new Error(String(error));
      this.#arm(RETRY_MS);
      throw error;
    }
    this.#failure = undefined;
    this.#end = end;
    for (const [i, entry] of batch.entries()) {
      if (!('piece' in entry)) continue;
      entry.piece.position = positions[i] ?? 0;
      this.#backlog -= entry.piece.length;
      entry.onWritten(entry.piece);
    }
  }

  #takeBatch(): Entry[] {
    let bytes = 0;
    const tooMany = this.#queue.findIndex((entry) => {
      bytes += content(entry).length + FRAME_COST;
      return bytes > BATCH_BYTES;
    });
    const batch = this.#queue.slice(0, tooMany === -1 ? undefined : Math.max(1, tooMany));
    this.#queue = this.#queue.slice(batch.length);
    return batch;
  }

  async #openFile(): Promise<FileHandle> {
    const handle = await open(this.path, this.#end === 0 ? 'w' : 'r+', 0o600);
    await handle.truncate(this.#end);
    return handle;
  }
}

function content(entry: Entry): { head: EventHead; chunks: readonly Uint8Array[]; length: number } {
  if ('head' in entry) return { head: entry.head, chunks: [], length: 0 };
  const { node, at, piece } = entry;
  return { head: { kind: 'output', at, node }, chunks: piece.chunks, length: piece.length };
}

/** A loss of power later on is to cost nothing of a run that is over. */
async function syncAndClose(handle: FileHandle): Promise<void> {
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
