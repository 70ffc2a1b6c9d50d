import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { displayName } from '../../../base/displayName.ts';
import { shorten } from '../../../base/shorten.ts';
import { wrapText } from '../../../exec/review/wrapText.ts';
import type { ParameterValue } from '../../../exec/script/parameters/parameter.ts';
import { valueLabel, visibleValue } from '../../../exec/script/parameters/valueLabel.ts';
import { describeSelection } from '../../../exec/targeting/targetSelection.ts';
import { describeDuration } from '../../../runs/text/stateText.ts';
import { commands } from '../../base/contributions.ts';
import { commandLink } from '../../base/executeCommand.ts';
import { runOnLabel } from '../../base/nodeCount.ts';
import { withoutEscapes } from '../../base/plainLabel.ts';
import { hiddenLabel } from '../../nodeTree/nodeCheckbox.ts';
import { hiddenNodesMessage } from '../review/hiddenNodes.ts';
import { addedLineButton } from '../review/reviewButtons.ts';
import { guardLabel } from '../review/reviewSummary.ts';
import { fixLabel, type SelectionWarning } from '../review/selectionWarnings.ts';
import { locationLabel, type PickSession } from '../session/pickSession.ts';
import { groupItem, moreItem, nodeItem } from './nodeRowItems.ts';
import type { OpenReview } from './openReview.ts';
import type { ReviewRow } from './reviewRow.ts';

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/**
 * Begins the id of every row. VS Code finds a row by its id for whoever calls a command with one, so
 * that other extensions must not be able to name it.
 */
const SECRET = randomUUID();

/** What the view draws for a row. */
export function reviewItem(row: ReviewRow): vscode.TreeItem {
  const { item, id } = draw(row);
  item.id = `${SECRET} ${id}`;
  item.tooltip ??= tooltipOf(item);
  return item;
}

interface Drawn {
  readonly item: vscode.TreeItem;
  readonly id: string;
}

function draw(row: ReviewRow): Drawn {
  const { review, content } = row;
  const { kind } = content;
  switch (content.kind) {
    // With the id of the run: VS Code would otherwise select the row that was used in an earlier review.
    case 'run':
      return { item: runItem(row), id: `${kind} ${review.session.runId}` };
    case 'steps':
      return { item: stepsItem(row), id: `${kind} ${review.session.runId}` };
    case 'filter':
      return { item: filterItem(review), id: kind };
    case 'warning':
      return {
        item: warningItem(content.warning),
        id: `${kind} ${content.index} ${content.warning.text}`,
      };
    case 'warningLine': {
      const { line, index } = content;
      return { item: new vscode.TreeItem(line), id: `${kind} ${index} ${line}` };
    }
    case 'fix': {
      const item = action(row, withoutEscapes(fixLabel(content.fix)), 'lightbulb');
      return { item, id: `${kind} ${content.index} ${describeSelection(content.fix)}` };
    }
    case 'parameter': {
      const { parameter } = content;
      return { item: parameterItem(parameter), id: `${kind} ${parameter.name}` };
    }
    case 'proposal':
      return { item: proposalItem(review), id: kind };
    case 'reasonLine': {
      const { line, index } = content;
      return { item: new vscode.TreeItem(line), id: `${kind} ${index}` };
    }
    case 'options': {
      const item = new vscode.TreeItem(vscode.l10n.t('Script and Options'), Collapsed);
      item.iconPath = new vscode.ThemeIcon('settings');
      item.description = [guardState(review.session), waitState(review.session)].join(' · ');
      return { item, id: kind };
    }
    case 'group':
      return { item: groupItem(row, content.group), id: `${kind} ${content.group.id}` };
    case 'node': {
      const { group, target } = content;
      return { item: nodeItem(row, target), id: `${kind} ${target.label} ${group.id}` };
    }
    case 'more': {
      const item = moreItem(row, content);
      return { item, id: `${kind} ${content.group?.id ?? ''}` };
    }
    default:
      return { item: optionItem(row), id: kind };
  }
}

const warningIcon = new vscode.ThemeIcon(
  'warning',
  new vscode.ThemeColor('problemsWarningIcon.foreground'),
);

/** In a window of 1000 pixels, the side bar has space for this many characters of a row. */
const LINE_LENGTH = 26;
const MAX_TOOLTIP_LENGTH = 2000;

/** A warning in lines: a row has only one, and a warning must be readable without the pointer on it. */
export function warningLines({ text }: SelectionWarning): string[] {
  return wrapText(withoutEscapes(text), LINE_LENGTH);
}

function warningItem(warning: SelectionWarning): vscode.TreeItem {
  const [first = '', ...further] = warningLines(warning);
  const item = new vscode.TreeItem(first, further.length > 0 || warning.fix ? Expanded : None);
  item.iconPath = warningIcon;
  item.tooltip = withoutEscapes(warning.text);
  item.accessibilityInformation = {
    label: vscode.l10n.t('Warning: {0}', withoutEscapes(warning.text)),
  };
  return item;
}

/** The reason of a proposed run, in lines. It is quoted, because anything can be in it. */
export function reasonLines({ proposal }: PickSession): string[] {
  if (!proposal) return [];
  const reason = displayName(proposal.reason.replaceAll(/\s+/g, ' '));
  return wrapText(`"${reason}"`, LINE_LENGTH);
}

