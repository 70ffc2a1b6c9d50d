import * as vscode from 'vscode';
import { displayName } from '../../../base/displayName.ts';
import { joinNames } from '../../../base/joinNames.ts';
import { type Problem, problemOf, type ReviewGroup } from '../../../exec/review/reviewGroups.ts';
import { commands } from '../../base/contributions.ts';
import { commandLink } from '../../base/executeCommand.ts';
import { moreGroupsLabel, moreNodesLabel } from '../../base/nodeCount.ts';
import { nodeDetails } from '../inputs/nodeDetails.ts';
import { nodeCheckbox } from '../../nodeTree/nodeCheckbox.ts';
import { problemIcon } from '../../nodeTree/problemIcon.ts';
import type { TargetNode } from '../session/datacenterTargets.ts';
import type { ReviewRow, RowContent } from './reviewRow.ts';

const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** With more nodes than this, groups are collapsed at first. */
const MAX_EXPANDED_NODES = 60;

/**
 * VS Code has no third state of a check box: a box is checked if all nodes of a group are selected, and
 * the words say how many are. A click completes a partial selection.
 */
export function groupItem(row: ReviewRow, { by, nodes }: ReviewGroup<TargetNode>): vscode.TreeItem {
  const { review } = row;
  const isSmall = review.nodes.shown.length <= MAX_EXPANDED_NODES;
  const name = by.kind === 'service' ? servicesLabel(by.services) : problemLabel(by.problem);
  const item = new vscode.TreeItem(name, isSmall ? Expanded : Collapsed);
  const { state, count } = review.nodes.selectedOf(nodes);
  const selected = selectedLabel(count, nodes.length);
  item.description = selected;
  item.checkboxState = nodeCheckbox(state === 'all', name, selected);
  if (state === 'some') item.iconPath = new vscode.ThemeIcon('dash');
  else if (by.kind === 'problem') item.iconPath = problemIcon(by.problem);
  item.tooltip = `${name}\n${selected}`;
  item.accessibilityInformation = { label: `${name}: ${selected}` };
  item.command = commandLink(commands.useReviewRow, toggleLabel(), row);
  return item;
}

export function nodeItem(row: ReviewRow, target: TargetNode): vscode.TreeItem {
  const { review } = row;
  const name = displayName(target.label);
  const item = new vscode.TreeItem(name);
  const details = nodeDetails(target.node, review.selection);
  // What to be careful about comes first, and the address last: the side bar is narrow.
  const urgent = details.filter(({ icon }) => icon !== undefined);
  const ordered = [...urgent, ...details.filter(({ icon }) => icon === undefined).reverse()];
  item.description = ordered.map(({ text }) => text).join(' · ');
  item.iconPath = problemIcon(problemOf(target.node));
  const isSelected = review.nodes.isSelected(target);
  item.checkboxState = nodeCheckbox(isSelected, name, item.description);
  item.tooltip = [name, ...ordered.map(({ text }) => text)].join('\n');
  item.accessibilityInformation = { label: `${name}: ${item.description}` };
  item.command = commandLink(commands.useReviewRow, toggleLabel(), row);
  return item;
}

export function moreItem(
  row: ReviewRow,
  { group, count }: Extract<RowContent, { readonly kind: 'more' }>,
): vscode.TreeItem {
  const item = new vscode.TreeItem(group ? moreNodesLabel(count) : moreGroupsLabel(count));
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = commandLink(commands.useReviewRow, vscode.l10n.t('Show More'), row);
  return item;
}

function toggleLabel(): string {
  return vscode.l10n.t('Select or Clear');
}

function selectedLabel(count: number, all: number): string {
  return vscode.l10n.t({
    message: '{0} of {1} selected',
    args: [count, all],
    comment: ['How many nodes of a group are selected: "2 of 12 selected"'],
  });
}

const MAX_SERVICES = 4;

function servicesLabel(services: readonly string[]): string {
  return services.length === 0
    ? vscode.l10n.t('No service')
    : displayName(joinNames(services, MAX_SERVICES));
}

function problemLabel(problem: Problem): string {
  switch (problem) {
    case 'unreachable':
      return vscode.l10n.t("Gossip can't reach the agent");
    case 'noAgent':
      return vscode.l10n.t('No agent');
    case 'failing':
      return vscode.l10n.t('Failing health checks');
    case 'server':
      return vscode.l10n.t('Consul servers');
    case 'none':
      return vscode.l10n.t('No problems');
  }
}
