import type * as vscode from 'vscode';
import { standingOf } from '../../runs/nodeResult.ts';
import type { Run } from '../../runs/run.ts';
import type { App } from '../app.ts';
import { commands } from '../contributions.ts';
import { registerCommand } from '../register.ts';
import { nodeElements, runOf } from '../runs/runElements.ts';
import type { Reports } from './reports.ts';
import { whySilent } from './whySilent.ts';

/** Explanations on request. */
export function registerReportCommands(app: App, reports: Reports): vscode.Disposable {
  return registerCommand(commands.whySilent, app.log, (element, elements) => {
    const nodes = nodeElements(element, elements);
    const run = nodes[0]?.run ?? runOf(element, app.runs.all);
    const silent = silentNodes(run);
    const asked = nodes.map(({ node }) => node).filter((node) => silent.includes(node));
    return whySilent(app, reports, run, nodes.length > 0 ? asked : silent);
  });
}

function silentNodes({ ledger }: Run): string[] {
  return [...ledger.nodes].filter((r) => standingOf(r) === 'silent').map(({ node }) => node);
}
