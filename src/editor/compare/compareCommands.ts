import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { earlierRun } from '../../runs/earlierRun.ts';
import type { Run } from '../../runs/run.ts';
import { commands } from '../base/contributions.ts';
import { registerCommand } from '../base/registerCommand.ts';
import { elementsOf, isRunElement, type LoadServices, runOf } from '../runsView/runElements.ts';
import type { RunsViewOptions } from '../runsView/viewOptions.ts';
import { NothingToDo, UserError } from '../base/userError.ts';
import { compareScriptWithFile } from './compareScript.ts';
import { mostCommonSide } from './mostCommon.ts';
import { openDiff } from './openDiff.ts';
import { nodeSide, runSide, sideOf } from './side.ts';

interface CompareServices extends LoadServices {
  readonly log: vscode.LogOutputChannel;
  readonly viewOptions: RunsViewOptions;
}

/** Registers the commands that compare outputs of nodes, groups and runs in the diff editor. */
export function registerCompareCommands(services: CompareServices): vscode.Disposable {
  const { loader, viewOptions, log } = services;
  return vscode.Disposable.from(
    registerCommand(commands.compareSelected, log, async (element, elements) => {
      const [first, second, ...others] = elementsOf(element, elements);
      if (!first || !second || others.length > 0) {
        throw new UserError(vscode.l10n.t('Select two nodes, groups or runs to compare.'));
      }
      if ((first.kind === 'run') !== (second.kind === 'run')) {
        throw new UserError(vscode.l10n.t('A run can only be compared with another run.'));
      }
      const left = await sideOf(first, loader);
      const right = await sideOf(second, loader);
      const isNewer = left.run.info.createdAt > right.run.info.createdAt;
      await (isNewer ? openDiff(right, left) : openDiff(left, right));
    }),
    registerCommand(commands.compareWithMostCommon, log, async (element) => {
      if (!isRunElement(element) || (element.kind !== 'node' && element.kind !== 'group')) {
        throw new UserError(vscode.l10n.t('Select a node or a group in the Runs view first.'));
      }
      const side = await sideOf(element, loader);
      await openDiff(await mostCommonSide(element, viewOptions), side);
    }),
    registerCommand(commands.compareWithEarlier, log, (element) =>
      isRunElement(element) && element.kind === 'node'
        ? compareNodeWithEarlier(services, element.run, element.node)
        : compareRunWithEarlier(services, element),
    ),
    registerCommand(commands.compareScript, log, (element) =>
      compareScriptWithFile(runOf(element, services.runs.all).info),
    ),
  );
}

async function compareRunWithEarlier(
  { runs, loader }: LoadServices,
  element: unknown,
): Promise<void> {
  const listed = runOf(element, runs.all);
  const earlier = earlierRun(runs.all, listed.info);
  if (!earlier) {
    throw new NothingToDo(vscode.l10n.t('This job has no earlier run on this connection.'));
  }
  await openDiff(runSide(await loader.load(earlier)), runSide(await loader.load(listed)));
}

async function compareNodeWithEarlier(
  { runs, loader }: LoadServices,
  run: Run,
  node: string,
): Promise<void> {
  const earlier = earlierRun(runs.all, run.info, node);
  if (!earlier) {
    throw new NothingToDo(vscode.l10n.t('This job has no earlier run on {0}.', displayName(node)));
  }
  await openDiff(nodeSide(await loader.load(earlier), node), nodeSide(run, node));
}
