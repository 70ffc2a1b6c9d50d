import * as vscode from 'vscode';
import type { ListedRun } from '../runs/listedRun.ts';
import type { RunList } from '../runs/runList.ts';

/** The part of a view that has the badge. */
interface BadgedView {
  badge?: vscode.ViewBadge | undefined;
  readonly visible: boolean;
  readonly onDidChangeVisibility: vscode.Event<unknown>;
}

/**
 * Counts on the view's icon the nodes that need attention in runs that ended while the view was hidden. Whoever
 * opens the view has seen them.
 */
export function countUnseen(view: BadgedView, runs: RunList): vscode.Disposable {
  let active = new Set<ListedRun>();
  const unseen = new Set<ListedRun>();
  const draw = () => {
    if (view.visible) unseen.clear();
    view.badge = badgeOf(runs.all.filter((listed) => unseen.has(listed)));
  };
  const note = () => {
    for (const listed of active) if (!listed.isActive) unseen.add(listed);
    active = new Set(runs.active);
    draw();
  };
  note();
  return vscode.Disposable.from(runs.onDidChangeList(note), view.onDidChangeVisibility(draw));
}

function badgeOf(unseen: readonly ListedRun[]): vscode.ViewBadge | undefined {
  const value = unseen.reduce((sum, listed) => sum + needingAttention(listed), 0);
  if (value === 0) return undefined;
  const tooltip =
    value === 1
      ? vscode.l10n.t('1 node needs attention')
      : vscode.l10n.t('{0} nodes need attention', value);
  return { value, tooltip };
}

function needingAttention({ run }: ListedRun): number {
  if (!run) return 0;
  const { failed, lost, unknown, noResponse } = run.ledger.counts;
  return failed + lost + unknown + noResponse;
}
