import * as vscode from 'vscode';
import { nodesWithStatus } from '../../runs/export/nodeList.ts';
import type { RunInfo } from '../../runs/run.ts';
import type { NodeStatus } from '../../runs/model/nodeStatus.ts';
import { commands } from '../base/contributions.ts';
import { requireTrust } from '../base/requireTrust.ts';
import { NothingToDo } from '../base/userError.ts';
import { registerRunCommand } from '../runsView/registerRowCommand.ts';
import { loadRunOf, nodesOf, runOf, stepsOf } from '../runsView/runElements.ts';
import { launch } from '../launch/launch.ts';
import type { LaunchServices } from '../launch/launchServices.ts';
import { type RerunTarget, runAgainOn, runAgainOnAll } from '../launch/rerunOn.ts';
import { textToRunAgain } from './textToRunAgain.ts';

/** Registers the commands that run a job again: from its row, or the latest run from the palette. */
export function registerRunAgainCommands(services: LaunchServices): vscode.Disposable {
  const { runs, loader, log } = services;
  const onNodesWith = (status: NodeStatus, noneMessage: string) => async (element: unknown) => {
    const run = await loadRunOf(element, services);
    const nodes = nodesWithStatus(run.ledger, [status]);
    if (nodes.length === 0) throw new NothingToDo(noneMessage);
    await runAgain(services, run.info, runAgainOn(run, nodes));
  };
  return vscode.Disposable.from(
    registerRunCommand(commands.runAgain, log, async (element) => {
      const [latest, ...earlier] = stepsOf(element, runs.all);
      const { info } = latest;
      const steps = await Promise.all([latest, ...earlier].map((step) => loader.load(step)));
      await runAgain(services, info, runAgainOnAll(steps));
    }),
    registerRunCommand(commands.runAgainWithChanges, log, (element) =>
      runAgain(services, runOf(element, runs.all).info),
    ),
    registerRunCommand(
      commands.runOnFailed,
      log,
      onNodesWith('failed', vscode.l10n.t('No node failed in this run.')),
    ),
    registerRunCommand(
      commands.runOnNoResponse,
      log,
      onNodesWith('noResponse', vscode.l10n.t('Every node responded in this run.')),
    ),
    registerRunCommand(
      commands.runOnLost,
      log,
      onNodesWith('lost', vscode.l10n.t('No node was lost in this run.')),
    ),
    registerRunCommand(commands.runOnThese, log, (element, elements) => {
      const { run, nodes } = nodesOf(element, elements);
      return runAgain(services, run.info, runAgainOn(run, nodes));
    }),
  );
}

/** If the script's file has changed since the run, the user chooses which text to run. */
async function runAgain(
  services: LaunchServices,
  info: RunInfo,
  target?: RerunTarget,
): Promise<void> {
  requireTrust();
  const named = await textToRunAgain(info);
  if (named) await launch(services, named, target);
}
