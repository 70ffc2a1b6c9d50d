import { compareNames } from './compareNames.ts';
import { type CatalogNode, serviceNames } from '../../consul/catalog/catalogNode.ts';
import type { Reviewable } from './reviewedNodes.ts';

export type ReviewGrouping = 'service' | 'problem';

/** What to be careful about on a node, the most important first. */
const PROBLEMS = ['unreachable', 'noAgent', 'failing', 'server', 'none'] as const;
export type Problem = (typeof PROBLEMS)[number];

/** Nodes of a review with the same services, or with the same problem. Each node is in one group. */
export interface ReviewGroup<T extends Reviewable> {
  /** Identifies it among the groups of both kinds. */
  readonly id: string;
  readonly nodes: readonly T[];
  readonly by:
    | { readonly kind: 'service'; readonly services: readonly string[] }
    | { readonly kind: 'problem'; readonly problem: Problem };
}

/** Groups of nodes, in each the nodes in the given order. */
export function groupReviewed<T extends Reviewable>(
  nodes: readonly T[],
  grouping: ReviewGrouping,
): ReviewGroup<T>[] {
  return grouping === 'service' ? byService(nodes) : byProblem(nodes);
}

/** By name; nodes without a service come last. */
function byService<T extends Reviewable>(nodes: readonly T[]): ReviewGroup<T>[] {
  const keyOf = serviceKeys();
  const groups = Map.groupBy(nodes, ({ node }) => keyOf(node));
  const keys = [...groups.keys()].sort(compareNames);
  // The key of no services, "[]", would come first.
  const ordered = [...keys.filter((key) => key !== '[]'), ...keys.filter((key) => key === '[]')];
  return ordered.map((key) => ({
    id: `service ${key}`,
    nodes: groups.get(key) ?? [],
    by: { kind: 'service', services: JSON.parse(key) as string[] },
  }));
}

/** The names of a node's services as one key. Of ten thousand nodes, most have the same services. */
function serviceKeys(): (node: CatalogNode) => string {
  const known = new Map<string, string>();
  return (node) => {
    let listed = '';
    // No name has a line break, and if one had, its nodes would only share a group.
    for (const { name } of node.services) listed += `${name}\n`;
    let key = known.get(listed);
    if (key === undefined) {
      key = JSON.stringify([...serviceNames(node)].sort());
      known.set(listed, key);
    }
    return key;
  };
}

/** By problem, the most important first. */
function byProblem<T extends Reviewable>(nodes: readonly T[]): ReviewGroup<T>[] {
  const groups = Map.groupBy(nodes, ({ node }) => problemOf(node));
  return PROBLEMS.flatMap((problem) => {
    const members = groups.get(problem);
    if (!members) return [];
    return { id: `problem ${problem}`, nodes: members, by: { kind: 'problem', problem } as const };
  });
}

/** The most important problem of a node. */
export function problemOf({ gossip, failing, isServer }: CatalogNode): Problem {
  if (gossip === 'failed') return 'unreachable';
  if (gossip === 'absent') return 'noAgent';
  if (failing.length > 0) return 'failing';
  return isServer ? 'server' : 'none';
}
