import { sleep } from '../../base/sleep.ts';
import { RESUMABLE_MS } from '../../runs/history/history.ts';
import { ListedRun } from './listedRun.ts';
import type { RunHistory } from './runHistory.ts';
import type { RunList } from './runList.ts';

/** After a reload the old window can still own its runs, so they are checked often for this long. */
const RELOAD_MS = 30_000;
const CHECK_INTERVAL_MS = 15_000;
/** Shorter than the others, since listing one folder is cheap. */
const LIST_INTERVAL_MS = 3000;
/** A reloading window resumes its own runs; other windows wait for this long before they do. */
const RESUME_AFTER_MS = 60_000;

/** Tries to resume a run that no window collects. */
type OnInterrupted = (listed: ListedRun) => Promise<void>;

/**
 * Keeps the list in step with other windows: with the runs that they start and delete, with the runs
 * that they collect, and with interrupted runs, which they can delete or resume.
 */
export class OtherWindows {
  readonly #runs: RunList;
  readonly #history: RunHistory;
  readonly #onInterrupted: OnInterrupted;
  /** Ids of the runs that were on disk at the last check. */
  #savedIds = new Set<string>();

  constructor(runs: RunList, history: RunHistory, onInterrupted: OnInterrupted) {
    this.#runs = runs;
    this.#history = history;
    this.#onInterrupted = onInterrupted;
  }

  /** Lists the history and resumes interrupted runs; then follows other windows until aborted. */
  async watch(signal: AbortSignal): Promise<void> {
    this.#runs.add((await this.#history.list()).map((entry) => new ListedRun(entry)));
    const start = Date.now();
    for (const listed of this.#runs.all) {
      if (isUnfinished(listed) && listed.isInterrupted) await this.#onInterrupted(listed);
    }
    this.#runs.markRestored();
    let checkedAt = start;
    for (;;) {
      await sleep(LIST_INTERVAL_MS, signal);
      if (signal.aborted) return;
      await this.#syncList();
      const now = Date.now();
      const isReload = now - start < RELOAD_MS;
      if (!isReload && now - checkedAt < CHECK_INTERVAL_MS) continue;
      checkedAt = now;
      await this.#checkUnfinished(isReload);
    }
  }

  /** Adds the runs that other windows started, and drops the runs that they deleted. */
  async #syncList(): Promise<void> {
    const before = this.#savedIds;
    this.#savedIds = new Set(await this.#history.ids());
    const known = [...this.#runs.all, ...this.#runs.removed];
    const missing = known.filter(({ id }) => before.has(id) && !this.#savedIds.has(id));
    for (const listed of missing) await this.#runs.refresh(listed);
    const added: ListedRun[] = [];
    for (const id of this.#savedIds) {
      if (before.has(id) || this.#runs.find(id)) continue;
      const entry = await this.#history.entry(id);
      // Its record is not written yet, so the run counts as new at the next check.
      if (entry === 'gone') this.#savedIds.delete(id);
      else if (entry) added.push(new ListedRun(entry));
    }
    if (added.length > 0) this.#runs.add(added);
  }

  /** @param isReload whether this window has just been reloaded, so that its runs are resumed at once */
  async #checkUnfinished(isReload: boolean): Promise<void> {
    for (const listed of this.#runs.all.filter(isUnfinished)) {
      await this.#runs.refresh(listed);
      if (!listed.isInterrupted) continue;
      const age = Date.now() - listed.claimedAt;
      if (isReload || (age > RESUME_AFTER_MS && age < RESUMABLE_MS)) {
        await this.#onInterrupted(listed);
      }
    }
  }
}

/** Whether a run has no end in the history. Runs that this window started or resumed don't count. */
function isUnfinished({ outcome, isInterrupted, run }: ListedRun): boolean {
  return outcome === undefined && (isInterrupted || run === undefined);
}
