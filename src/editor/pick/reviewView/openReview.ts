import { setImmediate as nextTurn } from 'node:timers/promises';
import * as vscode from 'vscode';
import {
  groupReviewed,
  type ReviewGroup,
  type ReviewGrouping,
} from '../../../exec/review/reviewGroups.ts';
import { ReviewedNodes } from '../../../exec/review/reviewedNodes.ts';
import { addedLine } from '../../../exec/script/interpreter.ts';
import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { countEvents } from '../review/countEvents.ts';
import { byDatacenter, type ReviewAnswer } from '../review/reviewAnswer.ts';
import type { ReviewRequest } from '../review/reviewRequest.ts';
import type { ReviewWarnings } from '../review/reviewWarnings.ts';
import type { SelectionWarning } from '../review/selectionWarnings.ts';
import type { TargetNode } from '../session/datacenterTargets.ts';
import type { PickSession } from '../session/pickSession.ts';

type Detour = Exclude<
  ReviewAnswer['action'],
  'run' | 'fix' | 'askAboutHidden' | 'viewWarnings' | 'changeScript'
>;

/**
 * A review in the view, from when it opens until the user answers. It has the same nodes, warnings, and
 * answers as the quick pick, and stays current while nodes come and go.
 */
export class OpenReview implements vscode.Disposable {
  readonly session: PickSession;
  readonly selection: TargetSelection;
  readonly nodes: ReviewedNodes<TargetNode>;
  readonly answered: Promise<ReviewAnswer>;
  readonly #warnings: ReviewWarnings;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #resolve!: (answer: ReviewAnswer) => void;
  #grouping: ReviewGrouping;
  /** The groups of `nodes.shown`; undefined if they have to be made anew. */
  #groups: readonly ReviewGroup<TargetNode>[] | undefined;
  #shownWarnings: readonly SelectionWarning[] = [];
  #events: number | undefined;
  #editedScript: vscode.TextDocument | undefined;
  #isFilled = false;
  #isClosed = false;

  readonly onDidChange = this.#changed.event;

  constructor({ session, selection, wanted, warnings }: ReviewRequest, grouping: ReviewGrouping) {
    this.session = session;
    this.selection = selection;
    this.#grouping = grouping;
    this.nodes = new ReviewedNodes(wanted);
    this.#warnings = warnings;
    const { promise, resolve } = Promise.withResolvers<ReviewAnswer>();
    this.answered = promise;
    this.#resolve = resolve;
    this.#subscription = session.datacenters.onChange(() => this.#isFilled && this.#refresh());
  }

  /**
   * Finds warnings and nodes. For ten thousand nodes, each takes a turn of the event loop. Until the
   * nodes are there, nothing can run.
   */
  async fill(): Promise<void> {
    await nextTurn();
    this.#warnings.check(this.nodes.wanted);
    await nextTurn();
    if (this.#isClosed) return;
    this.#isFilled = true;
    this.#refresh();
  }

  get isFilled(): boolean {
    return this.#isFilled;
  }

  get warnings(): readonly SelectionWarning[] {
    return this.#shownWarnings;
  }

  /** How many events the run needs, if it was counted. */
  get events(): number | undefined {
    return this.#events;
  }

  get groups(): readonly ReviewGroup<TargetNode>[] {
    this.#groups ??= groupReviewed(this.nodes.shown, this.#grouping);
    return this.#groups;
  }

  get grouping(): ReviewGrouping {
    return this.#grouping;
  }

  set grouping(grouping: ReviewGrouping) {
    this.#grouping = grouping;
    this.#groups = undefined;
    this.#changed.fire();
  }

  /** The `#!` line that was found for the script, if there is one. */
  get addedLine(): string | undefined {
    const { script } = this.session;
    return script && addedLine(script.interpreter);
  }

  get canRunInSteps(): boolean {
    return this.nodes.selected.length > 1 && !this.session.isNextStep;
  }

  /** Shows only the nodes with this text. What is selected stays selected. */
  setFilter(text: string): void {
    this.nodes.filter = text;
    this.#groups = undefined;
    this.#changed.fire();
  }

  select(targets: readonly TargetNode[], isSelected: boolean): void {
    // Once the user has answered, a change would be lost; drawing again takes back the click.
    if (!this.#isClosed) this.nodes.select(targets, isSelected);
    this.#describe();
  }

  toggle(targets: readonly TargetNode[]): void {
    this.select(targets, this.nodes.selectedOf(targets).state !== 'all');
  }

  /** Starts the run, unless nothing is selected. Asks first if the filter hides a selected node. */
  run(how: Pick<Extract<ReviewAnswer, { action: 'run' }>, 'inSteps' | 'acceptedIn'>): void {
    if (!this.#isFilled || this.#editedScript) return;
    const targets = byDatacenter(this.nodes.selected, this.session.datacenters);
    if (targets.length === 0) return;
    const { hidden } = this.nodes;
    this.#answer(
      hidden.length > 0
        ? { action: 'askAboutHidden', targets, hidden, ...how }
        : { action: 'run', targets, ...how },
    );
  }

  /** The script while the user edits it; nothing can run meanwhile. */
  get editedScript(): vscode.TextDocument | undefined {
    return this.#editedScript;
  }

  set editedScript(document: vscode.TextDocument | undefined) {
    this.#editedScript = document;
    this.#changed.fire();
  }

  /** Continues with another script. */
  changeScript(text: string): void {
    this.#answer({ action: 'changeScript', text, selected: new Set(this.nodes.wanted) });
  }

  useFix(selection: TargetSelection): void {
    this.#answer({ action: 'fix', selection });
  }

  leaveFor(action: Detour): void {
    this.#answer({ action, selected: new Set(this.nodes.wanted) });
  }

  cancel(): void {
    this.leaveFor('leave');
  }

  dispose(): void {
    this.cancel();
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  #answer(answer: ReviewAnswer): void {
    this.#isClosed = true;
    this.#resolve(answer);
  }

  /** Shows the current nodes. */
  #refresh(): void {
    const { reached, unreachable } = this.session.datacenters.targets(this.selection);
    this.nodes.list([...reached, ...unreachable]);
    this.#groups = undefined;
    this.#warnings.check(this.nodes.wanted);
    this.#describe();
  }

  /** Updates everything that depends on the selected nodes. */
  #describe(): void {
    const { selected } = this.nodes;
    this.#shownWarnings = this.#warnings.about(selected);
    this.#changed.fire();
    void this.#countEvents(selected);
  }

  async #countEvents(selected: readonly TargetNode[]): Promise<void> {
    const events = await countEvents(this.session, this.selection, selected);
    const isCurrent = !this.#isClosed && this.nodes.selected.length === selected.length;
    if (!isCurrent || events === this.#events) return;
    this.#events = events;
    this.#changed.fire();
  }
}
