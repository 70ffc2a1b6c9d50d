import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { shorten } from '../../base/shorten.ts';
import type { Counts } from '../../runs/model/ledger.ts';
import {
  type NodeResult,
  type NodeStatus,
  STATUSES,
  statusOf,
} from '../../runs/model/nodeStatus.ts';
import type { Run, RunInfo } from '../../runs/run.ts';
import { describeOutcome, describeProgress, describeState } from '../../runs/text/stateText.ts';
import { timeLabel } from '../../runs/text/time.ts';
import { commands } from '../base/contributions.ts';
import { commandLink } from '../base/executeCommand.ts';
import { moreGroupsLabel, moreNodesLabel, nodeCountLabel } from '../base/nodeCount.ts';
import { connectionLabel } from '../connections/connectionLabel.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import type { ShownRamp } from '../rollout/shownRamps.ts';
import type { RunStep } from '../runs/stepOf.ts';
import { contextValue, type RowFacts } from './contextValue.ts';
import type { GroupElement, MoreElement, NodeElement } from './runElements.ts';
import type { ShownGroup } from './shownGroups.ts';

const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
/** The description of a run is more important than the end of its title. */
const MAX_TITLE_LENGTH = 18;

/** What the list of runs says of a run. */
export interface RunPlace {
  readonly step?: RunStep | undefined;
  /** Set for the latest of steps that start on their own. */
  readonly ramp?: ShownRamp | undefined;
  /** Whether the run was collapsed when a newer one started. */
  readonly isFolded: boolean;
  /** Whether the list has runs of several connections. */
  readonly showsConnection: boolean;
  /** The title of the run in steps whose row this row is under. */
  readonly rolloutTitle?: string | undefined;
}

export function runItem(
  listed: ListedRun,
  { step, ramp, isFolded, showsConnection, rolloutTitle }: RunPlace,
): vscode.TreeItem {
  const { info, run, pinned, saveFailure } = listed;
  const isNested = rolloutTitle !== undefined;
  const nested = step && isNested ? nestedLabel(info.title, rolloutTitle, step) : undefined;
  const item = new vscode.TreeItem(
    nested ?? titleLabel(info.title),
    run && !isFolded ? Expanded : Collapsed,
  );
  // VS Code remembers by the id which rows are expanded.
  item.id = isFolded ? `${listed.id}#folded` : listed.id;
  item.description = [
    runLabel(listed),
    isNested ? '' : stepsLabel(step, ramp, listed.isOver),
    pinned ? vscode.l10n.t('pinned') : '',
    saveFailure ? vscode.l10n.t('not saved') : '',
    timeLabel(info.createdAt),
    // Last, since an address is long.
    isNested ? '' : shownConnection(info, showsConnection),
  ]
    .filter(Boolean)
    .join(' · ');
  item.iconPath = outcomeIcon([listed], pinned);
  item.contextValue = contextValue(runFacts(listed, (step?.waiting.length ?? 0) > 0, ramp?.state));
  const name = nested ?? displayName(info.title);
  item.accessibilityInformation = { label: `${name}: ${item.description}` };
  return item;
}

/** The connection, if the list has several. Production is always shown. */
export function shownConnection(
  { connection, isProduction = false }: RunInfo,
  showsConnection: boolean,
): string {
  if (!showsConnection && !isProduction) return '';
  return connectionLabel(displayName(connection), isProduction);
}

export function titleLabel(title: string): string {
  return shorten(displayName(title), MAX_TITLE_LENGTH);
}

/** `Step 2`; also its title if the user gave it one of its own. */
function nestedLabel(title: string, rolloutTitle: string, { step }: RunStep): string {
  const label = vscode.l10n.t('Step {0}', step);
  return title === rolloutTitle ? label : `${label}: ${titleLabel(title)}`;
}

/** How far a run is, or how it ended. */
export function runLabel({ run, outcome, isStopping, isInterrupted }: ListedRun): string {
  if (isInterrupted) return vscode.l10n.t('interrupted');
  if (run) {
    const progress = describeProgress(run.ledger);
    return isStopping && run.ledger.end === undefined
      ? vscode.l10n.t('stopping… · {0}', progress)
      : progress;
  }
  return outcome
    ? describeOutcome(outcome.end, outcome.counts)
    : vscode.l10n.t('active in another window');
}

/** How far steps are, for the row of the latest one or of all of them. */
export function stepsLabel(
  step: RunStep | undefined,
  ramp: ShownRamp | undefined,
  isOver: boolean,
): string {
  return ramp?.label ?? (step ? stepLabel(step, isOver) : '');
}

function stepLabel({ step, of, waiting }: RunStep, isOver: boolean): string {
  return isOver && waiting.length > 0
    ? vscode.l10n.t('step {0} of {1}, next {2}', step, of, nodeCountLabel(waiting.length))
    : vscode.l10n.t('step {0} of {1}', step, of);
}

