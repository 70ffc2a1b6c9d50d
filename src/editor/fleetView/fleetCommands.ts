import * as vscode from 'vscode';
import { ANY } from '../../exec/targeting/targetSelection.ts';
import { commands } from '../base/contributions.ts';
import { showStatus } from '../base/notify.ts';
import { registerCommand } from '../base/registerCommand.ts';
import { requireTrust } from '../base/requireTrust.ts';
import { NothingToDo, UserError } from '../base/userError.ts';
import { copyNames } from '../export/copy.ts';
import { launch } from '../launch/launch.ts';
import type { LaunchServices } from '../launch/launchServices.ts';
import type { RerunTarget } from '../launch/rerunOn.ts';
import { askNodeFilter } from '../nodeTree/askNodeFilter.ts';
import type { CommandHistory } from '../typedCommand/commandHistory.ts';
import type { LoadServices } from '../runsView/runElements.ts';
import { askWhatToRun } from './askWhatToRun.ts';
import type { FleetNode } from './fleetNode.ts';
import { FleetRow, nodesOfRows } from './fleetRow.ts';
import type { FleetView } from './fleetView.ts';
import { showNodeRuns } from './nodeRuns.ts';

interface FleetCommandServices extends LaunchServices, LoadServices {
  readonly fleetView: FleetView;
  readonly commandHistory: CommandHistory;
}

/** Registers the commands of the Fleet view's rows and of its title. */
export function registerFleetCommands(services: FleetCommandServices): vscode.Disposable {
  const { log, fleetView: view } = services;
  const { state } = view;
  const chosen = (row: unknown, rows: unknown) => nodesOf(view, row, rows);
  return vscode.Disposable.from(
    registerCommand(commands.useFleetRow, log, (row) => useRow(view, row)),
    registerCommand(commands.refreshFleet, log, () => view.refresh()),
    registerCommand(commands.layOutFleet, log, () => state.toggleLayout()),
    registerCommand(commands.filterFleet, log, () =>
      askNodeFilter(vscode.l10n.t('Filter Fleet'), state),
    ),
    registerCommand(commands.clearFleetSelection, log, () => state.clearSelection()),
    registerCommand(commands.runOnFleet, log, () => runOn(services, state.nodes.selected)),
    registerCommand(commands.runOnFleetNodes, log, (row, rows) =>
      runOn(services, chosen(row, rows)),
    ),
    registerCommand(commands.copyFleetNames, log, (row, rows) =>
      copyNames(chosen(row, rows).map(({ node }) => node.name)),
    ),
    registerCommand(commands.copyFleetAddresses, log, (row, rows) =>
      copyAddresses(chosen(row, rows).map(({ node }) => node.address)),
    ),
    registerCommand(commands.showNodeRuns, log, (row) => {
      const [target, ...others] = chosen(row, undefined);
      if (!target || others.length > 0) throw noRowError();
      const connection = state.fleet?.connection.name ?? '';
      return showNodeRuns(services, connection, target);
    }),
  );
}

function noRowError(): UserError {
  return new UserError(vscode.l10n.t('Select a node in the Fleet view first.'));
}

/**
 * The nodes of the rows that a menu was opened on: all selected rows if that row is one of them.
 * @throws UserError for anything but rows of the view
 */
function nodesOf({ state }: FleetView, row: unknown, rows: unknown): FleetNode[] {
  const all: readonly unknown[] = Array.isArray(rows) ? rows : [row];
  const known = all.filter((one) => one instanceof FleetRow);
  const nodes = nodesOfRows(known, (datacenter) => state.shownIn(datacenter));
  if (nodes.length === 0) throw noRowError();
  return nodes;
}

/** Every run begins at the review, whoever called the command. */
async function runOn(services: FleetCommandServices, nodes: readonly FleetNode[]): Promise<void> {
  requireTrust();
  const { fleet } = services.fleetView.state;
  if (nodes.length === 0 || !fleet) {
    throw new NothingToDo(
      vscode.l10n.t('No node is selected. Select check boxes in the Fleet view first.'),
    );
  }
  const job = await askWhatToRun(
    nodes.length,
    services.commandHistory,
    services.connections.locationLabel,
  );
  if (job) await launch(services, job, targetsOf(fleet.connection.name, nodes));
}

/** The selection to review: exactly these nodes. */
function targetsOf(connection: string, nodes: readonly FleetNode[]): RerunTarget {
  const datacenters = [...new Set(nodes.map(({ datacenter }) => datacenter))];
  const names = [...new Set(nodes.map(({ node }) => node.name))];
  return {
    selection: { service: ANY, tag: ANY, node: { kind: 'exactly', names } },
    selected: {
      only: nodes.map(({ node, label }) => (datacenters.length > 1 ? label : node.name)),
    },
    datacenters,
    connection,
  };
}

async function copyAddresses(addresses: readonly string[]): Promise<void> {
  await vscode.env.clipboard.writeText(`${addresses.join('\n')}\n`);
  showStatus(
    addresses.length === 1
      ? vscode.l10n.t('Copied 1 address')
      : vscode.l10n.t('Copied {0} addresses', addresses.length),
  );
}

function useRow(view: FleetView, row: unknown): void {
  if (!(row instanceof FleetRow)) throw noRowError();
  const { content } = row;
  if (content.kind === 'more') view.showMore(content.key);
  if (content.kind === 'node') {
    const { target } = content;
    view.state.select([target], !view.state.nodes.isSelected(target));
  }
  if (content.kind === 'filter') view.state.setFilter('');
}
