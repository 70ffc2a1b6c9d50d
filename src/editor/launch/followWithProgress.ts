import { describeProgress } from '../../runs/text/stateText.ts';
import { withDelayedProgress } from '../base/delayedProgress.ts';
import type { ListedRun } from '../runs/listedRun.ts';

/** The Runs view shows a shorter run. */
const SHOW_PROGRESS_AFTER_MS = 3000;
const REPORT_INTERVAL_MS = 500;

/**
 * Shows the progress of a long run in the status bar. A notification would cover the output, and its Cancel
 * button would only stop collecting: Stop and End on the Nodes, on the run's row, say what they do.
 */
export async function followWithProgress(listed: ListedRun, ended: Promise<void>): Promise<void> {
  await withDelayedProgress(ended, {
    title: listed.info.title,
    showAfterMs: SHOW_PROGRESS_AFTER_MS,
    reportIntervalMs: REPORT_INTERVAL_MS,
    message: () => (listed.run ? describeProgress(listed.run.ledger) : ''),
  });
}
