import { setImmediate as nextTurn } from 'node:timers/promises';
import * as vscode from 'vscode';
import { nodeItems, type NodePickItem } from '../inputs/nodeItems.ts';
import { SelectedNodes } from '../inputs/selectedNodes.ts';
import type { TargetNode } from '../session/datacenterTargets.ts';
import { frameOf, locationLabel } from '../session/pickSession.ts';
import { setPrompt, setTitle } from '../../base/newerApi.ts';
import { runOnLabel } from '../../base/nodeCount.ts';
import { BACK, showUntilAnswered } from '../../base/quickInput.ts';
import { addedLine } from '../../../exec/script/interpreter.ts';
import { countEvents } from './countEvents.ts';
import { hiddenNodesMessage } from './hiddenNodes.ts';
import { byDatacenter, type ReviewAnswer } from './reviewAnswer.ts';
import {
  addedLineButton,
  changeGuardButton,
  changeWaitButton,
  openViewButton,
  runButton,
  runInStepsButton,
  saveSetButton,
  viewTextButton,
  viewWarningsButton,
} from './reviewButtons.ts';
import { reviewSummary } from './reviewSummary.ts';
import type { ReviewRequest } from './reviewRequest.ts';
import type { SelectionWarning } from './selectionWarnings.ts';

/** The quick pick that shows what will run, on which nodes, and what to be careful about. */
export class ReviewPick {
  readonly #request: ReviewRequest;
  readonly #pick = vscode.window.createQuickPick<NodePickItem>();
  readonly #selected = new SelectedNodes(this.#pick);
  readonly #addedLineButton: vscode.QuickInputButton | undefined;
  #hidden: readonly TargetNode[] = [];
  /** How many events the run needs, if it was counted. */
  #events: number | undefined;
  #warnings: readonly SelectionWarning[] = [];
  #pressed: vscode.QuickInputButton | undefined;
  #isFilled = false;
  /** Whether the nodes changed while the pick was being filled. */
  #isOutdated = false;
  #isClosed = false;

  constructor(request: ReviewRequest) {
    this.#request = request;
    const { session } = request;
    const line = session.script && addedLine(session.script.interpreter);
    if (line !== undefined) this.#addedLineButton = addedLineButton(line, session.usesAddedLine);
    this.#pick.canSelectMany = true;
    this.#pick.matchOnDescription = true;
    this.#pick.keepScrollPosition = true;
  }

  /** Shows the pick until the user answers. Call this once. */
  async ask(): Promise<ReviewAnswer> {
    const { session, wanted } = this.#request;
    const title = locationLabel(session);
    const frame = { ...frameOf(session, 4, ''), title };
    const settled = showUntilAnswered(this.#pick, frame, () => this.#answer(), {
      listeners: [
        this.#pick.onDidChangeSelection(() => this.#isFilled && this.#describe()),
        this.#pick.onDidChangeValue(() => this.#isFilled && this.#describeHidden()),
        session.datacenters.onChange(() => this.#refresh()),
        new vscode.Disposable(() => (this.#isClosed = true)),
      ],
      isAccept: (button) => {
        this.#pressed = button;
        return button !== vscode.QuickInputButtons.Back;
      },
    });
    this.#pick.busy = true;
    const filled = this.#fill().catch((error: unknown) => {
      this.#pick.hide();
      throw error;
    });
    const [answer] = await Promise.all([settled, filled]);
    if (answer !== undefined && answer !== BACK) return answer;
    const selected = this.#isFilled ? this.#selected.wanted : wanted;
    return { action: answer === BACK ? 'back' : 'leave', selected };
  }

