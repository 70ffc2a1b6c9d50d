import { type FileHandle, open } from 'node:fs/promises';

const CLOSE_AFTER_MS = 2000;

/** Reads at arbitrary positions of a file, and closes it when it has not been read for a while. */
export class IdleFile {
  readonly #path: string;
  #handle: Promise<FileHandle> | undefined;
  #users = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** @returns fewer bytes than requested when the file is shorter */
  async read(position: number, length: number): Promise<Buffer> {
    this.#users++;
    clearTimeout(this.#timer);
    try {
      this.#handle ??= open(this.#path, 'r');
      const handle = await this.#handle;
      // Not from the pool: callers can keep small buffers for a long time.
      const buffer = Buffer.allocUnsafeSlow(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
        if (bytesRead === 0) break;
        done += bytesRead;
      }
      return buffer.subarray(0, done);
    } finally {
      this.#users--;
      if (this.#users === 0)
        this.#timer = setTimeout(() => void this.close(), CLOSE_AFTER_MS).unref();
    }
  }

  /** Call this only while no read is in progress. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const handle = this.#handle;
    this.#handle = undefined;
    await (await handle?.catch(() => undefined))?.close();
  }
}
