import { sleep } from '../../exec/sleep.ts';
import { PICK_UP_MS } from '../../runs/history/history.ts';
import type { ListedRun } from './listedRun.ts';
import type { RunService } from './runService.ts';

/** The window that went may still hold its runs for a moment: as long as this, they are looked at each time. */
const RELOAD_MS = 30_000;
const SELDOM_MS = 15_000;
/** Which runs there are is but a folder's list. */
const LIST_MS = 3000;
/** A window that reloads is the first that may go on with its runs; others wait for this long. */
const PATIENCE_MS = 60_000;

/**
 * Looks again and again at what other windows do: at the runs that come and go there, at what they
 * collect until it is over, and at what was interrupted, since it may be deleted or gone on with.
 * @param goOn tries to go on with a run that nobody collects; called at the start, and for what is
 * interrupted later for as long as its session may live
 */
export async function watchOtherWindows(
  runs: RunService,
  signal: AbortSignal,
  goOn: (listed: ListedRun) => Promise<void>,
): Promise<void> {
  const start = Date.now();
  for (const one of runs.all) if (isOpen(one) && one.isInterrupted) await goOn(one);
  runs.restored();
  let lookedAt = start;
  for (;;) {
    await sleep(LIST_MS, signal);
    if (signal.aborted) return;
    await runs.lookAround();
    const now = Date.now();
    const isReload = now - start < RELOAD_MS;
    if (!isReload && now - lookedAt < SELDOM_MS) continue;
    lookedAt = now;
    for (const one of runs.all.filter(isOpen)) {
      await runs.refresh(one);
      if (!one.isInterrupted) continue;
      const age = Date.now() - one.claimedAt;
      if (isReload || (age > PATIENCE_MS && age < PICK_UP_MS)) await goOn(one);
    }
  }
}

/** As the history knows it: what this window began, or went on with, is open no more. */
function isOpen({ outcome, isInterrupted, run }: ListedRun): boolean {
  return outcome === undefined && (isInterrupted || run === undefined);
}
