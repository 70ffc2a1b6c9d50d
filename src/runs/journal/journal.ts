import { type FileHandle, open } from 'node:fs/promises';
import { toError } from '../../base/errorMessage.ts';
import { encodeHead, type EventHead, JOURNAL_MAGIC } from './journalFormat.ts';

/** How long an event waits to be written at most: a crash costs no more than this. */
const FLUSH_INTERVAL_MS = 200;
/** Flush at once beyond this size; also the maximum batch. */
const MAX_BATCH_BYTES = 1024 * 1024;
/** The cost of a frame in addition to its body, in bytes of body. */
const FRAME_COST_BYTES = 512;
/** How long to wait after a failed write, for example on a full disk. */
const RETRY_DELAY_MS = 5000;

/** A part of a node's output that becomes one frame. */
export interface Piece {
  /** In memory until it is written, and for as long as its owner wants. */
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
 * Appends a run's events to a file in the background: no caller waits for the disk. Output that a node
 * writes in quick succession becomes one frame, so that small chunks are cheap. The events of each
 * node stay in order, which is all that the ledger's fold depends on.
 */
export class Journal {
  readonly path: string;
  #queue: Entry[] = [];
  /** The newest piece of each node, to which more of its output can be added. */
  readonly #open = new Map<string, OutputEntry>();
  #backlog = 0;
  #end: number;
  #handle: FileHandle | undefined;
  #writing: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failure: Error | undefined;

  /**
   * @param path a file in an existing folder
   * @param end where the last whole frame of an earlier writer ends; the rest is cut off
   */
  constructor(path: string, end = 0) {
    this.path = path;
    this.#end = end;
  }

  /** Bytes of output that are not written yet: a writer can pause when they are too many. */
  get backlog(): number {
    return this.#backlog;
  }

  /** Why the last write failed; it is retried, and nothing is lost. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  record(head: Exclude<EventHead, { kind: 'output' }>): void {
    if ('node' in head) this.#open.delete(head.node);
    this.#queue.push({ head });
    this.#schedule();
  }

  /**
   * @param onWritten is called once for each piece, when it is in the file
   * @returns the new or extended piece with these bytes
   */
  output(node: string, at: number, bytes: Uint8Array, onWritten: (piece: Piece) => void): Piece {
    let entry = this.#open.get(node);
    if (!entry || entry.piece.length + bytes.length > MAX_BATCH_BYTES) {
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
   * Resolves when everything so far is in the file.
   * @throws the file system's error when a write fails
   */
  async flushed(): Promise<void> {
    while (this.#writing || this.#queue.length > 0) await this.#write();
  }

  /** Writes the rest and closes the file. Further events open it again. */
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

  #schedule(delayMs = this.#backlog < MAX_BATCH_BYTES ? FLUSH_INTERVAL_MS : 0): void {
    if (this.#writing || this.#failure) return;
    if (this.#timer && delayMs > 0) return;
    this.#arm(delayMs);
  }

  #arm(delayMs: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flushed().catch(() => undefined); // `failure` says it, and the next attempt is scheduled
    }, delayMs).unref();
  }

  #write(): Promise<void> {
    this.#writing ??= this.#writeBatch().finally(() => (this.#writing = undefined));
    return this.#writing;
  }

  async #writeBatch(): Promise<void> {
    const batch = this.#takeBatch();
    // Pieces that are being written can't grow any more.
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
      this.#failure = toError(error);
      this.#arm(RETRY_DELAY_MS);
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
      bytes += content(entry).length + FRAME_COST_BYTES;
      return bytes > MAX_BATCH_BYTES;
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

/** A later loss of power must not cost a finished run anything. */
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
