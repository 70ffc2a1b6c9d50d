import * as vscode from 'vscode';
import { SETTINGS } from '../base/contributions.ts';
import type { RunList } from './runList.ts';

/** Settings are saved while they are typed: a "1" on the way to "150" must not delete nearly all runs. */
const DEBOUNCE_MS = 10_000;

/** Applies the limits of the history when the window opens and when they change. */
export function pruneRuns(runs: RunList): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  void runs.whenRestored.then(() => runs.prune());
  const listener = vscode.workspace.onDidChangeConfiguration((change) => {
    if (!change.affectsConfiguration(`${SETTINGS}.history`)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void runs.prune(), DEBOUNCE_MS);
  });
  return vscode.Disposable.from(listener, { dispose: () => clearTimeout(timer) });
}