export function groupItem({ listed, run, group }: GroupElement): vscode.TreeItem {
  const item = new vscode.TreeItem(group.label, Collapsed);
  item.id = `${listed.id}//${group.id}`;
  item.description = group.description;
  item.iconPath = group.status ? statusIcon(group.status) : new vscode.ThemeIcon('server');
  item.contextValue = contextValue(groupFacts(run, group));
  item.accessibilityInformation = {
    label: [group.label, group.description].filter(Boolean).join(': '),
  };
  return item;
}

export function nodeItem(element: NodeElement, result: NodeResult): vscode.TreeItem {
  const { listed, run, node, group } = element;
  const state = describeState(result, run.ledger.end, Date.now());
  const name = displayName(node);
  const status = statusOf(result);
  const item = new vscode.TreeItem(name);
  item.id = `${listed.id}/${group?.id ?? ''}/${node}`;
  item.description = state;
  item.iconPath = statusIcon(status);
  item.contextValue = contextValue({ kind: 'node', status, hasOutput: result.bytes > 0 });
  item.accessibilityInformation = { label: `${name}: ${state}` };
  item.command = commandLink(commands.openNodeOutput, vscode.l10n.t('Open Output'), element);
  return item;
}

export function moreItem({ listed, group, what, count }: MoreElement): vscode.TreeItem {
  const item = new vscode.TreeItem(
    what === 'nodes' ? moreNodesLabel(count) : moreGroupsLabel(count),
  );
  const key = moreKey(listed, group);
  item.id = `${key}//more`;
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = commandLink(commands.showMoreNodes, vscode.l10n.t('Show More'), key);
  return item;
}

/** The key of a place in the tree, under which it remembers how many rows to show. */
export function moreKey(listed: ListedRun, group: ShownGroup | undefined): string {
  return `${listed.id}/${group?.id ?? ''}`;
}

/** The nodes of a run by status; undefined while another window collects it. */
export function countsOf({ run, outcome }: ListedRun): Counts | undefined {
  return run?.ledger.counts ?? outcome?.counts;
}

function runFacts(
  listed: ListedRun,
  hasNextStep: boolean,
  state: ShownRamp['state'] | undefined,
): RowFacts {
  const ramp = state === 'ended' ? undefined : state;
  const hasFile = listed.info.file !== undefined;
  if (listed.isActive) return { kind: 'run', state: 'active', ramp, hasFile };
  if (!listed.isOver) return { kind: 'run', state: 'elsewhere', ramp, hasFile };
  const counts = countsOf(listed);
  const statuses = STATUSES.filter((status) => (counts?.[status] ?? 0) > 0);
  const { pinned } = listed;
  const byHand = hasNextStep && ramp === undefined;
  return { kind: 'run', state: 'over', pinned, statuses, hasNextStep: byHand, ramp, hasFile };
}

function groupFacts(run: Run, { sameOutput, differs, status, nodes }: ShownGroup): RowFacts {
  const statuses = status === undefined ? nodes.map((node) => statusIn(run, node)) : [status];
  const lost = statuses.includes('lost');
  const atWork = lost || statuses.includes('running');
  const unresponsive = statuses.includes('noResponse') || statuses.includes('unknown');
  const shown = sameOutput ? (differs ? 'differs' : 'comparable') : 'none';
  return { kind: 'group', output: shown, atWork, lost, unresponsive };
}

function statusIn({ ledger }: Run, node: string): NodeStatus | undefined {
  const result = ledger.get(node);
  return result && statusOf(result);
}

/**
 * The icon of a run, or of all steps of one. If it is pinned, that is a pin in the color of its status,
 * which the description has in words.
 */
export function outcomeIcon(steps: readonly ListedRun[], pinned: boolean): vscode.ThemeIcon {
  const icon = statusIconOf(steps);
  return pinned ? new vscode.ThemeIcon('pinned', icon.color) : icon;
}

function statusIconOf(steps: readonly ListedRun[]): vscode.ThemeIcon {
  if (steps.some(({ isActive }) => isActive)) return statusIcon('running');
  if (steps.every(({ run, outcome }) => run?.ledger.succeeded ?? outcome?.succeeded)) {
    return statusIcon('ok');
  }
  if (steps.some((step) => (countsOf(step)?.failed ?? 0) > 0)) return statusIcon('failed');
  return new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground'));
}

function statusIcon(status: NodeStatus): vscode.ThemeIcon {
  switch (status) {
    case 'ok':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
    case 'failed':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('problemsErrorIcon.foreground'));
    case 'lost':
      return new vscode.ThemeIcon(
        'debug-disconnect',
        new vscode.ThemeColor('problemsWarningIcon.foreground'),
      );
    case 'noResponse':
      return new vscode.ThemeIcon(
        'circle-slash',
        new vscode.ThemeColor('problemsWarningIcon.foreground'),
      );
    case 'unknown':
      return new vscode.ThemeIcon(
        'question',
        new vscode.ThemeColor('problemsWarningIcon.foreground'),
      );
    case 'running':
      return new vscode.ThemeIcon('sync~spin');
    case 'waiting':
      return new vscode.ThemeIcon('circle-outline');
  }
}
