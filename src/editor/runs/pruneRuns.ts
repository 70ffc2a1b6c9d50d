import * as vscode from 'vscode';
import { SETTINGS } from '../contributions.ts';
import type { RunService } from './runService.ts';

/** A limit is saved while it is typed: a “1” on the way to “150” must not cost all but one run. */
const REST_MS = 10_000;

/** Holds the history to its limits: when the window opens, and when they change. */
export function pruneRuns(runs: RunService): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  void runs.whenRestored.then(() => runs.prune());
  const listener = vscode.workspace.onDidChangeConfiguration((change) => {
    if (!change.affectsConfiguration(`${SETTINGS}.history`)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void runs.prune(), REST_MS);
  });
  return vscode.Disposable.from(listener, { dispose: () => clearTimeout(timer) });
}
