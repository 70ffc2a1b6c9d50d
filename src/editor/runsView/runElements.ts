import * as vscode from 'vscode';
import type { Run } from '../../runs/run.ts';
import { NothingToDo, UserError } from '../base/userError.ts';
import type { Rollout } from '../rollout/rollout.ts';
import { ListedRun } from '../runs/listedRun.ts';
import type { RunList } from '../runs/runList.ts';
import type { RunLoader } from '../runs/runLoader.ts';
import type { ShownGroup } from './shownGroups.ts';

/** A row of the Runs view. */
export type RunElement = Rollout | OneRunElement | GroupElement | NodeElement | MoreElement;

/** What others have to know of the Runs view. */
export class ViewSelection implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<readonly RunElement[]>();
  #rows: readonly RunElement[] = [];
  isVisible = false;

  readonly onDidChange = this.#changed.event;

  /** The selected rows, also for commands of key bindings. */
  get rows(): readonly RunElement[] {
    return this.#rows;
  }

  set rows(rows: readonly RunElement[]) {
    this.#rows = rows;
    this.#changed.fire(rows);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

interface OneRunElement {
  readonly kind: 'run';
  readonly listed: ListedRun;
}

export interface LoadServices {
  readonly runs: RunList;
  readonly loader: RunLoader;
}

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
  /** The group with the hidden nodes; undefined for rows directly under the run. */
  readonly group: ShownGroup | undefined;
  readonly what: 'nodes' | 'groups';
  readonly count: number;
}

/** Only rows of the tree have a `ListedRun`; commands can be called with other objects too. */
export function isRunElement(value: unknown): value is RunElement {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    'listed' in value &&
    value.listed instanceof ListedRun
  );
}

/**
 * The run of a row, or the latest run.
 * @throws NothingToDo if there are no runs
 */
export function runOf(element: unknown, all: readonly ListedRun[]): ListedRun {
  const listed = isRunElement(element) ? element.listed : all[0];
  if (listed) return listed;
  throw new NothingToDo(
    vscode.l10n.t('There are no runs. Select some script text and run it first.'),
  );
}

/** Loads the run of a row, or the latest run. @throws NothingToDo if there are no runs */
export function loadRunOf(element: unknown, { runs, loader }: LoadServices): Promise<Run> {
  return loader.load(runOf(element, runs.all));
}

/** The rows that a menu was opened on: all selected rows if that row is one of them. */
export function elementsOf(element: unknown, elements: unknown): RunElement[] {
  const all: readonly unknown[] = Array.isArray(elements) ? elements : [element];
  return all.filter(isRunElement);
}

/** The run of a row, with all of its steps if it is the row of a run in steps; or the latest run. */
export function stepsOf(
  element: unknown,
  all: readonly ListedRun[],
): readonly [ListedRun, ...ListedRun[]] {
  if (isRunElement(element) && element.kind === 'rollout') return element.runs;
  return [runOf(element, all)];
}

/**
 * The runs that a menu was opened on; never the latest run instead.
 * @throws UserError if no row is a run
 */
export function runsOf(element: unknown, elements: unknown): ListedRun[] {
  const rows = elementsOf(element, elements).filter(
    ({ kind }) => kind === 'run' || kind === 'rollout',
  );
  // A step can be selected together with its run in steps.
  if (rows.length > 0) return [...new Set(rows.flatMap((row) => stepsOf(row, [])))];
  throw new UserError(vscode.l10n.t('Select a run in the Runs view first.'));
}

/** Whether a menu was opened on the row of a run in steps alone. */
export function isOneRollout(element: unknown, elements: unknown): boolean {
  const [row, other] = elementsOf(element, elements);
  return row?.kind === 'rollout' && other === undefined;
}

/**
 * The nodes of rows, and the shown nodes of groups; only those of the first row's run.
 * @throws UserError if no row is a node or a group
 */
export function nodesOf(
  element: unknown,
  elements: unknown,
): { listed: ListedRun; run: Run; nodes: string[] } {
  const rows = elementsOf(element, elements).filter(
    (row) => row.kind === 'node' || row.kind === 'group',
  );
  const [first] = rows;
  if (!first) {
    throw new UserError(vscode.l10n.t('Select nodes or groups in the Runs view first.'));
  }
  const nodes = rows
    .filter(({ run }) => run === first.run)
    .flatMap((row) => (row.kind === 'node' ? [row.node] : row.group.nodes));
  return { listed: first.listed, run: first.run, nodes: [...new Set(nodes)] };
}

/**
 * What a command that can act on a whole run or on some of its nodes was called for: the run, and the
 * nodes if the rows are nodes or groups.
 * @throws NothingToDo if there are no runs
 */
export async function runAndNodesOf(
  element: unknown,
  elements: unknown,
  services: LoadServices,
): Promise<{ listed: ListedRun; run: Run; nodes: string[] | undefined }> {
  // The row that was clicked, which need not be the first of the selected ones.
  const kind = isRunElement(element) ? element.kind : 'run';
  if (kind === 'node' || kind === 'group') return nodesOf(element, elements);
  const listed = runOf(element, services.runs.all);
  return { listed, run: await services.loader.load(listed), nodes: undefined };
}
