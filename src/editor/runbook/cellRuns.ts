import * as vscode from 'vscode';
import { joinNames } from '../../base/joinNames.ts';
import type { IgnoredDifferences } from '../../runs/grouping/ignoredDifferences.ts';
import {
  largestGroup,
  type OutputGroup,
  type OutputGrouping,
} from '../../runs/grouping/outputGrouping.ts';
import type { Run } from '../../runs/run.ts';
import { commands } from '../base/contributions.ts';
import { commandLink } from '../base/executeCommand.ts';
import { plainLabel } from '../base/plainLabel.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import type { GroupElement } from '../runsView/runElements.ts';

/**
 * The last run of each cell, with its commands in the status bar of the cell: links in the output of a
 * cell can't run commands.
 */
export class CellRuns implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #viewOptions: { readonly ignored: IgnoredDifferences };
  readonly #runs = new WeakMap<vscode.NotebookCell, ListedRun>();

  readonly onDidChangeCellStatusBarItems = this.#changed.event;

  /** @param viewOptions has the differences that groups ignore */
  constructor(viewOptions: { readonly ignored: IgnoredDifferences }) {
    this.#viewOptions = viewOptions;
  }

  /** Call this again when the run has ended. */
  set(cell: vscode.NotebookCell, listed: ListedRun): void {
    this.#runs.set(cell, listed);
    this.#changed.fire();
  }

  async provideCellStatusBarItems(
    cell: vscode.NotebookCell,
  ): Promise<vscode.NotebookCellStatusBarItem[]> {
    const listed = this.#runs.get(cell);
    if (!listed) return [];
    const open = item(`$(output) ${vscode.l10n.t('Open Output')}`);
    open.command = commandLink(commands.openAllOutputs, vscode.l10n.t('Open Output'), {
      kind: 'run',
      listed,
    });
    const grouping = await listed.run?.groupings.ignoring(this.#viewOptions.ignored);
    const compare = listed.run && grouping && compareItem(listed, listed.run, grouping);
    return compare ? [open, compare] : [open];
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

/** Compares the two largest groups with different outputs. */
function compareItem(
  listed: ListedRun,
  run: Run,
  grouping: OutputGrouping,
): vscode.NotebookCellStatusBarItem | undefined {
  const groups = grouping.groups(run.ledger).filter(({ code }) => code !== undefined);
  const first = largestGroup(groups);
  const second = largestGroup(groups.filter((group) => group !== first));
  if (!first || !second) return undefined;
  const compare = item(`$(diff) ${vscode.l10n.t('Compare')}`);
  const title = vscode.l10n.t(
    'Compare the output of {0} with {1}',
    joinNames(first.nodes),
    joinNames(second.nodes),
  );
  const rows = [first, second].map((group) => groupRow(listed, run, group));
  compare.command = commandLink(commands.compareSelected, title, rows[0], rows);
  compare.tooltip = plainLabel(title);
  return compare;
}

function groupRow(listed: ListedRun, run: Run, { id, status, nodes }: OutputGroup): GroupElement {
  const shown = { label: '', description: '', status, nodes, sameOutput: true, differs: false };
  return { kind: 'group', listed, run, group: { id, ...shown } };
}

function item(text: string): vscode.NotebookCellStatusBarItem {
  return new vscode.NotebookCellStatusBarItem(text, vscode.NotebookCellStatusBarAlignment.Left);
}
