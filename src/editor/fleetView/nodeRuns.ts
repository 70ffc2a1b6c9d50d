import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { labelIn } from '../../runs/model/runNodes.ts';
import { exactTimeLabel } from '../../runs/text/time.ts';
import { commands } from '../base/contributions.ts';
import { executeCommand } from '../base/executeCommand.ts';
import { plainLabel } from '../base/plainLabel.ts';
import { showUntilAnswered } from '../base/quickInput.ts';
import { NothingToDo } from '../base/userError.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import { statusLabel } from '../runs/statusLabel.ts';
import type { LoadServices, NodeElement } from '../runsView/runElements.ts';
import type { FleetNode } from './fleetNode.ts';
import { knownRun } from './knownRun.ts';

interface RunRow extends vscode.QuickPickItem {
  readonly listed: ListedRun;
}

/**
 * Lists all runs that had a node among their targets, latest first. Enter opens its output, or the reason
 * why there is none; a button compares two.
 * @throws NothingToDo if there is none
 */
export async function showNodeRuns(
  services: LoadServices,
  connection: string,
  target: FleetNode,
): Promise<void> {
  const { datacenter, node } = target;
  const runs = services.runs.all.filter(
    ({ info }) =>
      info.connection === connection &&
      info.datacenters.includes(datacenter) &&
      info.targets.includes(labelIn(info, { node: node.name, datacenter })),
  );
  const name = displayName(node.name);
  if (runs.length === 0) {
    throw new NothingToDo(vscode.l10n.t('No run in the list had {0} among its nodes.', name));
  }
  const chosen = await pickRuns(runs, target);
  const elements = await Promise.all(chosen.map((listed) => elementOf(services, listed, target)));
  const [first, second] = elements;
  if (first && second) await executeCommand(commands.compareSelected, first, elements);
  else if (first) await executeCommand(commands.openNodeOutput, first);
}

/** @returns one run to open, two to compare, or none if the user cancels */
async function pickRuns(
  runs: readonly ListedRun[],
  target: FleetNode,
): Promise<readonly ListedRun[]> {
  const pick = vscode.window.createQuickPick<RunRow>();
  const name = displayName(target.node.name);
  const compare = {
    iconPath: new vscode.ThemeIcon('diff'),
    tooltip: vscode.l10n.t('Compare with Another Run'),
  };
  let compared: ListedRun | undefined;
  const draw = () => {
    pick.placeholder = compared
      ? vscode.l10n.t('Select the run to compare it with')
      : vscode.l10n.t('Select a run to open the output of this node');
    pick.items = runs
      .filter((listed) => listed !== compared)
      .map((listed) => rowOf(listed, target, compared ? [] : [compare]));
  };
  pick.matchOnDescription = true;
  draw();
  const listeners = [
    pick.onDidTriggerItemButton(({ item }) => {
      compared = item.listed;
      draw();
    }),
  ];
  const accept = () => {
    const [row] = pick.selectedItems;
    return row && (compared ? [compared, row.listed] : [row.listed]);
  };
  const frame = { title: vscode.l10n.t('Runs on {0}', name), canGoBack: false };
  const answer = await showUntilAnswered(pick, frame, accept, { listeners });
  return Array.isArray(answer) ? answer : [];
}

function rowOf(
  listed: ListedRun,
  { node, datacenter }: FleetNode,
  buttons: readonly vscode.QuickInputButton[],
): RunRow {
  const { info } = listed;
  const status = knownRun(listed).statusOf(labelIn(info, { node: node.name, datacenter }));
  return {
    label: plainLabel(info.title),
    description: [status ? statusLabel(status) : '', exactTimeLabel(info.createdAt)]
      .filter(Boolean)
      .join(' · '),
    buttons,
    listed,
  };
}

async function elementOf(
  { loader }: LoadServices,
  listed: ListedRun,
  { node, datacenter }: FleetNode,
): Promise<NodeElement> {
  const run = await loader.load(listed);
  const label = labelIn(run.info, { node: node.name, datacenter });
  return { kind: 'node', listed, run, node: label, group: undefined };
}
