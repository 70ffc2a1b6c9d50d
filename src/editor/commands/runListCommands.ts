import * as vscode from 'vscode';
import { ANY, type Choice } from '../../exec/choice.ts';
import { splitNodeLabel } from '../../exec/nodeLabel.ts';
import { type Standing, standingOf } from '../../runs/nodeResult.ts';
import { datacentersOf, type Run } from '../../runs/run.ts';
import { summarize } from '../../runs/wording.ts';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import { type Again, launch } from '../launch.ts';
import { registerCommand } from '../register.ts';
import { UserError } from '../userError.ts';
import { isRunElement, nodeElements, runOf } from '../runs/runElements.ts';

/** What can be done with a run that is in the list: from its row, or from the palette on the newest. */
export function registerRunListCommands(app: App): vscode.Disposable {
  const { runs, log } = app;
  const onSome = (standing: Standing, none: string) => async (element: unknown) => {
    const run = runOf(element, runs.all);
    const names = nodesWhere(run, standing);
    if (names.length === 0) throw new UserError(none);
    await launch(app, run.info, again(run, names));
  };
  return vscode.Disposable.from(
    registerCommand(commands.runAgain, log, (element) => {
      const run = runOf(element, runs.all);
      return launch(app, run.info, again(run, run.info.targets));
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
      const picked = nodeElements(element, elements);
      const [first] = picked;
      if (!first) throw new UserError(vscode.l10n.t('Select nodes in the Runs view first.'));
      const names = picked.filter(({ run }) => run === first.run).map(({ node }) => node);
      return launch(app, first.run.info, again(first.run, names));
    }),
    registerCommand(commands.stop, log, async (element) => {
      const run = isRunElement(element) ? element.run : await goingRun(app);
      if (run) runs.stop(run);
    }),
    registerCommand(commands.showOutput, log, (element) =>
      app.channels.show(runOf(element, runs.all)),
    ),
    registerCommand(commands.copySummary, log, (element) =>
      vscode.env.clipboard.writeText(summarize(runOf(element, runs.all).ledger)),
    ),
    registerCommand(commands.removeRun, log, (element, elements) => {
      const many = Array.isArray(elements) ? elements.filter(isRunElement) : [];
      runs.remove(many.length > 0 ? many.map(({ run }) => run) : [runOf(element, runs.all)]);
    }),
    registerCommand(commands.clearRuns, log, () => runs.remove(runs.all)),
  );
}

/** With several runs going on, the user says which. */
async function goingRun({ runs }: App): Promise<Run | undefined> {
  const [only, another] = runs.going;
  if (!only) throw new UserError(vscode.l10n.t('No run is going on.'));
  if (!another) return only;
  const items = runs.going.map((run) => ({ label: run.info.title, run }));
  const title = vscode.l10n.t('Stop which run?');
  return (await vscode.window.showQuickPick(items, { title }))?.run;
}

function nodesWhere({ ledger }: Run, standing: Standing): string[] {
  return [...ledger.nodes].filter((r) => standingOf(r) === standing).map(({ node }) => node);
}

/** The same job on these nodes of the same datacenters. */
function again({ info }: Run, labels: readonly string[]): Again {
  const datacenters = datacentersOf(info);
  const names = datacenters.length > 1 ? labels.map((label) => splitNodeLabel(label).node) : labels;
  const choice = { service: ANY, tag: ANY, node: { kind: 'exactly', names } } satisfies Choice;
  return { choice, ticked: new Set(labels), datacenters };
}
