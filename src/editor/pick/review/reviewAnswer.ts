import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import type { TargetDatacenters, TargetNode } from '../session/datacenterTargets.ts';
import type { PartlyHidden } from './hiddenNodes.ts';
import type { SelectionWarning } from './selectionWarnings.ts';

/**
 * How the user started a reviewed run: in the quick pick, with the row of the review as a view, or with
 * a command, which another extension can call too.
 */
export type AcceptedIn = 'pick' | 'row' | 'command';

interface Acceptance {
  readonly inSteps: boolean;
  readonly acceptedIn: AcceptedIn;
}

/** What the user wants from a review, in the quick pick or as a view. */
export type ReviewAnswer =
  | ({
      readonly action: 'run';
      /** Grouped by datacenter, in each in the order of the list; at least one. */
      readonly targets: readonly TargetNode[];
    } & Acceptance)
  /** The user accepted the selection that a warning proposed. */
  | { readonly action: 'fix'; readonly selection: TargetSelection }
  /** The user edited the script. */
  | (Detour<'changeScript'> & { readonly text: string })
  /** Some of the selected nodes are hidden by the filter. */
  | ({ readonly action: 'askAboutHidden' } & PartlyHidden & Acceptance)
  /** Reads the warnings one by one. */
  | (Detour<'viewWarnings'> & { readonly warnings: readonly SelectionWarning[] })
  | Detour<Detours>;

/** What the user does without running. After most of these, the review opens again. */
type Detours =
  /** Presses Escape, or cancels. */
  | 'leave'
  /** Returns to the step before. */
  | 'back'
  /** Reads the text. */
  | 'viewText'
  /** Sends the script with, or without, the added `#!` line. */
  | 'switchAddedLine'
  /** Selects another guard, or none. */
  | 'changeGuard'
  | 'changeWait'
  /** Saves the selected nodes, or the rule that selects them. */
  | 'saveSet'
  /** Moves from the quick pick to the view. */
  | 'openView'
  /** Moves from the view to the quick pick. */
  | 'openPick';

type Detour<Action> = Action extends string
  ? {
      readonly action: Action;
      /** The labels of the selected nodes. */
      readonly selected: ReadonlySet<string>;
    }
  : never;

/** The selected nodes as they run: grouped by datacenter. */
export function byDatacenter(
  selected: readonly TargetNode[],
  { all }: TargetDatacenters,
): TargetNode[] {
  return all.flatMap((datacenter) => selected.filter((target) => target.datacenter === datacenter));
}
