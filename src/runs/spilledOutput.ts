import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from './journal.ts';

/**
 * Large outputs of runs that are not kept, for as long as the window is open: in a folder that only the
 * user can read, made when the first is too large for memory.
 */
export class SpilledOutput {
  #folder: string | undefined;
  #isOver = false;

  /**
   * @param id of the run, a UUID
   * @throws the file system's error
   */
  begin(id: string): Journal {
    if (this.#isOver) throw new Error('The window is about to close.');
    // Of mode 0700.
    this.#folder ??= mkdtempSync(join(tmpdir(), 'consul-exec-'));
    return new Journal(join(this.#folder, id));
  }

  /** @throws the file system's error */
  async remove(id: string): Promise<void> {
    if (this.#folder !== undefined) await rm(join(this.#folder, id), { force: true });
  }

  /** Deletes all, and begins no more. @throws the file system's error */
  async end(): Promise<void> {
    this.#isOver = true;
    const folder = this.#folder;
    this.#folder = undefined;
    if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
