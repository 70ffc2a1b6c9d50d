import * as vscode from 'vscode';
import { jobText } from '../../exec/job.ts';
import { shorten } from '../../exec/shorten.ts';
import { describeTime } from '../../runs/describeTime.ts';
import { displayName } from '../../runs/displayText.ts';
import { type NodeResult, type Standing, STANDINGS, standingOf } from '../../runs/nodeResult.ts';
import type { Run } from '../../runs/run.ts';
import { describeOutcome, describeProgress, describeState, summarize } from '../../runs/wording.ts';
import { commands } from '../contributions.ts';
import { nodeCount } from '../nodeCount.ts';
import type { RunStep } from '../steps/stepOf.ts';
import type { ListedRun } from './listedRun.ts';
import type { GroupElement, MoreElement, NodeElement } from './runElements.ts';
import type { ShownGroup } from './shownGroups.ts';

const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
/** The words about a run matter more than the end of its title. */
const LONGEST_LABEL = 18;

/** @param isGoing whether this window collects it */
export function runItem(listed: ListedRun, isGoing: boolean, step?: RunStep): vscode.TreeItem {
  const { info, run, pinned, notKept } = listed;
  const words = runWords(listed);
  const item = new vscode.TreeItem(
    shorten(displayName(info.title), LONGEST_LABEL),
    run ? Expanded : Collapsed,
  );
  item.id = listed.id;
  item.description = [
    words,
    step ? stepWords(step, listed.isOver) : '',
    pinned ? vscode.l10n.t('pinned') : '',
    notKept ? vscode.l10n.t('not kept') : '',
    describeTime(info.createdAt),
  ]
    .filter(Boolean)
    .join(' · ');
  item.iconPath = runIcon(listed, isGoing);
  item.contextValue = runContext(listed, isGoing, (step?.waiting.length ?? 0) > 0);
  item.accessibilityInformation = { label: `${displayName(info.title)}: ${item.description}` };
  return item;
}

function runWords({ run, outcome, stopping, isInterrupted }: ListedRun): string {
  if (isInterrupted) return vscode.l10n.t('interrupted');
  if (run) {
    const words = describeProgress(run.ledger);
    const isStopping = stopping && run.ledger.end === undefined;
    return isStopping ? vscode.l10n.t('stopping… · {0}', words) : words;
  }
  return outcome
    ? describeOutcome(outcome.end, outcome.counts)
    : vscode.l10n.t('going on in another window');
}

function stepWords({ step, of, waiting }: RunStep, isOver: boolean): string {
  return isOver && waiting.length > 0
    ? vscode.l10n.t('step {0} of {1}, next {2}', step, of, nodeCount(waiting.length))
    : vscode.l10n.t('step {0} of {1}', step, of);
}

export function groupItem({ listed, group }: GroupElement): vscode.TreeItem {
  const item = new vscode.TreeItem(group.label, Collapsed);
  item.id = `${listed.id}//${group.id}`;
  item.description = group.description;
  item.iconPath = group.standing ? standingIcon(group.standing) : new vscode.ThemeIcon('server');
  item.contextValue = groupContext(group);
  item.accessibilityInformation = {
    label: [group.label, group.description].filter(Boolean).join(': '),
  };
  return item;
}

export function nodeItem(element: NodeElement, result: NodeResult): vscode.TreeItem {
  const { listed, run, node, group } = element;
  const words = describeState(result, run.ledger.end, Date.now());
  const name = displayName(node);
  const item = new vscode.TreeItem(name);
  item.id = `${listed.id}/${group?.id ?? ''}/${node}`;
  item.description = words;
  item.iconPath = standingIcon(standingOf(result));
  item.contextValue = nodeContext(result);
  item.accessibilityInformation = { label: `${name}: ${words}` };
  item.command = {
    command: commands.openNodeOutput,
    title: vscode.l10n.t('Open Output'),
    arguments: [element],
  };
  return item;
}

export function moreItem({ listed, group, what, count }: MoreElement): vscode.TreeItem {
  const item = new vscode.TreeItem(what === 'nodes' ? moreNodes(count) : moreGroups(count));
  const key = moreKey(listed, group);
  item.id = `${key}//more`;
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = {
    command: commands.showMoreNodes,
    title: vscode.l10n.t('Show More'),
    arguments: [key],
  };
  return item;
}

