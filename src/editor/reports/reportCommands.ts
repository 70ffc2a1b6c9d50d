import type * as vscode from 'vscode';
import { nodesStanding } from '../../runs/export/nodeList.ts';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import { registerCommand } from '../register.ts';
import { elementsOf, nodesOf, runOf } from '../runs/runElements.ts';
import type { Reports } from './reports.ts';
import { whySilent } from './whySilent.ts';

/** Explanations on request. */
export function registerReportCommands(app: App, reports: Reports): vscode.Disposable {
  const { runs, log } = app;
  return registerCommand(commands.whySilent, log, async (element, elements) => {
    const [row] = elementsOf(element, elements);
    if (!row || row.kind === 'run' || row.kind === 'more') {
      const run = await runs.load(runOf(element, runs.all));
      return whySilent(app, reports, run, nodesStanding(run.ledger, ['silent']));
    }
    const { run, nodes } = nodesOf(element, elements);
    const silent = new Set(nodesStanding(run.ledger, ['silent']));
    return whySilent(
      app,
      reports,
      run,
      nodes.filter((node) => silent.has(node)),
    );
  });
}
