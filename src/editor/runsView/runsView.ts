import * as vscode from 'vscode';
import { displayName } from '../../base/displayName.ts';
import { commands, contextKeys, views } from '../base/contributions.ts';
import { registerCommand } from '../base/registerCommand.ts';
import type { ConnectionService } from '../connections/connectionService.ts';
import { probeWhileVisible } from '../connections/probeWhileVisible.ts';
import { countUnseen } from '../badge/attentionBadge.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import type { RunList } from '../runs/runList.ts';
import type { RunElement, ViewSelection } from './runElements.ts';
import { RunsTree, type RunsTreeServices } from './runsTree.ts';
import { filterLabel, groupedLabel } from './viewLabels.ts';
import type { RunsViewOptions } from './viewOptions.ts';

interface RunsViewServices extends RunsTreeServices {
  readonly selection: ViewSelection;
  readonly connections: ConnectionService;
  readonly log: vscode.LogOutputChannel;
}

/** Creates the Runs view: its tree, its message, and the context keys for its menus. */
export function registerRunsView(services: RunsViewServices): vscode.Disposable {
  const { runs, viewOptions, selection, connections, log } = services;
  const tree = new RunsTree(services);
  const view = vscode.window.createTreeView<RunElement>(views.runs, {
    treeDataProvider: tree,
    canSelectMany: true,
    showCollapseAll: true,
  });
  let latest: ListedRun | undefined;
  const seen = new WeakSet<ListedRun>();
  let isKnownToUser = view.visible;
  const showMessage = () => {
    view.message = viewMessage(runs, connections, viewOptions);
    setContext(contextKeys.filtered, viewOptions.isFiltered);
  };
  const showList = () => {
    showMessage();
    setContext(contextKeys.hasRuns, runs.all.length > 0);
    setContext(contextKeys.running, runs.active.length > 0);
    setContext(contextKeys.canUndoRemove, runs.removed.length > 0);
    const [first] = runs.all;
    const isNew = first !== undefined && first !== latest && first.isActive;
    // The first run that the window starts opens the view, unless the user has already seen it here. Later,
    // a user who is elsewhere stays there: the badge and the output show the new run.
    const opens = isNew && !isKnownToUser && !seen.has(first);
    if (opens) isKnownToUser = true;
    for (const listed of runs.all) seen.add(listed);
    latest = first;
    // Which step a run is gets known right after it is listed.
    if (isNew) setImmediate(() => revealNew(view, tree, first, opens));
  };
  const showConnection = () => {
    setContext(contextKeys.connectionFailure, connections.failure?.cause ?? '');
    setContext(contextKeys.agentFrom, connections.agentFrom ?? '');
  };
  selection.isVisible = view.visible;
  showList();
  showConnection();
  return vscode.Disposable.from(
    tree,
    view,
    countUnseen(view, runs),
    view.onDidExpandElement(({ element }) => tree.toggled(element, true)),
    view.onDidCollapseElement(({ element }) => tree.toggled(element, false)),
    view.onDidChangeVisibility(({ visible }) => (selection.isVisible = visible)),
    view.onDidChangeVisibility(({ visible }) => (isKnownToUser ||= visible)),
    view.onDidChangeSelection((event) => (selection.rows = event.selection)),
    runs.onDidChangeList(showList),
    viewOptions.onDidChange(showMessage),
    connections.onDidChange(showConnection),
    connections.onDidChange(showMessage),
    probeWhileVisible(connections, view),
    registerCommand(commands.showMoreNodes, log, (key) => tree.showMore(String(key))),
  );
}

/** @param opens whether to open the view if it is hidden */
function revealNew(
  view: vscode.TreeView<RunElement>,
  tree: RunsTree,
  newest: ListedRun,
  opens: boolean,
): void {
  tree.foldOlder(newest);
  if (!view.visible && !opens) return;
  void view.reveal(tree.element(newest), { select: false, focus: false, expand: true });
}

/**
 * The line above the tree. It shows the connection because VS Code doesn't draw the description of a
 * view that is alone in its container, as it can be. An empty view has no message, which would hide the welcome text.
 */
function viewMessage(
  runs: RunList,
  connections: ConnectionService,
  viewOptions: RunsViewOptions,
): string {
  const hasRuns = runs.all.length > 0;
  return [
    hasRuns ? displayName(connections.locationLabel) : '',
    hasRuns ? displayName(connections.failure?.message ?? '') : '',
    viewOptions.isFiltered ? filterLabel(viewOptions.filter) : '',
    hasRuns ? groupedLabel(viewOptions.mode, viewOptions.ignored) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

function setContext(key: string, value: boolean | string): void {
  void vscode.commands.executeCommand('setContext', key, value);
}
