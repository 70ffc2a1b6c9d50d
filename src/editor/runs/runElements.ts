import * as vscode from 'vscode';
import { displayName } from '../../runs/displayText.ts';
import { type NodeResult, type Standing, STANDINGS, standingOf } from '../../runs/nodeResult.ts';
import type { Run } from '../../runs/run.ts';
import { describeProgress, describeState, summarize } from '../../runs/wording.ts';
import { commands } from '../contributions.ts';
import { UserError } from '../userError.ts';

/** What the Runs tree shows. */
export type RunElement =
  | { readonly kind: 'run'; readonly run: Run }
  | { readonly kind: 'node'; readonly run: Run; readonly node: string }
  | { readonly kind: 'more'; readonly run: Run; readonly count: number };

export function isRunElement(value: unknown): value is RunElement {
  return typeof value === 'object' && value !== null && 'kind' in value && 'run' in value;
}

/**
 * The run of a row, or the newest.
 * @throws UserError when there is none
 */
export function runOf(element: unknown, all: readonly Run[]): Run {
  const run = isRunElement(element) ? element.run : all[0];
  if (run) return run;
  throw new UserError(
    vscode.l10n.t('There is no run yet. Select some script text and run it first.'),
  );
}

/** The nodes among what a menu hands over: the row it was opened on, and all that are selected. */
export function nodeElements(
  element: unknown,
  elements: unknown,
): Extract<RunElement, { kind: 'node' }>[] {
  const all: readonly unknown[] = Array.isArray(elements) ? elements : [element];
  return all.filter(isRunElement).filter((one) => one.kind === 'node');
}

export function runItem(run: Run): vscode.TreeItem {
  const { info, ledger } = run;
  const words = describeProgress(ledger);
  const time = new Date(info.createdAt).toLocaleTimeString([], { timeStyle: 'short' });
  const item = new vscode.TreeItem(
    shorten(displayName(info.title)),
    vscode.TreeItemCollapsibleState.Expanded,
  );
  item.id = info.id;
  item.description = `${words} · ${time}`;
  item.iconPath = runIcon(run);
  item.contextValue = runContext(run);
  item.accessibilityInformation = { label: `${info.title}: ${words}` };
  return item;
}

export function nodeItem(run: Run, result: NodeResult): vscode.TreeItem {
  const words = describeState(result, run.ledger.end, Date.now());
  const name = displayName(result.node);
  const item = new vscode.TreeItem(name);
  item.id = `${run.info.id}/${result.node}`;
  item.description = words;
  item.iconPath = standingIcon(standingOf(result));
  item.contextValue = ['node', standingOf(result)].join(' ');
  item.accessibilityInformation = { label: `${name}: ${words}` };
  item.command = {
    command: commands.openNodeOutput,
    title: vscode.l10n.t('Open Output'),
    arguments: [{ kind: 'node', run, node: result.node } satisfies RunElement],
  };
  return item;
}

export function moreItem(run: Run, count: number): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show more ({0} nodes are left out)', count));
  item.id = `${run.info.id}//more`;
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = {
    command: commands.showMoreNodes,
    title: vscode.l10n.t('Show More'),
    arguments: [run],
  };
  return item;
}

const LONGEST_LABEL = 24;

/** The words about a run matter more than the end of its first line. */
function shorten(title: string): string {
  return title.length > LONGEST_LABEL ? `${title.slice(0, LONGEST_LABEL - 1)}…` : title;
}

/** Filled in when the pointer rests on the item. */
export function runTooltip(run: Run): vscode.MarkdownString {
  const { info, ledger } = run;
  const tooltip = new vscode.MarkdownString();
  tooltip.appendCodeblock(
    info.job.kind === 'arguments' ? info.job.args.join(' ') : info.job.text,
    'shellscript',
  );
  const facts = [
    vscode.l10n.t('{0} nodes of {1}', info.targets.length, info.datacenter),
    info.choice,
    info.connection,
    new Date(info.createdAt).toLocaleString(),
    ...summarize(ledger).split('\n'),
    ...(ledger.reason ? [ledger.reason] : []),
    ...ledger.warnings,
  ];
  for (const fact of facts) tooltip.appendText(`${displayName(fact)}\n`);
  return tooltip;
}

export function nodeTooltip(run: Run, result: NodeResult): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString();
  const facts = [
    displayName(result.node),
    describeState(result, run.ledger.end, Date.now()),
    vscode.l10n.t('{0} bytes of output', result.bytes),
    result.lastSign
      ? vscode.l10n.t('last heard at {0}', new Date(result.lastSign).toLocaleTimeString())
      : '',
  ];
  for (const fact of facts) if (fact) tooltip.appendText(`${fact}\n`);
  return tooltip;
}

/** Flags for `when` clauses in package.json: `run going`, or `run over` with what there is to act on. */
function runContext({ ledger }: Run): string {
  if (ledger.end === undefined) return 'run going';
  const present = STANDINGS.filter((standing) => ledger.counts[standing] > 0);
  return ['run', 'over', ...present].join(' ');
}

function runIcon({ ledger }: Run): vscode.ThemeIcon {
  if (ledger.end === undefined) return new vscode.ThemeIcon('sync~spin');
  if (ledger.succeeded) return standingIcon('ok');
  if (ledger.counts.failed > 0) return standingIcon('failed');
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
