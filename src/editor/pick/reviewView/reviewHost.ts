import * as vscode from 'vscode';
import { contextKeys } from '../../base/contributions.ts';
import type { OpenReview } from './openReview.ts';
import type { ReviewView } from './reviewView.ts';

/** Creates the review's view when the first review needs it. */
export class ReviewHost implements vscode.Disposable {
  readonly #runsView: { readonly isVisible: boolean };
  #view: ReviewView | undefined;

  /** @param runsView the Runs view, which is in the same side bar */
  constructor(runsView: { readonly isVisible: boolean }) {
    this.#runsView = runsView;
    // The window remembers the key when the extension host restarts, for example in Restricted Mode.
    void vscode.commands.executeCommand('setContext', contextKeys.reviewing, false);
  }

  /** undefined before the first review */
  get view(): ReviewView | undefined {
    return this.#view;
  }

  /** The review that waits for an answer. */
  get current(): OpenReview | undefined {
    return this.#view?.current;
  }

  async open(): Promise<ReviewView> {
    const { ReviewView } = await import('./reviewView.ts');
    return (this.#view ??= new ReviewView(this.#runsView));
  }

  dispose(): void {
    this.#view?.dispose();
  }
}
