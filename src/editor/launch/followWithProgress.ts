import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { describeProgress } from '../../runs/wording.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import { plainMessage } from '../plainLabel.ts';
import type { RunService } from '../runs/runService.ts';

/** A run that is over sooner needs no notification: the tree has told it. */
const LONG_MS = 3000;
const REPORT_MS = 500;

/** Shows a run that takes long as a notification, with a way to stop it. */
export async function followWithProgress(
  runs: RunService,
  listed: ListedRun,
  ended: Promise<void>,
): Promise<void> {
  if (await Promise.race([ended.then(() => true), wait(LONG_MS, false, { ref: false })])) return;
  const { run, info } = listed;
  if (!run) return;
  const location = vscode.ProgressLocation.Notification;
  await vscode.window.withProgress(
    { location, title: plainMessage(info.title), cancellable: true },
    async (progress, token) => {
      const report = () => progress.report({ message: describeProgress(run.ledger) });
      const timer = setInterval(report, REPORT_MS);
      const subscription = token.onCancellationRequested(() => runs.stop(listed));
      report();
      await ended.finally(() => {
        clearInterval(timer);
        subscription.dispose();
      });
    },
  );
}
