import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../journal/journal.ts';

/**
 * Large outputs of runs that are not saved, for as long as the window is open. They are in a folder that
 * only the user can read, and that is created for the first output that is too large for memory.
 */
export class SpilledOutput {
  #folder: string | undefined;
  #isClosed = false;

  /**
   * @param id the run's id, a UUID
   * @throws the file system's error
   */
  begin(id: string): Journal {
    if (this.#isClosed) throw new Error('The window is about to close.');
    // With mode 0700.
    this.#folder ??= mkdtempSync(join(tmpdir(), 'consul-exec-'));
    return new Journal(join(this.#folder, id));
  }

  /** @throws the file system's error */
  async remove(id: string): Promise<void> {
    if (this.#folder !== undefined) await rm(join(this.#folder, id), { force: true });
  }

  /** Deletes all outputs; `begin` throws after this. @throws the file system's error */
  async end(): Promise<void> {
    this.#isClosed = true;
    const folder = this.#folder;
    this.#folder = undefined;
    if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
