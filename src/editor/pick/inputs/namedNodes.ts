import * as vscode from 'vscode';
import { joinNames } from '../../../base/joinNames.ts';
import { canRespond } from '../../../exec/targeting/matchNodes.ts';
import type { AddressRange } from '../../../exec/targeting/names/addresses.ts';
import { KnownNodes } from '../../../exec/targeting/names/knownNodes.ts';
import type { NamedNodes } from '../../../exec/targeting/names/nameNotation.ts';
import type { NameDoubt } from '../../../exec/targeting/names/resolveNames.ts';
import type { ChoiceOrigin } from '../../../exec/targeting/sets/savedSet.ts';
import {
  ANY,
  type FieldSelection,
  type TargetSelection,
} from '../../../exec/targeting/targetSelection.ts';
import { nodeCountLabel } from '../../base/nodeCount.ts';
import type { TargetDatacenters, TargetNode } from '../session/datacenterTargets.ts';
import { type LabelSubset, labelsIn } from '../session/lastSelection.ts';

/** The answer of the node step. */
export interface NodeAnswer {
  readonly node: FieldSelection;
  /** The nodes to select in the review, if that is not all that the selection reaches. */
  readonly selected?: LabelSubset | undefined;
  readonly origin?: ChoiceOrigin | undefined;
}

/** All nodes of the selected service and tag, also those that can't respond. */
export function nodesOfStep(
  datacenters: TargetDatacenters,
  selection: TargetSelection,
): readonly TargetNode[] {
  const { reached, unreachable } = datacenters.targets({ ...selection, node: ANY });
  return [...reached, ...unreachable];
}

/** These nodes as nodes that a text can name. */
export function knownNodes(targets: readonly TargetNode[]): KnownNodes {
  return new KnownNodes(
    targets.map(({ label, node: { name, address }, datacenter: { datacenter } }) => ({
      label,
      name,
      datacenter,
      address,
    })),
  );
}

/** Selects exactly these nodes. Nodes of two datacenters can have one name, so the review needs labels. */
export function answerOf(
  { hasSeveral }: TargetDatacenters,
  targets: readonly TargetNode[],
  labels: readonly string[],
): NodeAnswer {
  const wanted = new Set(labels);
  const named = targets.filter(({ label }) => wanted.has(label));
  const names = [...new Set(named.map(({ node }) => node.name))];
  const only = named.filter(({ node }) => canRespond(node)).map(({ label }) => label);
  return { node: { kind: 'exactly', names }, selected: hasSeveral ? { only } : undefined };
}

/** The labels of an answer of the node step, also of nodes that can't respond. */
export function labelsOfAnswer(
  datacenters: TargetDatacenters,
  selection: TargetSelection,
  { node, selected }: NodeAnswer,
): string[] {
  const { reached, unreachable } = datacenters.targets({ ...selection, node });
  const labels = [...reached, ...unreachable].map(({ label }) => label);
  const wanted = selected && labelsIn(selected, labels);
  return wanted ? labels.filter((label) => wanted.has(label)) : labels;
}

/** What a text means read as names, in sentences: the nodes, and every name that is not clear. */
export function namesMessage(named: NamedNodes): string {
  const { names, doubts, repeated, unmatched, ranges } = named;
  const taken = doubts.filter((doubt) => doubt.taken !== undefined);
  const unknown = doubts.filter((doubt) => doubt.taken === undefined && !doubt.isAmbiguous);
  const ambiguous = doubts.filter(({ isAmbiguous }) => isAmbiguous);
  return [
    namedLabel(names),
    ...ranges
      .filter(({ count }) => count > 0)
      .slice(0, MAX_DOUBTS)
      .map(rangeMessage),
    ...taken.slice(0, MAX_DOUBTS).map((doubt) => takenMessage(doubt)),
    ...ambiguous.slice(0, MAX_DOUBTS).map((doubt) => ambiguousMessage(doubt)),
    ...unknownMessages(unknown, unmatched),
    ...(repeated.length > 0 ? [repeatedMessage(repeated)] : []),
  ].join(' ');
}

const MAX_DOUBTS = 3;

function namedLabel(names: readonly string[]): string {
  if (names.length === 0) return vscode.l10n.t('As names: no node.');
  return names.length === 1
    ? vscode.l10n.t('As names: 1 node: {0}.', joinNames(names))
    : vscode.l10n.t('As names: {0} nodes: {1}.', names.length, joinNames(names));
}

/** How many nodes have an address in a range. */
function rangeMessage({ given, count }: AddressRange): string {
  return vscode.l10n.t('{0} has {1}.', joinNames([given]), nodeCountLabel(count));
}

function takenMessage({ given, taken = '' }: NameDoubt): string {
  return vscode.l10n.t('"{0}" is taken as {1}.', joinNames([given]), joinNames([taken]));
}

/** Also the heading of its candidates in a list. */
export function ambiguousMessage({ given, candidates }: NameDoubt): string {
  return vscode.l10n.t('"{0}" can be {1}.', joinNames([given]), joinNames(candidates));
}

/** Also the heading of its candidates in a list. */
export function similarMessage({ given, candidates }: NameDoubt): string {
  return vscode.l10n.t(
    'No node is named "{0}"; similar: {1}.',
    joinNames([given]),
    joinNames(candidates),
  );
}

function unknownMessages(doubts: readonly NameDoubt[], unmatched: readonly string[]): string[] {
  const similar = doubts.filter(({ candidates }) => candidates.length > 0).slice(0, MAX_DOUBTS);
  const rest = doubts.filter((doubt) => !similar.includes(doubt)).map(({ given }) => given);
  const none = [...rest, ...unmatched];
  return [...similar.map(similarMessage), ...(none.length > 0 ? [unknownMessage(none)] : [])];
}

function unknownMessage(names: readonly string[]): string {
  return vscode.l10n.t('Not found: {0}.', joinNames(names));
}

function repeatedMessage(names: readonly string[]): string {
  return vscode.l10n.t('Named more than once: {0}.', joinNames(names));
}
