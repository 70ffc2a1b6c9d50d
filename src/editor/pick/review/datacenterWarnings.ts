import * as vscode from 'vscode';
import { joinNames } from '../../../base/joinNames.ts';
import { describePermission } from '../../../consul/errors/consulErrors.ts';
import type { TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { canRespond } from '../../../exec/targeting/matchNodes.ts';
import { clockLabel } from '../../../runs/text/time.ts';
import { plainLabel } from '../../base/plainLabel.ts';
import type { PickSession } from '../session/pickSession.ts';
import type {
  TargetDatacenter,
  TargetNode,
  TargetDatacenters,
} from '../session/datacenterTargets.ts';

/** Warnings about the list of nodes itself: it is old, or nodes can be missing in it. */
export function datacenterWarnings({ datacenters }: Pick<PickSession, 'datacenters'>): string[] {
  return datacenters.all.flatMap((datacenter) => [
    ...ageWarnings(datacenter),
    ...visibilityWarnings(datacenter),
  ]);
}

function ageWarnings({ datacenter, staleSince }: TargetDatacenter): string[] {
  if (staleSince === undefined) return [];
  return [
    vscode.l10n.t(
      "The node list of {0} is from {1}: can't read from Consul right now",
      datacenter,
      clockLabel(staleSince),
    ),
  ];
}

function visibilityWarnings({ datacenter, rights }: TargetDatacenter): string[] {
  if (rights.missing === undefined || rights.missing.length === 0) return [];
  const missing = rights.missing.map(describePermission).join(', ');
  return [
    vscode.l10n.t("Your token can't see all nodes in {0}: it lacks {1}", datacenter, missing),
  ];
}

/**
 * Warnings about nodes that should be selected but are not in the list: the catalog no longer has
 * them, or they no longer match. This happens in Run Again, and while the review is open.
 * @param wanted labels of the nodes that should be selected
 */
export function departedWarnings(
  datacenters: TargetDatacenters,
  selection: TargetSelection,
  wanted: ReadonlySet<string>,
): string[] {
  const { reached, unreachable } = datacenters.targets(selection);
  const listed = new Set([...reached, ...unreachable].map(({ label }) => label));
  const expected = wanted.union(namesIn(selection, datacenters));
  const departed = [...expected].filter((label) => !listed.has(label));
  if (departed.length === 0) return [];
  const present = new Set(
    datacenters.all.flatMap((datacenter) =>
      datacenter.nodes.map(({ name }) => datacenters.label(datacenter, name)),
    ),
  );
  const { gone = [], unmatched = [] } = Object.groupBy(departed, (label) =>
    present.has(label) ? 'unmatched' : 'gone',
  );
  return [...goneWarnings(gone, expected.size), ...unmatchedWarnings(unmatched, expected.size)];
}

/** Nodes picked from a list can be gone before a row for them could be selected. */
function namesIn({ node }: TargetSelection, { hasSeveral }: TargetDatacenters): Set<string> {
  return new Set(node.kind === 'exactly' && !hasSeveral ? node.names : []);
}

function goneWarnings(gone: readonly string[], total: number): string[] {
  if (gone.length === 0) return [];
  const labels = joinLabels(gone);
  if (total === 1) return [vscode.l10n.t('The catalog no longer lists {0}', labels)];
  return [vscode.l10n.t('No longer in the catalog: {0} ({1} of {2})', labels, gone.length, total)];
}

function unmatchedWarnings(unmatched: readonly string[], total: number): string[] {
  if (unmatched.length === 0) return [];
  const labels = joinLabels(unmatched);
  return [
    vscode.l10n.t(
      'No longer match the selection: {0} ({1} of {2})',
      labels,
      unmatched.length,
      total,
    ),
  ];
}

/** Warnings about selected nodes whose agents can't respond, according to gossip. */
export function unreachableWarnings(selected: readonly TargetNode[]): string[] {
  const unreachable = selected.filter(({ node }) => !canRespond(node)).map(({ label }) => label);
  if (unreachable.length === 0) return [];
  return [
    vscode.l10n.t(
      "Selected, but can't respond now: {0} ({1} of {2})",
      joinLabels(unreachable),
      unreachable.length,
      selected.length,
    ),
  ];
}

/** Warnings about selected nodes that may have run the job already. */
export function ranBeforeWarnings(
  { mayHaveRun }: Pick<PickSession, 'mayHaveRun'>,
  selected: readonly TargetNode[],
): string[] {
  const labels = selected.map(({ label }) => label).filter((label) => mayHaveRun.has(label));
  if (labels.length === 0) return [];
  return [
    vscode.l10n.t(
      'May have run this job already, since the earlier run got no result: {0} ({1} of {2})',
      joinLabels(labels),
      labels.length,
      selected.length,
    ),
  ];
}

function joinLabels(labels: readonly string[]): string {
  return plainLabel(joinNames(labels));
}
