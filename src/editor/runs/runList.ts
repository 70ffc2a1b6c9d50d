import * as vscode from 'vscode';
import type { RunEvent } from '../../exec/events/runEvent.ts';
import type { Run } from '../../runs/run.ts';
import type { ListedRun } from './listedRun.ts';
import type { RunHistory } from './runHistory.ts';

/** An event that was applied to a run. */
export interface RunChange {
  readonly run: Run;
  readonly event: RunEvent;
}

/** All runs of this window and of the history, newest first, and the events about them. */
export class RunList implements vscode.Disposable {
  readonly #history: RunHistory;
  readonly #log: vscode.LogOutputChannel;
  readonly #restored = Promise.withResolvers<undefined>();
  readonly #listChanged = new vscode.EventEmitter<void>();
  readonly #changed = new vscode.EventEmitter<RunChange>();
  readonly #renamed = new vscode.EventEmitter<ListedRun>();
  #runs: readonly ListedRun[] = [];
  readonly #removed = new Set<ListedRun>();

  /** A run was added, removed, or is listed differently. */
  readonly onDidChangeList = this.#listChanged.event;
  /** An event was applied to a run. Fires for each event, so listeners must be fast. */
  readonly onDidChange = this.#changed.event;
  readonly onDidRename = this.#renamed.event;

  constructor(history: RunHistory, log: vscode.LogOutputChannel) {
    this.#history = history;
    this.#log = log;
  }

  get all(): readonly ListedRun[] {
    return this.#runs;
  }

  /** The runs that this window collects. */
  get active(): readonly ListedRun[] {
    return this.#runs.filter(({ isActive }) => isActive);
  }

  /** Runs that the user removed and can restore: their files are not deleted yet. The latest is last. */
  get removed(): readonly ListedRun[] {
    return [...this.#removed];
  }

  /** Resolves once history is loaded and interrupted runs have been resumed. */
  get whenRestored(): Promise<undefined> {
    return this.#restored.promise;
  }

  markRestored(): void {
    this.#restored.resolve(undefined);
  }

  find(id: string): ListedRun | undefined {
    return this.#runs.find((listed) => listed.id === id);
  }

  /** Whether a run is listed, or was removed and can be restored. */
  isKnown(id: string): boolean {
    return this.find(id) !== undefined || this.removed.some((listed) => listed.id === id);
  }

  /** Finds a run; right after a reload, waits until history is loaded. */
  async findRestored(id: string): Promise<ListedRun | undefined> {
    const listed = this.find(id);
    if (listed) return listed;
    await this.whenRestored;
    return this.find(id);
  }

  /** Adds runs of the history that aren't listed yet. */
  add(saved: readonly ListedRun[]): void {
    const added = saved.filter(({ id }) => !this.isKnown(id));
    this.#runs = [...this.#runs, ...added].sort((a, b) => b.info.createdAt - a.info.createdAt);
    this.notifyChanged();
  }

  /** Puts a run that starts first in the list; a resumed run stays where it is. */
  addFirst(listed: ListedRun): void {
    if (!this.#runs.includes(listed)) this.#runs = [listed, ...this.#runs];
    this.notifyChanged();
  }

  /** Fires `onDidChangeList`; call it after changing how a run is listed. */
  notifyChanged(): void {
    this.#listChanged.fire();
  }

  /** Applies an event to an open run. */
  apply(run: Run, event: RunEvent): void {
    run.apply(event);
    this.#changed.fire({ run, event });
  }

  async rename(listed: ListedRun, title: string): Promise<void> {
    listed.rename(title);
    this.notifyChanged();
    this.#renamed.fire(listed);
    await this.#history.rename(listed.id, title);
  }

  async pin(listed: ListedRun, pinned: boolean): Promise<void> {
    listed.pin(pinned);
    this.notifyChanged();
    await this.#history.pin(listed.id, pinned);
  }

  /** Takes over what other windows did to a run that this window doesn't collect. */
  async refresh(listed: ListedRun): Promise<void> {
    const entry = await this.#history.entry(listed.id);
    // Meanwhile this window can have resumed the run.
    if (!entry || listed.isActive) return;
    if (entry === 'gone') {
      this.#runs = this.#runs.filter((other) => other !== listed);
      this.#removed.delete(listed);
    }
    if (entry === 'gone' || listed.update(entry)) this.notifyChanged();
  }

  /**
   * Takes a run that is over out of the list, so that it can be restored: its files stay until
   * `deleteRemoved`. After a crash of the window the run is listed again.
   * @returns false if it isn't over
   */
  async removeForNow(listed: ListedRun): Promise<boolean> {
    // Another window can just have resumed an interrupted run.
    if (listed.isInterrupted) await this.refresh(listed);
    if (!listed.isOver || listed.isActive) return false;
    if (!this.#runs.includes(listed)) return true;
    this.#removed.add(listed);
    this.#runs = this.#runs.filter((other) => other !== listed);
    this.notifyChanged();
    return true;
  }

  /** @returns false if the run's files are deleted already */
  restore(listed: ListedRun): boolean {
    if (!this.#removed.delete(listed)) return false;
    this.add([listed]);
    return true;
  }

  /** Deletes the files of removed runs, which can't be restored any more. */
  async deleteRemoved(runs = this.removed): Promise<void> {
    for (const listed of runs) {
      if (!this.#removed.delete(listed)) continue;
      const entry = await this.#history.entry(listed.id);
      const isInUse = typeof entry === 'object' && (entry.pinned || entry.claimed);
      if (isInUse) {
        // Another window pinned or continued it in the meantime.
        listed.update(entry);
        this.add([listed]);
      } else {
        await this.#deleteFiles(listed);
      }
    }
    this.notifyChanged();
  }

  /** Deletes runs that are over, from the list and from the history. */
  async remove(runs: readonly ListedRun[]): Promise<void> {
    // Another window can just have resumed an interrupted run.
    for (const listed of runs) if (listed.isInterrupted) await this.refresh(listed);
    await this.delete(runs.filter((listed) => listed.isOver && !listed.isActive));
  }

  /**
   * Deletes the runs that exceed the limits of the history, the removed ones first.
   * @param shown stays in the list in any case
   */
  async prune(shown?: ListedRun): Promise<void> {
    const removed = new Set(this.removed.map(({ id }) => id));
    const ids = new Set(await this.#history.prune(removed));
    await this.deleteRemoved(this.removed.filter(({ id }) => ids.has(id)));
    const pruned = this.#runs.filter((listed) => ids.has(listed.id) && listed !== shown);
    if (pruned.length > 0) await this.remove(pruned);
  }

  /** Deletes runs from the list and from the history, even runs that are not over. */
  async delete(runs: readonly ListedRun[]): Promise<void> {
    this.#runs = this.#runs.filter((listed) => !runs.includes(listed));
    this.notifyChanged();
    for (const listed of runs) await this.#deleteFiles(listed);
  }

  async #deleteFiles({ run, id }: ListedRun): Promise<void> {
    await run?.close().catch((error: unknown) => this.#log.warn(String(error)));
    await this.#history.delete(id);
  }

  dispose(): void {
    this.#listChanged.dispose();
    this.#changed.dispose();
    this.#renamed.dispose();
  }
}
