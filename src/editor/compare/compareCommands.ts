import * as vscode from 'vscode';
import { displayName } from '../../runs/displayText.ts';
import { earlierRun } from '../../runs/earlierRun.ts';
import type { Run } from '../../runs/run.ts';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import { registerCommand } from '../register.ts';
import { elementsOf, isRunElement, runOf } from '../runs/runElements.ts';
import { UserError } from '../userError.ts';
import { majoritySide } from './majority.ts';
import { openDiff } from './openDiff.ts';
import { nodeSide, runSide, sideOf } from './side.ts';

/** What nodes, groups and runs wrote, side by side in the diff editor. */
export function registerCompareCommands(app: App): vscode.Disposable {
  const { runs, look, log } = app;
  return vscode.Disposable.from(
    registerCommand(commands.compareSelected, log, async (element, elements) => {
      const [first, second, ...others] = elementsOf(element, elements);
      if (!first || !second || others.length > 0) {
        throw new UserError(vscode.l10n.t('Select two rows of nodes, groups or runs to compare.'));
      }
      if ((first.kind === 'run') !== (second.kind === 'run')) {
        throw new UserError(vscode.l10n.t('A run can be compared only with another run.'));
      }
      const one = await sideOf(first, runs);
      const other = await sideOf(second, runs);
      if (one.run.info.createdAt > other.run.info.createdAt) await openDiff(other, one);
      else await openDiff(one, other);
    }),
    registerCommand(commands.compareWithMajority, log, async (element) => {
      if (!isRunElement(element) || (element.kind !== 'node' && element.kind !== 'group')) {
        throw new UserError(vscode.l10n.t('Select a node or a group in the Runs view first.'));
      }
      const side = await sideOf(element, runs);
      await openDiff(await majoritySide(element, look), side);
    }),
    registerCommand(commands.compareWithEarlier, log, (element) =>
      isRunElement(element) && element.kind === 'node'
        ? compareNodeWithEarlier(app, element.run, element.node)
        : compareRunWithEarlier(app, element),
    ),
  );
}

async function compareRunWithEarlier({ runs }: App, element: unknown): Promise<void> {
  const listed = runOf(element, runs.all);
  const earlier = earlierRun(runs.all, listed.info);
  if (!earlier) {
    throw new UserError(
      vscode.l10n.t('There is no earlier run of this job through the same connection.'),
    );
  }
  await openDiff(runSide(await runs.load(earlier)), runSide(await runs.load(listed)));
}

async function compareNodeWithEarlier({ runs }: App, run: Run, node: string): Promise<void> {
  const earlier = earlierRun(runs.all, run.info, node);
  if (!earlier) {
    throw new UserError(
      vscode.l10n.t('There is no earlier run of this job on {0}.', displayName(node)),
    );
  }
  await openDiff(nodeSide(await runs.load(earlier), node), nodeSide(run, node));
}
