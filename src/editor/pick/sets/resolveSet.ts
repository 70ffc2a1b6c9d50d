import type { KnownNodes } from '../../../exec/targeting/names/knownNodes.ts';
import { doInSlices } from '../../../exec/targeting/names/steps.ts';
import type { ChoiceOrigin, SavedSet } from '../../../exec/targeting/sets/savedSet.ts';
import { findingFormerNodes, findingSetNodes } from '../../../exec/targeting/sets/setNodes.ts';
import { ANY, type TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import { nodesWhere } from '../choice/nodesWhere.ts';
import { answerOf, knownNodes, nodesOfStep } from '../inputs/namedNodes.ts';
import type { LabelSubset } from '../session/lastSelection.ts';
import type { ChoiceSession } from '../session/pickSession.ts';
import type { ListedSet } from './listedSets.ts';

/** What a saved set means now. */
export interface ResolvedSet {
  readonly selection: TargetSelection;
  readonly selected: LabelSubset | undefined;
  /** Labels of its nodes, also of those that can't respond. */
  readonly labels: readonly string[];
  readonly origin: Extract<ChoiceOrigin, { readonly kind: 'set' }>;
}

/**
 * Finds the nodes of a saved set in the catalog.
 * @throws ConsulError if the servers can't evaluate its filter expression; the signal's reason
 */
export async function resolveSet(
  session: ChoiceSession,
  { set, isOfWorkspace }: ListedSet,
  signal: AbortSignal,
): Promise<ResolvedSet> {
  const { datacenters } = session;
  const { service, tag } = set.rule;
  const all = knownNodes(nodesOfStep(datacenters, { service: ANY, tag: ANY, node: ANY }));
  const was = await doInSlices(findingFormerNodes(set, all), signal);
  const { node, selected, labels, unknown } = await nodesOfSet(session, set, all, signal);
  return {
    selection: { service, tag, node },
    selected,
    labels,
    origin: { kind: 'set', used: { set, isOfWorkspace, was, unknown } },
  };
}

async function nodesOfSet(
  session: ChoiceSession,
  { rule, place }: SavedSet,
  all: KnownNodes,
  signal: AbortSignal,
) {
  const { datacenters } = session;
  const { node } = rule;
  const step: TargetSelection = { service: rule.service, tag: rule.tag, node: ANY };
  const targets = nodesOfStep(datacenters, step);
  if (node.kind === 'any' || node.kind === 'matching') {
    const { reached, unreachable } = datacenters.targets({ ...step, node });
    const labels = [...reached, ...unreachable].map(({ label }) => label);
    return { node, selected: undefined, labels, unknown: [] };
  }
  const { labels, unknown } =
    node.kind === 'where'
      ? { labels: await nodesWhere(session, step, node.filter, signal), unknown: [] }
      : await doInSlices(findingSetNodes(node.text, place, all), signal);
  const known = new Set(targets.map(({ label }) => label));
  return {
    ...answerOf(datacenters, targets, labels),
    labels: labels.filter((label) => known.has(label)),
    unknown,
  };
}
