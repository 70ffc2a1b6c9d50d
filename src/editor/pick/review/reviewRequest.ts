import type { ChoiceOrigin } from '../../../exec/targeting/sets/savedSet.ts';
import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { userSetting } from '../../base/settings.ts';
import { type LabelSubset, labelsIn } from '../session/lastSelection.ts';
import type { PickSession } from '../session/pickSession.ts';
import { ReviewWarnings } from './reviewWarnings.ts';

/** What the user is asked to review, in the quick pick or as a view. */
export interface ReviewRequest {
  readonly session: PickSession;
  readonly selection: TargetSelection;
  /** Labels of the nodes to select at first. */
  readonly wanted: ReadonlySet<string>;
  /** Checked, because finding warnings takes long on many nodes. */
  readonly warnings: ReviewWarnings;
}

/** The nodes to review. */
interface Chosen {
  readonly selection: TargetSelection;
  /** The nodes to select at first; undefined for all nodes that the selection reaches. */
  readonly selected: LabelSubset | undefined;
  /** How they were chosen. */
  readonly origin: ChoiceOrigin | undefined;
}

export function reviewRequest(
  session: PickSession,
  { selection, selected, origin }: Chosen,
): ReviewRequest {
  const reached = session.datacenters.reachedLabels(selection);
  const wanted = selected ? labelsIn(selected, reached) : new Set(reached);
  return { session, selection, wanted, warnings: new ReviewWarnings(session, selection, origin) };
}

/**
 * Whether a review opens as a view, unless the user moves it. The quick pick is for small choices without
 * warnings: it has no rows for warnings, and its button doesn't name what it does. A proposed run is always
 * reviewed beside its script.
 */
export function opensAsView({ session, selection, wanted, warnings }: ReviewRequest): boolean {
  if (session.proposal) return true;
  const place = userSetting('review');
  if (place === 'view' || place === 'quickPick') return place === 'view';
  if (session.connection.production || session.isNextStep) return true;
  const { reached, unreachable } = session.datacenters.targets(selection);
  const selected = [...reached, ...unreachable].filter(({ label }) => wanted.has(label));
  if (selected.length > userSetting('confirmAbove')) return true;
  warnings.check(wanted);
  return warnings.about(selected).length > 0;
}
