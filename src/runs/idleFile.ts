import { type FileHandle, open } from 'node:fs/promises';

const IDLE_MS = 2000;

/** Reads here and there in a file, which is open only while that goes on. */
export class IdleFile {
  readonly #path: string;
  #handle: Promise<FileHandle> | undefined;
  #users = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** @returns fewer bytes than asked for when the file ends before */
  async read(position: number, length: number): Promise<Buffer> {
    this.#users++;
    clearTimeout(this.#timer);
    try {
      this.#handle ??= open(this.#path, 'r');
      const handle = await this.#handle;
      // Not from the pool: what is small may be kept for long.
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
      if (this.#users === 0) this.#timer = setTimeout(() => void this.close(), IDLE_MS).unref();
    }
  }

  /** To be called when nothing is being read. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const handle = this.#handle;
    this.#handle = undefined;
    await (await handle?.catch(() => undefined))?.close();
  }
}
