import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { plainMessage } from './plainLabel.ts';

export interface DelayedProgress {
  readonly title: string;
  /** A task that ends sooner shows nothing. */
  readonly showAfterMs: number;
  readonly reportIntervalMs: number;
  readonly message: () => string;
  /**
   * Called when the user cancels; the notification stays until the task ends. Without it, the status bar
   * shows the progress.
   */
  readonly cancel?: () => void;
}

/**
 * Waits for a task, and shows its progress if it takes long.
 * @throws what the task throws
 */
export async function withDelayedProgress(
  task: Promise<unknown>,
  { title, showAfterMs, reportIntervalMs, message, cancel }: DelayedProgress,
): Promise<void> {
  const ended = task.then(() => true);
  if (await Promise.race([ended, wait(showAfterMs, false, { ref: false })])) return;
  const { Notification, Window } = vscode.ProgressLocation;
  const location = cancel ? Notification : Window;
  await vscode.window.withProgress(
    { location, title: plainMessage(title), cancellable: cancel !== undefined },
    async (progress, token) => {
      const report = () => progress.report({ message: message() });
      const timer = setInterval(report, reportIntervalMs);
      const subscription = token.onCancellationRequested(() => cancel?.());
      report();
      await ended.finally(() => {
        clearInterval(timer);
        subscription.dispose();
      });
    },
  );
}