function proposalItem({ session }: OpenReview): vscode.TreeItem {
  const label = vscode.l10n.t('Proposed by an Assistant');
  const item = new vscode.TreeItem(label, Expanded);
  item.iconPath = new vscode.ThemeIcon('hubot');
  const reason = reasonLines(session).join(' ');
  item.tooltip = reason;
  item.accessibilityInformation = { label: vscode.l10n.t('{0}: {1}', label, reason) };
  return item;
}

function parameterItem(parameter: ParameterValue): vscode.TreeItem {
  const item = new vscode.TreeItem(valueLabel(parameter));
  item.iconPath = new vscode.ThemeIcon('symbol-parameter');
  item.tooltip = `${parameter.name} = ${shorten(visibleValue(parameter.value), MAX_TOOLTIP_LENGTH)}`;
  item.accessibilityInformation = {
    label: vscode.l10n.t('Parameter {0}', valueLabel(parameter)),
  };
  return item;
}

function runItem(row: ReviewRow): vscode.TreeItem {
  const { session, nodes } = row.review;
  const count = nodes.selected.length;
  if (count === 0) {
    const item = new vscode.TreeItem(vscode.l10n.t('Select at least one node'));
    item.iconPath = new vscode.ThemeIcon('circle-slash');
    item.description = withoutEscapes(locationLabel(session));
    return item;
  }
  const item = new vscode.TreeItem(runOnLabel(count));
  item.iconPath = session.connection.production
    ? new vscode.ThemeIcon('shield', new vscode.ThemeColor('problemsWarningIcon.foreground'))
    : new vscode.ThemeIcon('play', new vscode.ThemeColor('debugIcon.startForeground'));
  const hidden = nodes.hidden.length;
  item.description = [
    withoutEscapes(locationLabel(session)),
    hidden > 0 ? vscode.l10n.t('{0} not shown', hidden) : '',
  ]
    .filter(Boolean)
    .join(' · ');
  item.command = commandLink(commands.runReviewed, vscode.l10n.t('Run'), row);
  item.accessibilityInformation = { label: `${runOnLabel(count)}, ${item.description}` };
  return item;
}

function stepsItem(row: ReviewRow): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Run in Steps…'));
  item.iconPath = new vscode.ThemeIcon('list-ordered');
  item.description = vscode.l10n.t('on a few nodes first');
  item.command = commandLink(commands.runReviewedInSteps, vscode.l10n.t('Run in Steps…'), row);
  return item;
}

/** `3 selected, not shown`, or only the filter if it hides no selected node. */
function filterItem({ nodes }: OpenReview): vscode.TreeItem {
  const { hidden, filter } = nodes;
  const shown = vscode.l10n.t('Only nodes with "{0}"', filter);
  const label = hidden.length > 0 ? hiddenLabel(hidden.length) : shown;
  const item = new vscode.TreeItem(label, Expanded);
  item.iconPath = hidden.length > 0 ? warningIcon : new vscode.ThemeIcon('filter');
  if (hidden.length > 0) {
    item.description = shown;
    item.tooltip = withoutEscapes(hiddenNodesMessage(hidden));
  }
  return item;
}

/** Rows that only do something. */
function optionItem(row: ReviewRow): vscode.TreeItem {
  const { session } = row.review;
  switch (row.content.kind) {
    case 'showAll':
      return action(row, vscode.l10n.t('Show All'), 'eye');
    case 'clearHidden':
      return action(row, vscode.l10n.t('Clear Those'), 'clear-all');
    case 'text':
      return action(row, vscode.l10n.t('Show the Script'), 'file-code');
    case 'guard':
      return action(row, vscode.l10n.t('Change the Guard…'), 'lock', guardState(session));
    case 'wait':
      return action(row, vscode.l10n.t('Change the Wait…'), 'watch', waitState(session));
    case 'editScript':
      return action(row, vscode.l10n.t('Edit the Script…'), 'edit');
    case 'useText':
      return action(row, vscode.l10n.t('Review the Edited Script'), 'check');
    case 'discardText':
      return action(row, vscode.l10n.t('Discard the Changes'), 'discard');
    case 'saveSet':
      return action(row, vscode.l10n.t('Save These Nodes as a Set…'), 'bookmark');
    case 'back':
      return action(row, vscode.l10n.t('Select Other Nodes…'), 'arrow-left');
    case 'addedLine': {
      const { addedLine = '' } = row.review;
      const { tooltip = '' } = addedLineButton(addedLine, session.usesAddedLine);
      return action(row, withoutEscapes(tooltip), 'terminal-bash');
    }
    default:
      return new vscode.TreeItem('');
  }
}

function action(row: ReviewRow, label: string, icon: string, description = ''): vscode.TreeItem {
  const item = new vscode.TreeItem(label);
  item.iconPath = new vscode.ThemeIcon(icon);
  item.description = description;
  item.command = commandLink(commands.useReviewRow, label, row);
  return item;
}

function guardState({ guard }: PickSession): string {
  return guard ? guardLabel(guard) : vscode.l10n.t('not guarded');
}

function waitState({ settings }: PickSession): string {
  return vscode.l10n.t('wait {0}', describeDuration(settings.quietMs));
}

function tooltipOf({ label, description }: vscode.TreeItem): string {
  const name = typeof label === 'string' ? label : (label?.label ?? '');
  return [name, typeof description === 'string' ? description : ''].filter(Boolean).join('\n');
}
