import * as vscode from 'vscode';
import { commands } from '../../base/contributions.ts';
import { registerCommand } from '../../base/registerCommand.ts';
import { requireTrust } from '../../base/requireTrust.ts';
import { NothingToDo, UserError } from '../../base/userError.ts';
import { askNodeFilter } from '../../nodeTree/askNodeFilter.ts';
import { editScript, endEditing } from './editedScript.ts';
import type { OpenReview } from './openReview.ts';
import { ReviewRow } from './reviewRow.ts';
import type { ReviewHost } from './reviewHost.ts';

/** Registers the commands of the review's rows and of its title. */
export function registerReviewCommands({
  reviewHost: host,
  log,
}: {
  readonly reviewHost: ReviewHost;
  readonly log: vscode.LogOutputChannel;
}): vscode.Disposable {
  const current = () => currentReview(host);
  return vscode.Disposable.from(
    registerCommand(commands.runReviewed, log, (row) => run(host, row, false)),
    registerCommand(commands.runReviewedInSteps, log, (row) => run(host, row, true)),
    registerCommand(commands.useReviewRow, log, (row) => useRow(host, rowOf(host, row))),
    registerCommand(commands.filterReview, log, () =>
      askNodeFilter(vscode.l10n.t('Filter Reviewed Nodes'), current()),
    ),
    registerCommand(commands.groupReview, log, () => {
      const review = current();
      review.grouping = review.grouping === 'service' ? 'problem' : 'service';
    }),
    registerCommand(commands.showReviewedScript, log, () => host.view?.showScript()),
    registerCommand(commands.changeReviewedGuard, log, () => current().leaveFor('changeGuard')),
    registerCommand(commands.changeReviewedWait, log, () => current().leaveFor('changeWait')),
    registerCommand(commands.saveReviewedSet, log, () => saveSet(current())),
    registerCommand(commands.selectOtherNodes, log, () => current().leaveFor('back')),
    registerCommand(commands.reviewInQuickPick, log, () => openPick(current())),
    registerCommand(commands.cancelReview, log, () => current().cancel()),
  );
}

/** @throws UserError if no review is open */
function currentReview({ current }: ReviewHost): OpenReview {
  if (current) return current;
  throw new UserError(vscode.l10n.t('No review is open. Run a script first, and open its review.'));
}

/** @throws UserError without selected nodes */
function saveSet(review: OpenReview): void {
  if (review.nodes.selected.length === 0) {
    throw new UserError(vscode.l10n.t('Select at least one node first.'));
  }
  review.leaveFor('saveSet');
}

/** @throws UserError for a proposed run */
function openPick(review: OpenReview): void {
  if (review.session.proposal) {
    throw new UserError(
      vscode.l10n.t('Review a proposed run here, beside the script that it would run.'),
    );
  }
  review.leaveFor('openPick');
}

/**
 * Starts the run. Only the view has rows, so without one, the Command Palette or another extension called
 * the command: then a question follows, which only the user can answer.
 */
async function run(host: ReviewHost, row: unknown, inSteps: boolean): Promise<void> {
  requireTrust();
  const isRow = row instanceof ReviewRow;
  const review = isRow ? rowOf(host, row).review : currentReview(host);
  if (review.session.proposal && !host.view?.showsScript) {
    await host.view?.showScript();
    throw new NothingToDo(vscode.l10n.t('Read the proposed script first. It is open now.'));
  }
  review.run({ inSteps, acceptedIn: isRow ? 'row' : 'command' });
}

/** @throws UserError for anything but a row of the open review: an earlier one had other nodes */
function rowOf(host: ReviewHost, row: unknown): ReviewRow {
  if (row instanceof ReviewRow && row.review === host.current) return row;
  throw new UserError(vscode.l10n.t('The review has changed. Select the row again.'));
}

async function useRow(host: ReviewHost, row: ReviewRow): Promise<void> {
  const { review, content } = row;
  switch (content.kind) {
    case 'node':
      review.toggle([content.target]);
      break;
    case 'group':
      review.toggle(content.group.nodes);
      break;
    case 'more':
      host.view?.showMore(content.group);
      break;
    case 'fix':
      review.useFix(content.fix);
      break;
    case 'showAll':
      review.setFilter('');
      break;
    case 'clearHidden':
      review.select(review.nodes.hidden, false);
      break;
    case 'text':
      await host.view?.showScript();
      break;
    case 'editScript':
      await editScript(review);
      break;
    case 'useText':
    case 'discardText':
      await endEditing(review, content.kind === 'useText');
      break;
    case 'addedLine':
      review.leaveFor('switchAddedLine');
      break;
    case 'guard':
      review.leaveFor('changeGuard');
      break;
    case 'wait':
      review.leaveFor('changeWait');
      break;
    case 'saveSet':
      review.leaveFor('saveSet');
      break;
    case 'back':
      review.leaveFor('back');
      break;
    default:
    // The others have no command, or one of their own.
  }
}
