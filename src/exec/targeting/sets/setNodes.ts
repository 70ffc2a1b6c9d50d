import { nodeLabel } from '../../../base/nodeLabel.ts';
import type { KnownNodes } from '../names/knownNodes.ts';
import { expandingNodeSet, parsingNodeSet } from '../names/nodeSet.ts';
import { resolvingNames } from '../names/resolveNames.ts';
import type { Steps } from '../names/steps.ts';
import type { SavedSet, SetPlace } from './savedSet.ts';

/** What the node set of a saved set means here. */
export interface SetNodes {
  readonly labels: readonly string[];
  /** Names that no node here has, or several. */
  readonly unknown: readonly string[];
}

/**
 * Finds the nodes of a node set. A name that several datacenters have is that of the set's datacenter.
 * @throws NodeSetError
 */
export function* findingSetNodes(
  text: string,
  place: SetPlace | undefined,
  known: KnownNodes,
): Steps<SetNodes> {
  const names = yield* namesOf(text, place, known);
  const { names: labels, doubts } = yield* resolvingNames(names, known);
  const unknown = doubts.filter(({ taken }) => taken === undefined).map(({ given }) => given);
  return { labels, unknown };
}

/**
 * The nodes that a set had when it was saved: labels, or names that no node here has. Nothing is guessed:
 * a node with a new name is another node.
 * @throws NodeSetError
 */
export function* findingFormerNodes(
  { was, place }: SavedSet,
  known: KnownNodes,
): Steps<readonly string[] | undefined> {
  return was === undefined ? undefined : yield* namesOf(was, place, known);
}

function* namesOf(text: string, place: SetPlace | undefined, known: KnownNodes): Steps<string[]> {
  const set = yield* parsingNodeSet(text);
  const { names } = yield* expandingNodeSet(set, known);
  const [datacenter, ...others] = place?.datacenters ?? [];
  if (datacenter === undefined || others.length > 0) return [...names];
  const labels: string[] = [];
  for (const name of names) {
    yield;
    const isClear = known.named(name).length === 1;
    const [label = name] = isClear ? [] : known.named(nodeLabel(name, datacenter));
    labels.push(label);
  }
  return labels;
}
