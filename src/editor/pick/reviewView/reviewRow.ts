import type { ReviewGroup } from '../../../exec/review/reviewGroups.ts';
import type { ParameterValue } from '../../../exec/script/parameters/parameter.ts';
import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import type { SelectionWarning } from '../review/selectionWarnings.ts';
import type { TargetNode } from '../session/datacenterTargets.ts';
import type { OpenReview } from './openReview.ts';

/** What a row of the review shows. */
export type RowContent =
  | { readonly kind: 'run' }
  | { readonly kind: 'steps' }
  /** The filter, with how many selected nodes it hides. */
  | { readonly kind: 'filter' }
  | { readonly kind: 'showAll' }
  | { readonly kind: 'clearHidden' }
  | { readonly kind: 'warning'; readonly warning: SelectionWarning; readonly index: number }
  /** A further line of a long warning. */
  | { readonly kind: 'warningLine'; readonly line: string; readonly index: number }
  | { readonly kind: 'fix'; readonly fix: TargetSelection; readonly index: number }
  /** Says that an assistant proposes the run. */
  | { readonly kind: 'proposal' }
  /** A line of its reason. */
  | { readonly kind: 'reasonLine'; readonly line: string; readonly index: number }
  /** Continues with the script as the user changed it, or as it was. */
  | { readonly kind: 'useText' }
  | { readonly kind: 'discardText' }
  | { readonly kind: 'parameter'; readonly parameter: ParameterValue }
  | { readonly kind: 'options' }
  | { readonly kind: 'text' }
  | { readonly kind: 'guard' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'addedLine' }
  | { readonly kind: 'editScript' }
  | { readonly kind: 'saveSet' }
  /** Returns to the step before the review. */
  | { readonly kind: 'back' }
  | { readonly kind: 'group'; readonly group: ReviewGroup<TargetNode> }
  | {
      readonly kind: 'node';
      readonly group: ReviewGroup<TargetNode>;
      readonly target: TargetNode;
    }
  | {
      readonly kind: 'more';
      /** The group with the hidden nodes; undefined for hidden groups. */
      readonly group: ReviewGroup<TargetNode> | undefined;
      readonly count: number;
    };

/**
 * A row of an open review. Only the review creates rows, and only its own tree has them: what a command
 * gets as a row was therefore used in the view. Other extensions can call commands, but have no row.
 */
export class ReviewRow {
  readonly review: OpenReview;
  readonly content: RowContent;
  readonly parent: ReviewRow | undefined;

  constructor(review: OpenReview, content: RowContent, parent?: ReviewRow) {
    this.review = review;
    this.content = content;
    this.parent = parent;
  }
}
