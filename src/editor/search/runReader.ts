import type * as vscode from 'vscode';
import { errorMessage } from '../../base/errorMessage.ts';
import type { Run } from '../../runs/run.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import type { RunLoader } from '../runs/runLoader.ts';

/** Opens runs one after the other, each only for as long as it is searched. */
export class RunReader implements AsyncIterable<Run> {
  readonly #listed: readonly ListedRun[];
  readonly #loader: RunLoader;
  readonly #log: vscode.LogOutputChannel;
  readonly #signal: AbortSignal;
  #unread = 0;

  constructor(
    listed: readonly ListedRun[],
    loader: RunLoader,
    log: vscode.LogOutputChannel,
    signal: AbortSignal,
  ) {
    this.#listed = listed;
    this.#loader = loader;
    this.#log = log;
    this.#signal = signal;
  }

  /** How many runs can't be read, for example because another window has just deleted them. */
  get unread(): number {
    return this.#unread;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Run, void> {
    for (const listed of this.#listed) {
      this.#signal.throwIfAborted();
      const run = await this.#read(listed);
      if (!run) continue;
      try {
        yield run;
      } finally {
        if (listed.run !== run) await run.close();
      }
    }
  }

  async #read(listed: ListedRun): Promise<Run | undefined> {
    try {
      return await this.#loader.peek(listed);
    } catch (error) {
      this.#unread++;
      this.#log.warn(`Run ${listed.id} can't be searched: ${errorMessage(error)}`);
      return undefined;
    }
  }
}
