import * as vscode from 'vscode';
import type { ConnectionService } from '../connections/connectionService.ts';
import type { ListedRun } from './listedRun.ts';
import { OtherWindows } from './otherWindows.ts';
import type { RunFollower } from './runFollower.ts';
import type { RunHistory } from './runHistory.ts';
import type { RunList } from './runList.ts';

interface RestoreServices {
  readonly runs: RunList;
  readonly follower: RunFollower;
  readonly history: RunHistory;
  readonly connections: ConnectionService;
  readonly log: vscode.LogOutputChannel;
}

/**
 * Loads the history into the list, resumes the runs on the active connection that a reload of the
 * window interrupted, and follows what other windows do.
 */
export function restoreRuns(services: RestoreServices): vscode.Disposable {
  const stop = new AbortController();
  const others = new OtherWindows(services.runs, services.history, (listed) =>
    resumeInterrupted(listed, services, stop.signal),
  );
  void others.watch(stop.signal);
  return new vscode.Disposable(() => stop.abort());
}

async function resumeInterrupted(
  listed: ListedRun,
  { runs, follower, history, connections, log }: RestoreServices,
  signal: AbortSignal,
): Promise<void> {
  // Another window can be on the run's connection; this window would find nothing.
  if (signal.aborted || listed.info.connection !== connections.active.name) return;
  const run = await history.resume(listed.id);
  if (!run) return;
  if (!runs.all.includes(listed)) return history.suspend(run);
  listed.resume(run);
  log.info(`Run ${listed.id} was interrupted: looking for it in Consul`);
  const { resumeEvents } = await import('./resumeEvents.ts');
  void follower.follow(listed, (stopped) => resumeEvents(listed, run, connections, stopped));
}
