import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { shorten } from '../../base/shorten.ts';
import { type Problem, problemOf } from '../../exec/review/reviewGroups.ts';
import { ALL_NODES } from '../../exec/targeting/targetSelection.ts';
import type { LastResult } from '../../runs/lastResults.ts';
import { timeLabel } from '../../runs/text/time.ts';
import { commands } from '../base/contributions.ts';
import { commandLink } from '../base/executeCommand.ts';
import { moreNodesLabel, nodeCountLabel, runOnLabel } from '../base/nodeCount.ts';
import { hiddenLabel, nodeCheckbox } from '../nodeTree/nodeCheckbox.ts';
import { problemIcon } from '../nodeTree/problemIcon.ts';
import { nodeDetails } from '../pick/inputs/nodeDetails.ts';
import { statusLabel } from '../runs/statusLabel.ts';
import type { FleetNode } from './fleetNode.ts';
import type { FleetRow } from './fleetRow.ts';
import type { FleetState } from './fleetState.ts';

const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** What the view draws for a row. */
export function fleetItem(state: FleetState, row: FleetRow): vscode.TreeItem {
  const { content } = row;
  switch (content.kind) {
    case 'run':
      return runItem(row, content.count);
    case 'filter':
      return filterItem(state, row);
    case 'datacenter': {
      const { name, isOwn } = content.datacenter;
      const item = new vscode.TreeItem(displayName(name), isOwn ? Expanded : Collapsed);
      item.id = `datacenter ${name}`;
      item.iconPath = new vscode.ThemeIcon('server-environment');
      item.contextValue = 'datacenter';
      return item;
    }
    case 'group': {
      const { datacenter, group } = content;
      const name =
        group.service === undefined ? vscode.l10n.t('No service') : displayName(group.service);
      const item = new vscode.TreeItem(name, Collapsed);
      // The name of a service can't be empty.
      item.id = `group ${datacenter.name} ${group.service ?? ''}`;
      return withSelection(item, state, group.nodes, nodeCountLabel(group.nodes.length));
    }
    case 'node':
      return nodeItem(state, row, content.target);
    case 'more': {
      const item = new vscode.TreeItem(moreNodesLabel(content.count));
      item.id = `more ${content.key}`;
      item.iconPath = new vscode.ThemeIcon('ellipsis');
      item.command = commandLink(commands.useFleetRow, vscode.l10n.t('Show More'), row);
      return item;
    }
  }
}

function runItem(row: FleetRow, count: number): vscode.TreeItem {
  const item = new vscode.TreeItem(`${runOnLabel(count)}…`);
  item.id = 'run';
  item.iconPath = new vscode.ThemeIcon('play', new vscode.ThemeColor('debugIcon.startForeground'));
  item.description = vscode.l10n.t('after a review');
  item.command = commandLink(commands.runOnFleet, vscode.l10n.t('Run on Selected Nodes…'), row);
  item.contextValue = 'selected';
  return item;
}

function filterItem({ nodes }: FleetState, row: FleetRow): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Only nodes with "{0}"', nodes.filter));
  item.id = 'filter';
  const hidden = nodes.hidden.length;
  item.iconPath = new vscode.ThemeIcon('filter');
  item.description = [nodeCountLabel(nodes.shown.length), hidden > 0 ? hiddenLabel(hidden) : '']
    .filter(Boolean)
    .join(' · ');
  item.tooltip = vscode.l10n.t('Select to show all nodes');
  item.command = commandLink(commands.useFleetRow, vscode.l10n.t('Show All'), row);
  return item;
}

/** A group's box is checked if all of its nodes are selected; its words say how many are. */
function withSelection(
  item: vscode.TreeItem,
  { nodes }: FleetState,
  members: readonly FleetNode[],
  size: string,
): vscode.TreeItem {
  const { state, count } = nodes.selectedOf(members);
  const problems = members.filter(({ node }) => !CALM.has(problemOf(node))).length;
  item.description = [
    size,
    problems > 0 ? problemsLabel(problems) : '',
    state === 'some' ? vscode.l10n.t('{0} selected', count) : '',
  ]
    .filter(Boolean)
    .join(' · ');
  const name = typeof item.label === 'string' ? item.label : '';
  item.checkboxState = nodeCheckbox(state === 'all', name);
  item.iconPath = new vscode.ThemeIcon(state === 'some' ? 'dash' : 'server');
  item.tooltip = `${name}\n${item.description}`;
  item.accessibilityInformation = { label: `${name}: ${item.description}` };
  item.contextValue = 'group';
  return item;
}

/** A server is worth a word in its own row, but works as it should. */
const CALM: ReadonlySet<Problem> = new Set(['server', 'none']);

function problemsLabel(count: number): string {
  return count === 1
    ? vscode.l10n.t('1 needs attention')
    : vscode.l10n.t('{0} need attention', count);
}

function nodeItem(state: FleetState, row: FleetRow, target: FleetNode): vscode.TreeItem {
  const { node, datacenter } = target;
  const name = displayName(node.name);
  const item = new vscode.TreeItem(name);
  const parent = row.parent?.content;
  const service = parent?.kind === 'group' ? (parent.group.service ?? '') : '';
  item.id = JSON.stringify(['node', datacenter, service, node.name]);
  const details = nodeDetails(node, ALL_NODES);
  const address = displayName(node.address);
  const health = details.map(({ text }) => text).filter((text) => text !== address);
  if (health.length === 0) health.push(vscode.l10n.t('healthy'));
  const last = state.lastResult(target);
  const result = last ? resultLabel(last) : '';
  item.description = [...health, result, address].filter(Boolean).join(' · ');
  item.iconPath = problemIcon(problemOf(node));
  item.checkboxState = nodeCheckbox(state.nodes.isSelected(target), name);
  const version = state.fleet?.versions.get(node.name) ?? '';
  item.tooltip = [
    name,
    ...health,
    address,
    node.services.map((one) => displayName(one.name)).join(', '),
    version === '' ? '' : `Consul ${displayName(version)}`,
    last ? vscode.l10n.t('Last run: {0}, {1}', displayName(last.info.title), result) : '',
  ]
    .filter(Boolean)
    .join('\n');
  item.accessibilityInformation = { label: `${name}: ${item.description}` };
  item.contextValue = 'node';
  // Without it, no key reaches the check box.
  item.command = commandLink(commands.useFleetRow, vscode.l10n.t('Select or Clear'), row);
  return item;
}

const MAX_TITLE_LENGTH = 18;

/** `ok 2:30 PM`, or the title of the run if its result would have to be read from disk. */
function resultLabel({ info, status }: LastResult): string {
  const what = status ? statusLabel(status) : shorten(displayName(info.title), MAX_TITLE_LENGTH);
  return `${what} ${timeLabel(info.createdAt)}`;
}
