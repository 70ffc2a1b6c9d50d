import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { commands, contextKeys, views } from '../contributions.ts';
import { registerCommand } from '../register.ts';
import type { Run } from '../../runs/run.ts';
import type { RunElement } from './runElements.ts';
import { RunsTree } from './runsTree.ts';

/** The Runs view: its tree, its badge and the context keys its menus depend on. */
export function registerRunsView({ runs, log }: App): vscode.Disposable {
  const tree = new RunsTree(runs);
  const view = vscode.window.createTreeView<RunElement>(views.runs, {
    treeDataProvider: tree,
    canSelectMany: true,
    showCollapseAll: true,
  });
  let newest: Run | undefined;
  const refresh = () => {
    view.badge = badge(runs.all, runs.going);
    const set = (key: string, value: boolean) =>
      void vscode.commands.executeCommand('setContext', key, value);
    set(contextKeys.hasRuns, runs.all.length > 0);
    set(contextKeys.running, runs.going.length > 0);
    const [first] = runs.all;
    if (first && first !== newest && runs.going.includes(first)) {
      void view.reveal(tree.element(first), { select: false, focus: false, expand: true });
    }
    newest = first;
  };
  refresh();
  return vscode.Disposable.from(
    tree,
    view,
    runs.onDidChangeList(refresh),
    registerCommand(commands.showMoreNodes, log, (run) => tree.showMore(run as Run)),
  );
}

/** Runs going on; once none is, the nodes of the newest run that need a look. */
function badge(all: readonly Run[], going: readonly Run[]): vscode.ViewBadge | undefined {
  if (going.length > 0) {
    return { value: going.length, tooltip: vscode.l10n.t('{0} runs going on', going.length) };
  }
  const counts = all[0]?.ledger.counts;
  const value = counts ? counts.failed + counts.lost + counts.silent : 0;
  return value > 0
    ? { value, tooltip: vscode.l10n.t('{0} nodes of the newest run need a look', value) }
    : undefined;
}
