import type * as vscode from 'vscode';
import { History, type HistoryEntry, NotKeptError } from '../../runs/history/history.ts';
import { Run, type RunInfo } from '../../runs/run.ts';
import { SpilledOutput } from '../../runs/spilledOutput.ts';
import { ownSetting } from '../settings.ts';

const DAY_MS = 24 * 60 * 60_000;
const MEGABYTE = 1024 * 1024;

/**
 * The history as the settings want it: switched off, runs live as long as the window and what
 * was kept before is left where it is. Trouble with the disk never stops a run.
 */
export class RunHistory {
  readonly #history: History;
  readonly #log: vscode.LogOutputChannel;
  readonly #spilled = new SpilledOutput();
  readonly #recorded = new WeakSet<Run>();
  /** Why runs could not be recorded at all, or not to their end. */
  readonly #failures = new WeakMap<Run, Error>();

  /** @param folder in the extension's global storage, which all windows share */
  constructor(folder: string, log: vscode.LogOutputChannel) {
    this.#history = new History(folder);
    this.#log = log;
  }

  /** Who wrote neither yes nor no gets a sentence in the log, and nothing is kept. */
  get #isOn(): boolean {
    try {
      return ownSetting('history.enabled');
    } catch (error) {
      this.#tell(error);
      return false;
    }
  }

  /** A run that is recorded as it goes, or one in memory where that cannot be. */
  async create(info: RunInfo): Promise<Run> {
    const unkept = () => new Run(info, { spill: () => this.#spilled.begin(info.id) });
    if (!this.#isOn) return unkept();
    try {
      return this.#begin(await this.#history.create(info));
    } catch (error) {
      return this.#failed(unkept(), error);
    }
  }

  /** Whether a run is recorded as it goes, so that it can be picked up again. */
  records(run: Run): boolean {
    return this.#recorded.has(run);
  }

  /** Why not all of a run is on disk; undefined when it is, or when it is not to be. */
  failure(run: Run): Error | undefined {
    return this.#failures.get(run) ?? run.recordFailure;
  }

  /** Waits until all of a run so far is on disk; not where that failed: it is tried again in a while. */
  async flush(run: Run): Promise<void> {
    if (run.output.failure) return;
    // `failure` tells.
    await run.output.flushed().catch(() => undefined);
  }

  async finish(run: Run): Promise<void> {
    if (!this.#recorded.delete(run)) {
      await this.#try(() => run.output.close());
      return;
    }
    try {
      await this.#history.finish(run);
    } catch (error) {
      this.#failed(run, error);
    }
  }

  async suspend(run: Run): Promise<void> {
    if (this.#recorded.delete(run)) await this.#try(() => this.#history.suspend(run));
  }

  /** What is kept, newest first; what cannot be read goes to the log. */
  async list(): Promise<readonly HistoryEntry[]> {
    if (!this.#isOn) return [];
    const listing = await this.#try(() => this.#history.list());
    for (const { id, error } of listing?.problems ?? []) {
      this.#log.warn(`Run ${id} of the history cannot be read: ${error.message}`);
    }
    return listing?.entries ?? [];
  }

  /** Ids of what is kept, in no order; among them may be what cannot be read. */
  async ids(): Promise<readonly string[]> {
    if (!this.#isOn) return [];
    return (await this.#try(() => this.#history.ids())) ?? [];
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
  async resume(id: string): Promise<Run | undefined> {
    const run = await this.#try(() => this.#history.resume(id));
    return run && this.#begin(run);
  }

  async delete(id: string): Promise<void> {
    await this.#try(() => this.#history.delete(id));
    await this.#try(() => this.#spilled.remove(id));
  }

  async rename(id: string, title: string): Promise<void> {
    await this.#try(() => this.#history.rename(id, title));
  }

  async pin(id: string, pinned: boolean): Promise<void> {
    await this.#try(() => this.#history.pin(id, pinned));
  }

  /** Deletes what is beyond the limits. @returns the ids of what went */
  async prune(): Promise<readonly string[]> {
    if (!this.#isOn) return [];
    const prune = () =>
      this.#history.prune({
        ageMs: ownSetting('history.maxAgeDays') * DAY_MS,
        runs: ownSetting('history.maxRuns'),
        bytes: ownSetting('history.maxMegabytes') * MEGABYTE,
      });
    return (await this.#try(async () => prune())) ?? [];
  }

  /** The window is about to close: what lives only as long as that goes. */
  async end(): Promise<void> {
    await this.#try(() => this.#spilled.end());
  }

  #begin(run: Run): Run {
    this.#recorded.add(run);
    return run;
  }

  #failed(run: Run, error: unknown): Run {
    this.#failures.set(run, error instanceof Error ? error : new Error(String(error)));
    return run;
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
