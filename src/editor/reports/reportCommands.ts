import * as vscode from 'vscode';
import { nodesWithStatus } from '../../runs/export/nodeList.ts';
import type { NodeStatus } from '../../runs/model/nodeStatus.ts';
import type { Run } from '../../runs/run.ts';
import { commands } from '../base/contributions.ts';
import { registerCommand } from '../base/registerCommand.ts';
import { runAndNodesOf } from '../runsView/runElements.ts';
import type { ReportServices } from './whyNoResponse.ts';

/** Registers the commands that explain results. */
export function registerReportCommands(services: ReportServices): vscode.Disposable {
  const { log } = services;
  return vscode.Disposable.from(
    registerCommand(commands.whyNoResponse, log, async (element, elements) => {
      const { run, nodes } = await runAndNodesOf(element, elements, services);
      const { whyNoResponse } = await import('./whyNoResponse.ts');
      return whyNoResponse(services, run, among(run, nodes, ['noResponse', 'unknown']));
    }),
    registerCommand(commands.whyLost, log, async (element, elements) => {
      const { run, nodes } = await runAndNodesOf(element, elements, services);
      const { whyLost } = await import('./whyLost.ts');
      return whyLost(services, run, among(run, nodes, ['lost']));
    }),
  );
}

/** Those of the nodes, or of all nodes of the run, that have one of these statuses. */
function among(
  { ledger }: Run,
  nodes: readonly string[] | undefined,
  statuses: readonly NodeStatus[],
): readonly string[] {
  const wanted = nodesWithStatus(ledger, statuses);
  if (!nodes) return wanted;
  const chosen = new Set(nodes);
  return wanted.filter((node) => chosen.has(node));
}
