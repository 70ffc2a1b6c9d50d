import * as vscode from 'vscode';
import { withDelayedProgress } from './delayedProgress.ts';
import { saveFile } from './saveFile.ts';

/** A shorter save ends before a notification could be read. */
const SHOW_PROGRESS_AFTER_MS = 1000;
const REPORT_INTERVAL_MS = 300;
const MEGABYTE = 1024 * 1024;

/**
 * Writes a file, and shows its progress if that takes long.
 * @param title of the notification
 * @returns false when the user canceled
 * @throws UserError when the file can't be written
 */
export async function saveWithProgress(
  target: vscode.Uri,
  pieces: AsyncIterable<string | Uint8Array>,
  title: string,
): Promise<boolean> {
  const cancel = new AbortController();
  let written = 0;
  const saving = saveFile(target, pieces, (bytes) => (written += bytes), cancel.signal);
  try {
    await withDelayedProgress(saving, {
      title,
      showAfterMs: SHOW_PROGRESS_AFTER_MS,
      reportIntervalMs: REPORT_INTERVAL_MS,
      message: () => vscode.l10n.t('{0} MB written', (written / MEGABYTE).toFixed(1)),
      cancel: () => cancel.abort(),
    });
    return true;
  } catch (error) {
    if (cancel.signal.aborted) return false;
    throw error;
  }
}
