import * as vscode from 'vscode';
import { nodesStanding } from '../../runs/export/nodeList.ts';
import type { Standing } from '../../runs/nodeResult.ts';
import { summarize } from '../../runs/wording.ts';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import { launch } from '../launch/launch.ts';
import { plainLabel } from '../plainLabel.ts';
import { registerCommand } from '../register.ts';
import { againOn } from './againOn.ts';
import { registerRowCommand } from './registerRowCommand.ts';
import { clearRuns, removeRuns } from './removeRuns.ts';
import type { ListedRun } from './listedRun.ts';
import { isRunElement, nodesOf, runOf, runsOf } from './runElements.ts';
import { UserError } from '../userError.ts';

/** What can be done with a run that is in the list: from its row, or from the palette on the newest. */
export function registerRunListCommands(app: App): vscode.Disposable {
  const { runs, log } = app;
  const onSome = (standing: Standing, none: string) => async (element: unknown) => {
    const { info, ledger } = await runs.load(runOf(element, runs.all));
    const names = nodesStanding(ledger, [standing]);
    if (names.length === 0) throw new UserError(none);
    await launch(app, info, againOn(info, names));
  };
  return vscode.Disposable.from(
    registerCommand(commands.runAgain, log, (element) => {
      const { info } = runOf(element, runs.all);
      return launch(app, info, againOn(info, info.targets));
    }),
    registerCommand(commands.runAgainWithChanges, log, (element) =>
      launch(app, runOf(element, runs.all).info),
    ),
    registerCommand(
      commands.runOnFailed,
      log,
      onSome('failed', vscode.l10n.t('No node of this run failed.')),
    ),
    registerCommand(
      commands.runOnSilent,
      log,
      onSome('silent', vscode.l10n.t('No node of this run stayed silent.')),
    ),
    registerCommand(
      commands.runOnLost,
      log,
      onSome('lost', vscode.l10n.t('No node of this run was lost.')),
    ),
    registerCommand(commands.runOnThese, log, (element, elements) => {
      const { run, nodes } = nodesOf(element, elements);
      return launch(app, run.info, againOn(run.info, nodes));
    }),
    registerCommand(commands.stop, log, async (element) => {
      const listed = isRunElement(element) ? element.listed : await goingRun(app);
      if (listed) runs.stop(listed);
    }),
    registerCommand(commands.showOutput, log, async (element) =>
      app.channels.show(await runs.load(runOf(element, runs.all))),
    ),
    registerCommand(commands.copySummary, log, async (element) => {
      const { ledger } = await runs.load(runOf(element, runs.all));
      await vscode.env.clipboard.writeText(summarize(ledger));
    }),
    registerRowCommand(commands.renameRun, app, async (element) => {
      const listed = runOf(element, runs.all);
      const value = listed.info.title;
      const title = await vscode.window.showInputBox({
        title: vscode.l10n.t('Rename Run'),
        value,
        validateInput: (text) =>
          text.trim() === '' ? vscode.l10n.t('Type a name first.') : undefined,
      });
      if (title?.trim()) await runs.rename(listed, title.trim());
    }),
    registerCommand(commands.pinRun, log, (element) => runs.pin(runOf(element, runs.all), true)),
    registerCommand(commands.unpinRun, log, (element) => runs.pin(runOf(element, runs.all), false)),
    registerRowCommand(commands.removeRun, app, (element, elements) =>
      removeRuns(runs, runsOf(element, elements)),
    ),
    registerCommand(commands.clearRuns, log, () => clearRuns(runs)),
  );
}

/** With several runs going on, the user says which. */
async function goingRun({ runs }: App): Promise<ListedRun | undefined> {
  const [only, another] = runs.going;
  if (!only) throw new UserError(vscode.l10n.t('No run is going on.'));
  if (!another) return only;
  const items = runs.going.map((listed) => ({ label: plainLabel(listed.info.title), listed }));
  const title = vscode.l10n.t('Stop which run?');
  return (await vscode.window.showQuickPick(items, { title }))?.listed;
}
