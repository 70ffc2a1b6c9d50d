import * as vscode from 'vscode';
import type { Run } from '../../runs/run.ts';
import { UserError } from '../userError.ts';
import type { ListedRun } from './listedRun.ts';
import type { ShownGroup } from './shownGroups.ts';

/** What the Runs tree shows. */
export type RunElement =
  { readonly kind: 'run'; readonly listed: ListedRun } | GroupElement | NodeElement | MoreElement;

export interface GroupElement {
  readonly kind: 'group';
  readonly listed: ListedRun;
  readonly run: Run;
  readonly group: ShownGroup;
}

export interface NodeElement {
  readonly kind: 'node';
  readonly listed: ListedRun;
  readonly run: Run;
  readonly node: string;
  readonly group: ShownGroup | undefined;
}

export interface MoreElement {
  readonly kind: 'more';
  readonly listed: ListedRun;
  /** The group whose nodes are left out; undefined for what is directly under the run. */
  readonly group: ShownGroup | undefined;
  readonly what: 'nodes' | 'groups';
  readonly count: number;
}

export function isRunElement(value: unknown): value is RunElement {
  return typeof value === 'object' && value !== null && 'kind' in value && 'listed' in value;
}

/**
 * The run of a row, or the newest.
 * @throws UserError when there is none
 */
export function runOf(element: unknown, all: readonly ListedRun[]): ListedRun {
  const listed = isRunElement(element) ? element.listed : all[0];
  if (listed) return listed;
  throw new UserError(
    vscode.l10n.t('There is no run yet. Select some script text and run it first.'),
  );
}

/** The rows a menu was opened on: all that are selected if it was one of them. */
export function elementsOf(element: unknown, elements: unknown): RunElement[] {
  const all: readonly unknown[] = Array.isArray(elements) ? elements : [element];
  return all.filter(isRunElement);
}

/**
 * The runs a menu was opened on; never another one instead.
 * @throws UserError when there is none
 */
export function runsOf(element: unknown, elements: unknown): ListedRun[] {
  const rows = elementsOf(element, elements).filter(({ kind }) => kind === 'run');
  if (rows.length > 0) return rows.map(({ listed }) => listed);
  throw new UserError(vscode.l10n.t('Select a run in the Runs view first.'));
}

/**
 * The nodes that rows stand for, groups with those of theirs that are shown; of one run.
 * @throws UserError when there is none
 */
export function nodesOf(element: unknown, elements: unknown): { run: Run; nodes: string[] } {
  const rows = elementsOf(element, elements).filter(
    (one) => one.kind === 'node' || one.kind === 'group',
  );
  const [first] = rows;
  if (!first) {
    throw new UserError(vscode.l10n.t('Select nodes or groups in the Runs view first.'));
  }
  const nodes = rows
    .filter(({ run }) => run === first.run)
    .flatMap((row) => (row.kind === 'node' ? [row.node] : row.group.nodes));
  return { run: first.run, nodes: [...new Set(nodes)] };
}