function moreNodes(count: number): string {
  return count === 1
    ? vscode.l10n.t('Show more (1 node is left out)')
    : vscode.l10n.t('Show more ({0} nodes are left out)', count);
}

function moreGroups(count: number): string {
  return count === 1
    ? vscode.l10n.t('Show more (1 group is left out)')
    : vscode.l10n.t('Show more ({0} groups are left out)', count);
}

/** By which the tree remembers how many rows to show. */
export function moreKey(listed: ListedRun, group: ShownGroup | undefined): string {
  return `${listed.id}/${group?.id ?? ''}`;
}

/**
 * A tooltip is Markdown, which the editor takes apart in the extension host: a thousand names took it
 * 0.3 s. More than this of a line, or of a script, nobody reads there.
 */
const LONGEST_FACT = 500;
const LONGEST_CODE = 2000;

/** Filled in when the pointer rests on the item. */
export function runTooltip({ info, run, notKept }: ListedRun): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  tooltip.appendCodeblock(shorten(jobText(info.job), LONGEST_CODE), 'shellscript');
  const facts = [
    vscode.l10n.t('{0} of {1}', nodeCount(info.targets.length), info.datacenter),
    info.choice,
    info.connection,
    new Date(info.createdAt).toLocaleString(),
    ...(run ? summarize(run.ledger).split('\n') : []),
    run?.ledger.reason ?? '',
    ...(run?.ledger.warnings ?? []),
    notKept ? vscode.l10n.t('Not kept when this window closes: {0}', notKept.message) : '',
  ];
  for (const fact of facts) {
    if (fact !== '') tooltip.appendText(`${displayName(shorten(fact, LONGEST_FACT))}\n`);
  }
  return tooltip;
}

export function nodeTooltip(run: Run, result: NodeResult): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  const facts = [
    displayName(result.node),
    describeState(result, run.ledger.end, Date.now()),
    result.bytes === 1
      ? vscode.l10n.t('1 byte of output')
      : vscode.l10n.t('{0} bytes of output', result.bytes),
    result.lastSign === undefined
      ? ''
      : vscode.l10n.t('last heard at {0}', describeTime(result.lastSign, true)),
  ];
  for (const fact of facts) if (fact !== '') tooltip.appendText(`${fact}\n`);
  return tooltip;
}

/** `node failed`, and with `output` where it wrote something: `node lost output`. */
function nodeContext(result: NodeResult): string {
  return ['node', standingOf(result), ...(result.bytes > 0 ? ['output'] : [])].join(' ');
}

/** `group output` for what nodes wrote alike, `group output differs` unless that is what most wrote. */
function groupContext({ sameOutput, isMajority }: ShownGroup): string {
  if (!sameOutput) return 'group';
  return isMajority ? 'group output' : 'group output differs';
}

/** Flags for `when` clauses in package.json: `run going`, or `run over` with what there is to act on. */
function runContext(listed: ListedRun, isGoing: boolean, isWaiting: boolean): string {
  if (isGoing) return 'run going';
  if (!listed.isOver) return 'run elsewhere';
  const counts = listed.run?.ledger.counts ?? listed.outcome?.counts;
  const present = STANDINGS.filter((standing) => (counts?.[standing] ?? 0) > 0);
  const next = isWaiting ? ['next'] : [];
  return ['run', 'over', listed.pinned ? 'pinned' : 'loose', ...present, ...next].join(' ');
}

function runIcon({ run, outcome }: ListedRun, isGoing: boolean): vscode.ThemeIcon {
  if (isGoing) return new vscode.ThemeIcon('sync~spin');
  const counts = run?.ledger.counts ?? outcome?.counts;
  if (run?.ledger.succeeded ?? outcome?.succeeded) return standingIcon('ok');
  if (counts && counts.failed > 0) return standingIcon('failed');
  return new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
}

function standingIcon(standing: Standing): vscode.ThemeIcon {
  switch (standing) {
    case 'ok':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
    case 'failed':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
    case 'lost':
      return new vscode.ThemeIcon(
        'debug-disconnect',
        new vscode.ThemeColor('list.warningForeground'),
      );
    case 'silent':
      return new vscode.ThemeIcon('circle-slash', new vscode.ThemeColor('list.warningForeground'));
    case 'running':
      return new vscode.ThemeIcon('sync~spin');
    case 'waiting':
      return new vscode.ThemeIcon('circle-outline');
  }
}
