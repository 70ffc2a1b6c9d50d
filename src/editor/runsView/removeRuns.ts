import * as vscode from 'vscode';
import { ask, showInfo } from '../base/notify.ts';
import { plainMessage } from '../base/plainLabel.ts';
import { NothingToDo, UserError } from '../base/userError.ts';
import type { ListedRun } from '../runs/listedRun.ts';
import type { RunList } from '../runs/runList.ts';

/** Longer than VS Code shows a notification that nobody touches. */
const UNDO_MS = 20_000;
const deletions = new WeakMap<ListedRun, NodeJS.Timeout>();
/** The steps that were removed in one go, by each of them. */
const removedTogether = new WeakMap<ListedRun, readonly ListedRun[]>();

/**
 * Removes runs with their output. A single run that isn't pinned can be restored for some seconds, and a
 * run in steps with all of its steps. The others are deleted at once, so it asks first. Active runs stay.
 * @param isOneRow whether the runs are the steps of one run
 * @throws UserError if all of the runs are active, or a step is
 */
export async function removeRuns(
  runs: RunList,
  chosen: readonly ListedRun[],
  isOneRow = false,
): Promise<void> {
  const over = chosen.filter((listed) => listed.isOver && !listed.isActive);
  const [first] = over;
  const staying = chosen.find((listed) => !over.includes(listed));
  if (staying && isOneRow) throw new UserError(nothingRemovedMessage([staying]));
  if (!first) throw new UserError(nothingRemovedMessage(chosen));
  const pinned = over.filter((listed) => listed.pinned).length;
  if ((over.length === 1 || isOneRow) && pinned === 0) return removeWithUndo(runs, over);
  const question =
    over.length === 1
      ? vscode.l10n.t('Delete the pinned run "{0}" and its output?', plainMessage(first.info.title))
      : vscode.l10n.t('Delete {0} runs and their output?', over.length);
  const details = [
    over.length > 1 ? pinnedCountMessage(pinned) : '',
    over.length < chosen.length ? vscode.l10n.t("Active runs aren't deleted.") : '',
  ];
  if (await confirmRemoval(question, over.length, details)) await runs.remove(over);
}

/** @param steps a run, or all steps of one */
async function removeWithUndo(runs: RunList, steps: readonly ListedRun[]): Promise<void> {
  const removed: ListedRun[] = [];
  // Another window can just have resumed an interrupted one.
  for (const listed of steps) if (await runs.removeForNow(listed)) removed.push(listed);
  const [first] = removed;
  if (!first) throw new UserError(nothingRemovedMessage(steps));
  for (const listed of removed) {
    // It can have been removed and restored before.
    clearTimeout(deletions.get(listed));
    deletions.set(listed, setTimeout(() => void runs.deleteRemoved([listed]), UNDO_MS).unref());
    removedTogether.set(listed, removed);
  }
  const undo = vscode.l10n.t('Undo');
  const pressed = await showInfo(removedMessage(first, removed.length), undo);
  if (pressed === undo) restoreRun(runs, first);
}

function removedMessage({ info }: ListedRun, steps: number): string {
  return steps === 1
    ? vscode.l10n.t('Removed "{0}".', info.title)
    : vscode.l10n.t('Removed "{0}" with {1} steps.', info.title, steps);
}

/**
 * Restores a removed run, by default the one that was removed last, with the steps that were removed
 * together with it.
 * @throws NothingToDo if its files are deleted already
 */
export function restoreRun(runs: RunList, listed = runs.removed.at(-1)): void {
  if (!listed) throw new NothingToDo(vscode.l10n.t('No removed run can be restored.'));
  const together = removedTogether.get(listed) ?? [listed];
  const restored = together.filter((step) => runs.restore(step) || runs.find(step.id));
  if (restored.length > 0) return;
  throw new NothingToDo(
    vscode.l10n.t('"{0}" has been deleted and can\'t be restored.', listed.info.title),
  );
}

/** Deletes all runs except pinned and active runs, after asking. */
export async function clearRuns(runs: RunList): Promise<void> {
  const removable = runs.all.filter((listed) => !listed.pinned && listed.isOver);
  if (removable.length === 0) {
    throw new NothingToDo(vscode.l10n.t('Nothing to clear: only pinned and active runs are left.'));
  }
  const question = vscode.l10n.t('Delete all finished runs and their output?');
  const details = [vscode.l10n.t("Pinned runs aren't deleted.")];
  if (await confirmRemoval(question, removable.length, details)) await runs.remove(removable);
}

function confirmRemoval(
  question: string,
  count: number,
  details: readonly string[],
): Promise<boolean> {
  const remove =
    count === 1 ? vscode.l10n.t('Delete 1 Run') : vscode.l10n.t('Delete {0} Runs', count);
  return ask(question, details.filter(Boolean).join('\n'), remove);
}

function pinnedCountMessage(count: number): string {
  if (count === 0) return '';
  return count === 1
    ? vscode.l10n.t('1 of them is pinned.')
    : vscode.l10n.t('{0} of them are pinned.', count);
}

function nothingRemovedMessage(chosen: readonly ListedRun[]): string {
  const [only, another] = chosen;
  if (!only || another) {
    return vscode.l10n.t("These runs are still active, so they aren't deleted.");
  }
  return only.isActive
    ? vscode.l10n.t('"{0}" is still active. Stop it before you remove it.', only.info.title)
    : vscode.l10n.t('"{0}" is active in another window, so it isn\'t deleted.', only.info.title);
}
