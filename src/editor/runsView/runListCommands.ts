import * as vscode from 'vscode';
import { runHeading } from '../../runs/text/runHeading.ts';
import { summarize } from '../../runs/text/stateText.ts';
import { commands } from '../base/contributions.ts';
import { registerCommand } from '../base/registerCommand.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import { pickActiveRun } from '../runs/pickActiveRun.ts';
import type { RunFollower } from '../runs/runFollower.ts';
import type { RunList } from '../runs/runList.ts';
import { registerRowCommand } from './registerRowCommand.ts';
import { clearRuns, removeRuns, restoreRun } from './removeRuns.ts';
import {
  isOneRollout,
  isRunElement,
  type LoadServices,
  loadRunOf,
  runsOf,
  stepsOf,
  type ViewSelection,
} from './runElements.ts';

interface RunListServices extends LoadServices {
  readonly follower: RunFollower;
  readonly selection: ViewSelection;
  readonly log: vscode.LogOutputChannel;
}

/** Registers the commands that stop, rename, pin, and delete runs of the list. */
export function registerRunListCommands(services: RunListServices): vscode.Disposable {
  const { runs, follower, log } = services;
  return vscode.Disposable.from(
    registerCommand(commands.stop, log, async (element) => {
      const title = vscode.l10n.t('Select a run to stop');
      const chosen = isRunElement(element)
        ? stepsOf(element, runs.all)
        : [await pickActiveRun(runs, title)];
      for (const listed of chosen) if (listed?.isActive) follower.stop(listed);
    }),
    registerCommand(commands.copySummary, log, async (element) => {
      const { info, ledger } = await loadRunOf(element, services);
      await vscode.env.clipboard.writeText(`${runHeading(info)}\n${summarize(ledger)}`);
    }),
    registerRowCommand(commands.renameRun, services, (element) =>
      renameRuns(runs, stepsOf(element, runs.all)),
    ),
    registerCommand(commands.pinRun, log, async (element) => {
      for (const listed of stepsOf(element, runs.all)) await runs.pin(listed, true);
    }),
    registerCommand(commands.unpinRun, log, async (element) => {
      for (const listed of stepsOf(element, runs.all)) await runs.pin(listed, false);
    }),
    registerRowCommand(commands.removeRun, services, (element, elements) =>
      removeRuns(runs, runsOf(element, elements), isOneRollout(element, elements)),
    ),
    registerCommand(commands.undoRemoveRun, log, () => restoreRun(runs)),
    registerCommand(commands.clearRuns, log, () => clearRuns(runs)),
  );
}

/** @param steps the steps of a run, or the only run */
async function renameRuns(runs: RunList, steps: readonly ListedRun[]): Promise<void> {
  const title = await vscode.window.showInputBox({
    title: vscode.l10n.t('Rename Run'),
    value: steps[0]?.info.title ?? '',
    validateInput: (text) => (text.trim() === '' ? vscode.l10n.t('Enter a name.') : undefined),
  });
  if (!title?.trim()) return;
  for (const listed of steps) await runs.rename(listed, title.trim());
}
