import type * as vscode from 'vscode';
import { errorMessage, toError } from '../../base/errorMessage.ts';
import { History, type HistoryEntry, RunNotFoundError } from '../../runs/history/history.ts';
import { Run, type RunInfo } from '../../runs/run.ts';
import { SpilledOutput } from '../../runs/output/spilledOutput.ts';
import { userSetting } from '../base/settings.ts';

const DAY_MS = 24 * 60 * 60_000;
const MEGABYTE = 1024 * 1024;

/**
 * The history, subject to the settings: when it is off, runs live as long as the window, and runs that
 * were saved before stay on disk. Disk errors never stop a run.
 */
export class RunHistory {
  readonly #history: History;
  readonly #log: vscode.LogOutputChannel;
  readonly #spilled = new SpilledOutput();
  readonly #recorded = new WeakSet<Run>();
  /** Why runs could not be recorded at all, or not completely. */
  readonly #failures = new WeakMap<Run, Error>();

  /** @param folder a folder in the extension's global storage, which all windows share */
  constructor(folder: string, log: vscode.LogOutputChannel) {
    this.#history = new History(folder);
    this.#log = log;
  }

  /** An invalid value is logged and treated as off. */
  get #isOn(): boolean {
    try {
      return userSetting('history.enabled');
    } catch (error) {
      this.#logError(error);
      return false;
    }
  }

  /** Creates a run that is recorded on disk, or in memory if that fails or the history is off. */
  async create(info: RunInfo): Promise<Run> {
    const inMemory = () => new Run(info, { spill: () => this.#spilled.begin(info.id) });
    if (!this.#isOn) return inMemory();
    try {
      return this.#begin(await this.#history.create(info));
    } catch (error) {
      return this.#failed(inMemory(), error);
    }
  }

  /** Whether a run is recorded on disk, so that it can be resumed. */
  records(run: Run): boolean {
    return this.#recorded.has(run);
  }

  /** Why part of a run isn't on disk; undefined if all of it is, or the history is off. */
  failure(run: Run): Error | undefined {
    return this.#failures.get(run) ?? run.recordFailure;
  }

  /** Waits until the run so far is on disk; returns at once after a failure, which is retried later. */
  async flush(run: Run): Promise<void> {
    if (run.writeFailure) return;
    // `failure` returns the error.
    await run.flushed().catch(() => undefined);
  }

  async finish(run: Run): Promise<void> {
    if (!this.#recorded.delete(run)) {
      await this.#try(() => run.close());
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

  /** The saved runs, newest first; runs that can't be read are logged. */
  async list(): Promise<readonly HistoryEntry[]> {
    if (!this.#isOn) return [];
    const listing = await this.#try(() => this.#history.list());
    for (const { id, error } of listing?.problems ?? []) {
      this.#log.warn(`Run ${id} of the history can't be read: ${error.message}`);
    }
    return listing?.entries ?? [];
  }

  /** Ids of the saved runs, in no order, including runs that can't be read. */
  async ids(): Promise<readonly string[]> {
    if (!this.#isOn) return [];
    return (await this.#try(() => this.#history.ids())) ?? [];
  }

  /** Reads the entry of a saved run. @returns 'gone' if it was deleted; undefined if it can't be read */
  entry(id: string): Promise<HistoryEntry | 'gone' | undefined> {
    return this.#try(async () => {
      try {
        return await this.#history.entry(id);
      } catch (error) {
        if (error instanceof RunNotFoundError) return 'gone';
        throw error;
      }
    });
  }

  /** @throws RunNotFoundError, RecordError, JournalError */
  load(id: string): Promise<Run> {
    return this.#history.load(id);
  }

  /** @returns undefined if the run is over, can't be read, or another window collects it */
  async resume(id: string): Promise<Run | undefined> {
    const run = await this.#try(() => this.#history.resume(id));
    return run && this.#begin(run);
  }

  /** Opens a finished run so that it continues. @returns undefined if it isn't saved, or can't be read */
  async reopen(id: string): Promise<Run | undefined> {
    if (!this.#isOn) return undefined;
    const run = await this.#try(() => this.#history.reopen(id));
    return run && this.#begin(run);
  }

  /**
   * Reserves a step that follows a run for this window.
   * @returns false if another window has started it
   * @throws the file system's error
   */
  claimStep(id: string, step: number): Promise<boolean> {
    return this.#history.claimStep(id, step);
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

  /**
   * Deletes the runs that exceed the limits.
   * @param removed ids of runs to delete before others
   * @returns the ids of the deleted runs
   */
  async prune(removed: ReadonlySet<string>): Promise<readonly string[]> {
    if (!this.#isOn) return [];
    const prune = () => {
      const limits = {
        ageMs: userSetting('history.maxAgeDays') * DAY_MS,
        runs: userSetting('history.maxRuns'),
        bytes: userSetting('history.maxMegabytes') * MEGABYTE,
      };
      return this.#history.prune(limits, { removed });
    };
    return (await this.#try(async () => prune())) ?? [];
  }

  /** Deletes temporary output; call when the window closes. */
  async end(): Promise<void> {
    await this.#try(() => this.#spilled.end());
  }

  #begin(run: Run): Run {
    this.#recorded.add(run);
    return run;
  }

  #failed(run: Run, error: unknown): Run {
    this.#failures.set(run, toError(error));
    return run;
  }

  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      this.#logError(error);
      return undefined;
    }
  }

  #logError(error: unknown): void {
    this.#log.warn(`History: ${errorMessage(error)}`);
  }
}
