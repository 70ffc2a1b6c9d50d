import type { OutputLimit } from '../../exec/cap/outputLimit.ts';
import type { HistoryEntry } from '../../runs/history/history.ts';
import type { RunOutcome } from '../../runs/history/record.ts';
import type { Run, RunInfo } from '../../runs/run.ts';

/**
 * A run in the list. This window or another one collects it, or it is interrupted or finished. A run
 * from the history has no `run` until it is opened.
 */
export class ListedRun {
  #info: RunInfo;
  #run: Run | undefined;
  #pinned = false;
  #saveFailure: Error | undefined;
  #outcome: RunOutcome | undefined;
  /** Aborts the collection; undefined unless this window collects the run. */
  #collection: AbortController | undefined;
  #outputLimit: OutputLimit | undefined;
  /** Whether any window is collecting this run; always true for runs started or resumed here. */
  #claimed = true;
  #claimedAt = 0;
  #bytes = 0;

  /** @param run a run of this window, or its entry in the history */
  constructor(run: Run | HistoryEntry) {
    this.#info = run.info;
    if ('ledger' in run) this.#run = run;
    else this.#take(run);
  }

  get id(): string {
    return this.#info.id;
  }

  get info(): RunInfo {
    return this.#info;
  }

  /** Undefined until the run is opened. */
  get run(): Run | undefined {
    return this.#run;
  }

  /** Pinned runs don't count towards the limits of the history. */
  get pinned(): boolean {
    return this.#pinned;
  }

  /** Why part of the run isn't on disk although the history is on. */
  get saveFailure(): Error | undefined {
    return this.#saveFailure;
  }

  /** How the run ended, from the history; undefined for runs of this window. */
  get outcome(): RunOutcome | undefined {
    return this.#outcome;
  }

  /** Whether this window collects the run. */
  get isActive(): boolean {
    return this.#collection !== undefined;
  }

  /** The user stopped the run, and it has not ended yet. */
  get isStopping(): boolean {
    return this.#collection?.signal.aborted ?? false;
  }

  /** The run has not ended, and no window collects it. */
  get isInterrupted(): boolean {
    return this.#outcome === undefined && !this.#claimed;
  }

  /** When a collecting window last renewed or released its claim, in milliseconds since the epoch. */
  get claimedAt(): number {
    return this.#claimedAt;
  }

  /** Whether the run gets no more events; false while another window collects it. */
  get isOver(): boolean {
    if (this.#run) return this.#run.ledger.end !== undefined;
    return this.#outcome !== undefined || this.isInterrupted;
  }

  /** How much output is collected; undefined unless this window collects the run. */
  get outputLimit(): OutputLimit | undefined {
    return this.isActive ? this.#outputLimit : undefined;
  }

  /** @returns the same limit */
  limitOutput(limit: OutputLimit): OutputLimit {
    this.#outputLimit = limit;
    return limit;
  }

  /** Sets what was read from the history. */
  open(run: Run): void {
    this.#run = run;
  }

  /** This window resumes the run. */
  resume(run: Run): void {
    this.#run = run;
    this.#claimed = true;
  }

  /** This window starts to collect the run. @returns the signal that ends the collection */
  markActive(): AbortSignal {
    this.#collection = new AbortController();
    return this.#collection.signal;
  }

  /** Aborts the collection. @returns false if this window doesn't collect the run, or has aborted it */
  stop(reason?: unknown): boolean {
    if (!this.#collection || this.#collection.signal.aborted) return false;
    this.#collection.abort(reason);
    return true;
  }

  /** This window no longer collects the run. @returns false if it didn't */
  markOver(): boolean {
    const wasActive = this.isActive;
    this.#collection = undefined;
    return wasActive;
  }

  rename(title: string): void {
    this.#info = { ...this.#info, title };
    this.#run?.rename(title);
  }

  pin(pinned: boolean): void {
    this.#pinned = pinned;
  }

  /** @returns whether saving started to fail, or works again */
  setSaveFailure(failure: Error | undefined): boolean {
    const changed = (failure === undefined) !== (this.#saveFailure === undefined);
    this.#saveFailure = failure;
    return changed;
  }

  /**
   * Takes over the current state of a run that another window may have changed.
   * @returns whether anything changed
   */
  update(entry: HistoryEntry): boolean {
    const changed =
      (entry.outcome === undefined) !== (this.#outcome === undefined) ||
      entry.claimed !== this.#claimed ||
      entry.bytes !== this.#bytes ||
      entry.pinned !== this.#pinned ||
      entry.info.title !== this.#info.title;
    this.#info = entry.info;
    this.#take(entry);
    // What was read from disk before is outdated.
    if (changed) this.#run = undefined;
    return changed;
  }

  #take({ pinned, outcome, claimed, claimedAt = 0, bytes }: HistoryEntry): void {
    this.#pinned = pinned;
    this.#outcome = outcome;
    this.#claimed = claimed;
    this.#claimedAt = claimedAt;
    this.#bytes = bytes;
  }
}
