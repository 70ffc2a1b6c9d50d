import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import { plainMessage } from '../plainLabel.ts';
import { saveFile } from './saveFile.ts';

/** What takes less is over before a notification could be read. */
const LONG_MS = 1000;
const REPORT_MS = 300;
const MEGABYTE = 1024 * 1024;

/**
 * Writes a file, and tells how far it is when that takes long.
 * @param title of the notification
 * @returns whether it was not given up
 * @throws UserError when it cannot be written
 */
export async function saveWithProgress(
  target: vscode.Uri,
  pieces: AsyncIterable<string | Uint8Array>,
  title: string,
): Promise<boolean> {
  const cancel = new AbortController();
  let written = 0;
  const saving = saveFile(target, pieces, (bytes) => (written += bytes), cancel.signal);
  const settled = saving.then(
    () => true,
    () => true,
  );
  if (!(await Promise.race([settled, wait(LONG_MS, false, { ref: false })]))) {
    await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: plainMessage(title),
        cancellable: true,
      },
      async (progress, token) => {
        const tell = () =>
          progress.report({
            message: vscode.l10n.t('{0} MB written', (written / MEGABYTE).toFixed(1)),
          });
        const timer = setInterval(tell, REPORT_MS);
        const subscription = token.onCancellationRequested(() => cancel.abort());
        tell();
        await settled;
        clearInterval(timer);
        subscription.dispose();
      },
    );
  }
  try {
    await saving;
    return true;
  } catch (error) {
    if (cancel.signal.aborted) return false;
    throw error;
  }
}