  /** @returns undefined to keep the pick open */
  #answer(): ReviewAnswer | undefined {
    const pressed = this.#pressed;
    const selected = this.#selected.labels;
    if (pressed === viewTextButton) return { action: 'viewText', selected };
    if (pressed === openViewButton) return { action: 'openView', selected };
    if (pressed === changeGuardButton) return { action: 'changeGuard', selected };
    if (pressed === changeWaitButton) return { action: 'changeWait', selected };
    if (pressed === saveSetButton) {
      return selected.size === 0 ? undefined : { action: 'saveSet', selected };
    }
    if (pressed !== undefined && pressed === this.#addedLineButton) {
      return { action: 'switchAddedLine', selected };
    }
    if (pressed === viewWarningsButton) {
      return { action: 'viewWarnings', selected, warnings: this.#warnings };
    }
    const targets = byDatacenter(this.#selected.targets, this.#request.session.datacenters);
    if (targets.length === 0) return undefined;
    const accepted = { inSteps: pressed === runInStepsButton, acceptedIn: 'pick' } as const;
    const { hidden } = this.#selected;
    if (hidden.length > 0) return { action: 'askAboutHidden', targets, hidden, ...accepted };
    return { action: 'run', targets, ...accepted };
  }

  /**
   * Fills the pick. For ten thousand nodes, finding warnings, making rows, and showing them take a
   * turn of the event loop each. Until the rows are there, no node is selected and nothing can run.
   */
  async #fill(): Promise<void> {
    await nextTurn();
    const { wanted } = this.#request;
    this.#request.warnings.check(wanted);
    await nextTurn();
    const rows = this.#rows();
    await nextTurn();
    if (this.#isClosed) return;
    this.#selected.draw(rows, wanted);
    this.#describe();
    this.#isFilled = true;
    this.#pick.busy = false;
    if (this.#isOutdated) this.#refresh();
  }

  /** Shows the current nodes; once the pick is filled, if it isn't yet. */
  #refresh(): void {
    this.#isOutdated = true;
    if (!this.#isFilled) return;
    this.#selected.draw(this.#rows());
    this.#request.warnings.check(this.#selected.wanted);
    this.#describe();
  }

  #rows(): NodePickItem[] {
    const { session, selection } = this.#request;
    return nodeItems(session.datacenters.targets(selection), selection);
  }

  /** Updates everything that depends on the selected nodes. */
  #describe(): void {
    const { targets } = this.#selected;
    const count = targets.length;
    this.#hidden = this.#selected.hidden;
    this.#warnings = this.#request.warnings.about(targets);
    setTitle(this.#pick, `${runOnLabel(count)} — ${locationLabel(this.#request.session)}`);
    this.#pick.buttons = this.#buttons(count);
    this.#pick.placeholder =
      count === 0
        ? vscode.l10n.t('Select at least one node, or go back')
        : vscode.l10n.t('Press Enter to run on the selected nodes');
    this.#summarize(targets);
    void this.#countEvents(targets);
  }

  /** Updates what depends on the filter. */
  #describeHidden(): void {
    const { hidden } = this.#selected;
    const isSame = hidden.length === this.#hidden.length;
    if (isSame && hidden.every((target, i) => target === this.#hidden[i])) return;
    this.#hidden = hidden;
    this.#summarize(this.#selected.targets);
  }

  #summarize(targets: readonly TargetNode[]): void {
    const summary = reviewSummary(this.#request.session, targets.length, this.#events, [
      ...(this.#hidden.length > 0 ? [hiddenNodesMessage(this.#hidden)] : []),
      ...this.#warnings.map(({ text }) => text),
    ]);
    setPrompt(this.#pick, summary);
  }

  async #countEvents(targets: readonly TargetNode[]): Promise<void> {
    const { session, selection } = this.#request;
    const events = await countEvents(session, selection, targets);
    const isCurrent = !this.#isClosed && this.#selected.targets.length === targets.length;
    if (!isCurrent || events === this.#events) return;
    this.#events = events;
    this.#summarize(this.#selected.targets);
  }

  #buttons(count: number): readonly vscode.QuickInputButton[] {
    const canRunInSteps = count > 1 && !this.#request.session.isNextStep;
    return [
      vscode.QuickInputButtons.Back,
      ...(this.#warnings.length > 0 ? [viewWarningsButton] : []),
      viewTextButton,
      openViewButton,
      ...(this.#addedLineButton ? [this.#addedLineButton] : []),
      changeGuardButton,
      changeWaitButton,
      saveSetButton,
      ...(canRunInSteps ? [runInStepsButton] : []),
      runButton(count),
    ];
  }
}
