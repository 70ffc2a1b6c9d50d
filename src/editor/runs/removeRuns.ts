import * as vscode from 'vscode';
import { ask } from '../notify.ts';
import { plainMessage } from '../plainLabel.ts';
import { UserError } from '../userError.ts';
import type { ListedRun } from './listedRun.ts';
import type { RunService } from './runService.ts';

/**
 * Deletes runs with their output. What is gone is gone, so it asks: unless it is one run that nobody
 * pinned. Runs that go on stay.
 * @throws UserError when all of them go on
 */
export async function removeRuns(runs: RunService, chosen: readonly ListedRun[]): Promise<void> {
  const over = chosen.filter((listed) => listed.isOver && !runs.going.includes(listed));
  const [first] = over;
  if (!first) throw new UserError(whyItStays(runs, chosen));
  const pinned = over.filter((listed) => listed.pinned).length;
  if (over.length === 1 && pinned === 0) return runs.remove(over);
  const question =
    over.length === 1
      ? vscode.l10n.t(
          'Delete the pinned run “{0}” with its output?',
          plainMessage(first.info.title),
        )
      : vscode.l10n.t('Delete {0} runs with their output?', over.length);
  const details = [
    over.length > 1 ? pinnedAmongThem(pinned) : '',
    over.length < chosen.length ? vscode.l10n.t('Runs that are still going on stay.') : '',
  ];
  if (await confirmRemoval(question, over.length, details)) await runs.remove(over);
}

/** Deletes all but what is pinned or going on. */
export async function clearRuns(runs: RunService): Promise<void> {
  const loose = runs.all.filter((listed) => !listed.pinned && listed.isOver);
  if (loose.length === 0) {
    throw new UserError(
      vscode.l10n.t('There is nothing to clear: pinned runs and those going on stay.'),
    );
  }
  const question = vscode.l10n.t('Delete all runs that are over, with their output?');
  const details = [vscode.l10n.t('Pinned runs stay.')];
  if (await confirmRemoval(question, loose.length, details)) await runs.remove(loose);
}

function confirmRemoval(
  question: string,
  count: number,
  details: readonly string[],
): Promise<boolean> {
  const remove =
    count === 1 ? vscode.l10n.t('Delete 1 run') : vscode.l10n.t('Delete {0} runs', count);
  return ask(question, details.filter(Boolean).join('\n'), remove);
}

function pinnedAmongThem(count: number): string {
  if (count === 0) return '';
  return count === 1
    ? vscode.l10n.t('1 of them is pinned.')
    : vscode.l10n.t('{0} of them are pinned.', count);
}

function whyItStays({ going }: RunService, chosen: readonly ListedRun[]): string {
  const [only, another] = chosen;
  if (!only || another) {
    return vscode.l10n.t('These runs are still going on, so they stay.');
  }
  return going.includes(only)
    ? vscode.l10n.t('“{0}” is still going on. Stop it before you remove it.', only.info.title)
    : vscode.l10n.t('“{0}” is going on in another window, so it stays.', only.info.title);
}
