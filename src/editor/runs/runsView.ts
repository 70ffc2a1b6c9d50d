import * as vscode from 'vscode';
import { displayName } from '../../runs/displayText.ts';
import { groupedIgnoring } from '../../runs/ignoredWords.ts';
import type { App } from '../app.ts';
import { commands, contextKeys, views } from '../contributions.ts';
import { registerCommand } from '../register.ts';
import type { ListedRun } from './listedRun.ts';
import type { RunElement } from './runElements.ts';
import type { RunService } from './runService.ts';
import { RunsTree } from './runsTree.ts';
import { filterWords } from './runsWords.ts';

/** The Runs view: its tree, its badge and the context keys its menus depend on. */
export function registerRunsView(app: App): vscode.Disposable {
  const { runs, look, selection, connections, log } = app;
  const tree = new RunsTree(app);
  const view = vscode.window.createTreeView<RunElement>(views.runs, {
    treeDataProvider: tree,
    canSelectMany: true,
    showCollapseAll: true,
  });
  let newest: ListedRun | undefined;
  const refresh = () => {
    tellLook();
    view.badge = badge(runs);
    setContext(contextKeys.hasRuns, runs.all.length > 0);
    setContext(contextKeys.running, runs.going.length > 0);
    const [first] = runs.all;
    // A user who is elsewhere is not pulled here: the badge and the output tell.
    if (view.visible && first && first !== newest && runs.going.includes(first)) {
      void view.reveal(tree.element(first), { select: false, focus: false, expand: true });
    }
    newest = first;
  };
  const tellLook = () => {
    const parts = [
      // In the message: the description of a view that is alone in its container is not drawn. An
      // empty view has none, since it would hide the welcome text.
      runs.all.length > 0 ? displayName(connections.place) : '',
      runs.all.length > 0 ? displayName(connections.failure?.sentence ?? '') : '',
      look.isFiltered ? filterWords(look.filter) : '',
      look.mode === 'output' ? groupedIgnoring(look.ignored) : '',
    ];
    view.message = parts.filter(Boolean).join(' · ');
    setContext(contextKeys.filtered, look.isFiltered);
  };
  const tellPlace = () => {
    const { profiles, mistakes } = connections.profiles;
    setContext(contextKeys.connectionFailure, connections.failure?.cause ?? '');
    setContext(contextKeys.hasConnections, profiles.length + mistakes.length > 0);
  };
  refresh();
  tellPlace();
  return vscode.Disposable.from(
    tree,
    view,
    view.onDidChangeSelection((event) => (selection.rows = event.selection)),
    runs.onDidChangeList(refresh),
    look.onDidChange(tellLook),
    connections.onDidChange(tellPlace),
    connections.onDidChange(tellLook),
    registerCommand(commands.showMoreNodes, log, (key) => tree.showMore(String(key))),
  );
}

function setContext(key: string, value: boolean | string): void {
  void vscode.commands.executeCommand('setContext', key, value);
}

/** Runs going on; once none is, the nodes of the newest run that need a look. */
function badge({ all, going }: RunService): vscode.ViewBadge | undefined {
  if (going.length > 0) {
    const tooltip =
      going.length === 1
        ? vscode.l10n.t('1 run going on')
        : vscode.l10n.t('{0} runs going on', going.length);
    return { value: going.length, tooltip };
  }
  const counts = all[0]?.run?.ledger.counts;
  const value = counts ? counts.failed + counts.lost + counts.silent : 0;
  if (value === 0) return undefined;
  const tooltip =
    value === 1
      ? vscode.l10n.t('1 node of the newest run needs a look')
      : vscode.l10n.t('{0} nodes of the newest run need a look', value);
  return { value, tooltip };
}
