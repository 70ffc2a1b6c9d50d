import type { RunOutcome } from '../../runs/history/record.ts';
import type { Run, RunInfo } from '../../runs/run.ts';

/** A run in the list: going on, just over, or kept on disk and not opened yet. */
export class ListedRun {
  info: RunInfo;
  /** Kept whatever the limits of the history. */
  pinned: boolean;
  /** How it ended, as the history tells of a run that is not open. */
  readonly outcome: RunOutcome | undefined;
  /** Undefined until it is opened. */
  run: Run | undefined;
  /** The user stopped it, and it has not come to its end yet. */
  stopping = false;

  constructor(info: RunInfo, { pinned = false, outcome, run }: Partial<ListedRun> = {}) {
    this.info = info;
    this.pinned = pinned;
    this.outcome = outcome;
    this.run = run;
  }

  get id(): string {
    return this.info.id;
  }

  /** Whether it is over; one that another window collects goes on there. */
  get isOver(): boolean {
    return this.run ? this.run.ledger.end !== undefined : this.outcome !== undefined;
  }
}
