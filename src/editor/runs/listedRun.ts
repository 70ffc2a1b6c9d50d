import type { HistoryEntry } from '../../runs/history/history.ts';
import type { RunOutcome } from '../../runs/history/record.ts';
import type { Run, RunInfo } from '../../runs/run.ts';

/** A run in the list: going on here or in another window, interrupted, over, or not opened yet. */
export class ListedRun {
  /** Kept whatever the limits of the history. */
  pinned = false;
  /** Undefined until it is opened. */
  run: Run | undefined;
  /** Why not all of it is on disk, although the history is on. */
  notKept: Error | undefined;
  /** The user stopped it, and it has not come to its end yet. */
  stopping = false;
  #info: RunInfo;
  #outcome: RunOutcome | undefined;
  /** Some window collects it; of what this one began, or went on with, that is always said. */
  #claimed = true;
  #claimedAt = 0;
  #bytes = 0;

  /** @param run of this window, or as the history has it */
  constructor(run: Run | HistoryEntry) {
    this.#info = run.info;
    if ('ledger' in run) this.run = run;
    else this.#take(run);
  }

  get id(): string {
    return this.#info.id;
  }

  get info(): RunInfo {
    return this.#info;
  }

  /** How it ended, as the history tells of a run that is not open. */
  get outcome(): RunOutcome | undefined {
    return this.#outcome;
  }

  /** It is not over, and no window collects it. */
  get isInterrupted(): boolean {
    return this.#outcome === undefined && !this.#claimed;
  }

  /** When a window that collects it last said so, or let go of it: milliseconds since the epoch. */
  get claimedAt(): number {
    return this.#claimedAt;
  }

  /** Whether nothing more comes of it; one that another window collects goes on there. */
  get isOver(): boolean {
    if (this.run) return this.run.ledger.end !== undefined;
    return this.#outcome !== undefined || this.isInterrupted;
  }

  /** This window goes on with it. */
  resume(run: Run): void {
    this.run = run;
    this.#claimed = true;
  }

  rename(title: string): void {
    this.#info = { ...this.#info, title };
    this.run?.rename(title);
  }

  /**
   * Takes over what the history says now of a run that this window does not collect.
   * @returns whether that is anything new
   */
  update(entry: HistoryEntry): boolean {
    const isNews =
      (entry.outcome === undefined) !== (this.#outcome === undefined) ||
      entry.claimed !== this.#claimed ||
      entry.bytes !== this.#bytes ||
      entry.pinned !== this.pinned ||
      entry.info.title !== this.#info.title;
    this.#info = entry.info;
    this.#take(entry);
    // What was read of it before is no longer how it is.
    if (isNews) this.run = undefined;
    return isNews;
  }

  #take({ pinned, outcome, claimed, claimedAt = 0, bytes }: HistoryEntry): void {
    this.pinned = pinned;
    this.#outcome = outcome;
    this.#claimed = claimed;
    this.#claimedAt = claimedAt;
    this.#bytes = bytes;
  }
}
