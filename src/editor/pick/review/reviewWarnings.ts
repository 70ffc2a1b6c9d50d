import type { ChoiceOrigin } from '../../../exec/targeting/sets/savedSet.ts';
import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import type { MatchedTargets, TargetNode } from '../session/datacenterTargets.ts';
import { setWarnings } from './setWarnings.ts';
import type { PickSession } from '../session/pickSession.ts';
import {
  datacenterWarnings,
  departedWarnings,
  ranBeforeWarnings,
  unreachableWarnings,
} from './datacenterWarnings.ts';
import { textWarnings } from './reviewSummary.ts';
import {
  attentionWarnings,
  type SelectionWarning,
  selectionWarnings,
} from './selectionWarnings.ts';

/** What a review warns about, in the quick pick and as a view. It changes with the nodes. */
export class ReviewWarnings {
  readonly #session: PickSession;
  readonly #selection: TargetSelection;
  readonly #origin: ChoiceOrigin | undefined;
  readonly #text: readonly string[];
  /** The nodes for which `#ofSelection` were found. */
  #checked: MatchedTargets | undefined;
  #ofSelection: readonly SelectionWarning[] = [];
  #ofSet: readonly string[] = [];
  #departed: readonly string[] = [];

  constructor(session: PickSession, selection: TargetSelection, origin: ChoiceOrigin | undefined) {
    this.#session = session;
    this.#selection = selection;
    this.#origin = origin;
    this.#text = textWarnings(session);
  }

  /**
   * Checks the current nodes. Does nothing for expressions if the nodes haven't changed, because checking
   * them takes long on many nodes.
   * @param wanted labels of the nodes that should be selected
   */
  check(wanted: ReadonlySet<string>): void {
    const { datacenters } = this.#session;
    this.#departed = departedWarnings(datacenters, this.#selection, wanted);
    const targets = datacenters.targets(this.#selection);
    if (targets === this.#checked) return;
    this.#checked = targets;
    this.#ofSelection = selectionWarnings(this.#session, this.#selection);
    this.#ofSet = setWarnings(this.#session, this.#origin, targets);
  }

  /**
   * All warnings about a run on these nodes. What can do damage comes first: the wrong nodes, a second run,
   * nodes that need care, a script that runs differently. Then come nodes that are missing.
   */
  about(selected: readonly TargetNode[]): SelectionWarning[] {
    const plain = (texts: readonly string[]) => texts.map((text): SelectionWarning => ({ text }));
    return [
      ...plain(this.#session.choiceWarnings ?? []),
      ...plain(this.#ofSet),
      ...this.#ofSelection,
      ...plain(ranBeforeWarnings(this.#session, selected)),
      ...plain(attentionWarnings(selected)),
      ...plain(this.#text),
      ...plain(this.#departed),
      ...plain(unreachableWarnings(selected)),
      ...plain(datacenterWarnings(this.#session)),
    ];
  }
}
