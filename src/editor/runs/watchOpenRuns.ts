import { sleep } from '../../exec/sleep.ts';
import { PICK_UP_MS } from '../../runs/history/history.ts';
import type { ListedRun } from './listedRun.ts';
import type { RunService } from './runService.ts';

/** The window that went may still hold its runs for a moment: as long as this, that is looked at often. */
const RELOAD_MS = 30_000;
const OFTEN_MS = 3000;
const SELDOM_MS = 15_000;
/** A window that reloads is the first that may go on with its runs; others wait for this long. */
const PATIENCE_MS = 60_000;

/**
 * Looks again and again at what the history has that is not over: at what other windows collect until
 * it is over, and at what was interrupted, since it may be deleted elsewhere or gone on with.
 * @param goOn tries to go on with a run that nobody collects; called at the start, and for what is
 * interrupted later for as long as its session may live
 */
export async function watchOpenRuns(
  runs: RunService,
  listed: readonly ListedRun[],
  signal: AbortSignal,
  goOn: (listed: ListedRun) => Promise<void>,
): Promise<void> {
  const start = Date.now();
  let open = listed.filter(({ outcome }) => outcome === undefined);
  for (const one of open) if (one.isInterrupted) await goOn(one);
  runs.restored();
  while (!signal.aborted) {
    open = open.filter((one) => runs.all.includes(one) && !runs.going.includes(one) && isOpen(one));
    if (open.length === 0) return;
    const isReload = Date.now() - start < RELOAD_MS;
    await sleep(isReload ? OFTEN_MS : SELDOM_MS, signal);
    for (const one of open) {
      await runs.refresh(one);
      if (!one.isInterrupted) continue;
      const age = Date.now() - one.claimedAt;
      if (isReload || (age > PATIENCE_MS && age < PICK_UP_MS)) await goOn(one);
    }
  }
}

/** As the history knows it: what this window went on with is open no more. */
function isOpen({ outcome, isInterrupted, run }: ListedRun): boolean {
  return outcome === undefined && (isInterrupted || run === undefined);
}
