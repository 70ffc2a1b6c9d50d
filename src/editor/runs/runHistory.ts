import type * as vscode from 'vscode';
import { History, type HistoryEntry, NotKeptError } from '../../runs/history/history.ts';
import { Run, type RunInfo } from '../../runs/run.ts';
import { ownSetting } from '../settings.ts';

const DAY_MS = 24 * 60 * 60_000;
const MEGABYTE = 1024 * 1024;

/**
 * The history as the settings want it: switched off, runs live in memory alone and what was kept
 * before is left where it is. Trouble with the disk never stops a run; it goes to the log.
 */
export class RunHistory {
  readonly #history: History;
  readonly #log: vscode.LogOutputChannel;

  /** @param folder in the extension's global storage, which all windows share */
  constructor(folder: string, log: vscode.LogOutputChannel) {
    this.#history = new History(folder);
    this.#log = log;
  }

  /** Who wrote neither yes nor no gets a sentence in the log, and nothing is kept. */
  get isOn(): boolean {
    try {
      return ownSetting('history.enabled');
    } catch (error) {
      this.#tell(error);
      return false;
    }
  }

  /** A run that is recorded as it goes, or one in memory where that cannot be. */
  async create(info: RunInfo): Promise<Run> {
    const kept = this.isOn ? await this.#try(() => this.#history.create(info)) : undefined;
    return kept ?? new Run(info);
  }

  async finish(run: Run): Promise<void> {
    await this.#try(() => this.#history.finish(run));
  }

  async suspend(run: Run): Promise<void> {
    await this.#try(() => this.#history.suspend(run));
  }

  /** What is kept, newest first; what cannot be read goes to the log. */
  async list(): Promise<readonly HistoryEntry[]> {
    if (!this.isOn) return [];
    const listing = await this.#try(() => this.#history.list());
    for (const { id, error } of listing?.problems ?? []) {
      this.#log.warn(`Run ${id} of the history cannot be read: ${error.message}`);
    }
    return listing?.entries ?? [];
  }

  /** A kept run as it is now. @returns 'gone' when it was deleted; undefined when it cannot be read */
  entry(id: string): Promise<HistoryEntry | 'gone' | undefined> {
    return this.#try(async () => {
      try {
        return await this.#history.entry(id);
      } catch (error) {
        if (error instanceof NotKeptError) return 'gone';
        throw error;
      }
    });
  }

  /** @throws NotKeptError, RecordError, JournalError */
  load(id: string): Promise<Run> {
    return this.#history.load(id);
  }

  /** @returns undefined when it is over, cannot be read, or another window collects it */
  resume(id: string): Promise<Run | undefined> {
    return this.#try(() => this.#history.resume(id));
  }

  async delete(id: string): Promise<void> {
    await this.#try(() => this.#history.delete(id));
  }

  async rename(id: string, title: string): Promise<void> {
    await this.#try(() => this.#history.rename(id, title));
  }

  async pin(id: string, pinned: boolean): Promise<void> {
    await this.#try(() => this.#history.pin(id, pinned));
  }

  /** Deletes what is beyond the limits. @returns the ids of what went */
  async prune(): Promise<readonly string[]> {
    if (!this.isOn) return [];
    const prune = () =>
      this.#history.prune({
        ageMs: ownSetting('history.maxAgeDays') * DAY_MS,
        runs: ownSetting('history.maxRuns'),
        bytes: ownSetting('history.maxMegabytes') * MEGABYTE,
      });
    return (await this.#try(async () => prune())) ?? [];
  }

  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#tell(error);
      return undefined;
    }
  }

  #tell(error: unknown): void {
    this.#log.warn(`History: ${error instanceof Error ? error.message : String(error)}`);
  }
}
