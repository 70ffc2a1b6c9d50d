import * as vscode from 'vscode';
import type { ReviewGroup, ReviewGrouping } from '../../../exec/review/reviewGroups.ts';
import { contextKeys, views } from '../../base/contributions.ts';
import { withoutEscapes, withoutLinks } from '../../base/plainLabel.ts';
import type { ReviewAnswer } from '../review/reviewAnswer.ts';
import type { ReviewRequest } from '../review/reviewRequest.ts';
import { runSummary } from '../review/reviewSummary.ts';
import type { TargetNode } from '../session/datacenterTargets.ts';
import { locationLabel, type PickSession } from '../session/pickSession.ts';
import { OpenReview } from './openReview.ts';
import type { ReviewRow, RowContent } from './reviewRow.ts';
import { ReviewScript } from './reviewScript.ts';
import { ReviewTree } from './reviewTree.ts';

/**
 * The review as a view: a tree with check boxes, beside the script. It stays open when it loses the focus,
 * until the user runs, cancels, or returns to the quick pick. There is one at a time.
 */
export class ReviewView implements vscode.Disposable {
  readonly #tree = new ReviewTree();
  readonly #script = new ReviewScript();
  readonly #view: vscode.TreeView<ReviewRow>;
  readonly #runsView: { readonly isVisible: boolean };
  readonly #subscriptions: vscode.Disposable[];
  #open: OpenReview | undefined;
  #grouping: ReviewGrouping = 'service';
  /** The pass through the quick picks whose review is shown. */
  #runId: string | undefined;
  /** Whether the review opened in the place of the Runs view. */
  #coversRuns = false;

  /** @param runsView the Runs view, which is in the same side bar */
  constructor(runsView: { readonly isVisible: boolean }) {
    this.#runsView = runsView;
    this.#view = vscode.window.createTreeView<ReviewRow>(views.review, {
      treeDataProvider: this.#tree,
      manageCheckboxStateManually: true,
    });
    this.#subscriptions = [
      this.#view.onDidChangeCheckboxState(({ items }) => this.#toggleAll(items)),
    ];
  }

  /** The review that waits for an answer. */
  get current(): OpenReview | undefined {
    return this.#open;
  }

  /**
   * Shows the review until the user answers. The view stays until `close`, so that a question in between
   * doesn't move what is on the screen.
   * Opening another review cancels this one. A proposal never opens while there is another.
   */
  async ask(request: ReviewRequest): Promise<ReviewAnswer> {
    this.#open?.cancel();
    const { session } = request;
    const review = new OpenReview(request, this.#grouping);
    this.#open = review;
    const subscription = review.onDidChange(() => this.#draw(review));
    try {
      const isNew = await this.#show(session);
      await review.fill();
      if (isNew) await this.#focus(review);
      return await review.answered;
    } finally {
      subscription.dispose();
      review.dispose();
      this.#grouping = review.grouping;
      if (this.#open === review) this.#open = undefined;
    }
  }

  /**
   * Hides the view and the script, unless another review has opened since. The Runs view returns if it was
   * in its place; otherwise VS Code shows the Explorer.
   * @param isRunning whether the user now wants to see the Runs view
   */
  async close(session: PickSession, isRunning = false): Promise<void> {
    if (this.#runId !== session.runId) return;
    this.#runId = undefined;
    if ((isRunning || this.#coversRuns) && this.#view.visible) {
      await vscode.commands.executeCommand(`${views.runs}.focus`);
    }
    this.#tree.draw(undefined);
    await Promise.all([setReviewing(false), this.#script.close()]);
  }

  /** @param group undefined for more groups */
  showMore(group: ReviewGroup<TargetNode> | undefined): void {
    this.#tree.showMore(group);
  }

  /** Whether the user can read what would run. */
  get showsScript(): boolean {
    return this.#script.isVisible;
  }

  showScript(): Promise<void> {
    return this.#script.show();
  }

  dispose(): void {
    this.#open?.dispose();
    void setReviewing(false);
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#view.dispose();
    this.#tree.dispose();
    this.#script.dispose();
  }

  /** @returns whether the view was opened, and not open already */
  async #show(session: PickSession): Promise<boolean> {
    const isNew = this.#runId !== session.runId;
    this.#runId = session.runId;
    await this.#script.follow(session);
    if (!isNew) return false;
    const coversRuns = this.#view.visible && this.#coversRuns;
    this.#coversRuns = coversRuns || this.#runsView.isVisible;
    await setReviewing(true);
    return true;
  }

  /** Not on the row that starts the run: Enter could be on its way from the quick pick. */
  async #focus(review: OpenReview): Promise<void> {
    if (this.#open !== review) return;
    // What comes from an assistant doesn't take the focus: the user may be typing.
    if (review.session.proposal) return this.#revealQuietly();
    await vscode.commands.executeCommand(`${views.review}.focus`);
    const row = this.#tree.getChildren().find(({ content }) => !STARTING.has(content.kind));
    if (row) await this.#view.reveal(row, { select: false, focus: true });
  }

  async #revealQuietly(): Promise<void> {
    const [row] = this.#tree.getChildren();
    if (row) await this.#view.reveal(row, { select: false, focus: false });
  }

  #draw(review: OpenReview): void {
    if (this.#open !== review) return;
    const count = review.nodes.selected.length;
    const summary = runSummary(review.session, count, review.events);
    // Unlike a row, it is wrapped.
    const message = [locationLabel(review.session), summary].join(' · ');
    this.#view.message = withoutLinks(withoutEscapes(message));
    this.#view.description =
      review.grouping === 'service' ? vscode.l10n.t('by service') : vscode.l10n.t('by problem');
    this.#tree.draw(review);
  }

  #toggleAll(items: readonly (readonly [ReviewRow, vscode.TreeItemCheckboxState])[]): void {
    for (const [{ review, content }, state] of items) {
      const isSelected = state === vscode.TreeItemCheckboxState.Checked;
      if (content.kind === 'node') review.select([content.target], isSelected);
      // What VS Code draws for a partial selection is an empty box.
      if (content.kind === 'group') review.select(content.group.nodes, isSelected);
    }
  }
}

const STARTING: ReadonlySet<RowContent['kind']> = new Set(['run', 'steps']);

function setReviewing(isReviewing: boolean): Thenable<unknown> {
  return vscode.commands.executeCommand('setContext', contextKeys.reviewing, isReviewing);
}
