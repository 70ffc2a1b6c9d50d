import type { CatalogNode } from '../../consul/catalogNode.ts';
import { ANY, type Choice, chosenTargets, textMatch } from '../choice.ts';

/**
 * Nodes that have the service and the tag, but on different instances only; not of a service from
 * the list, whose own tags the user saw.
 */
export function tagElsewhere(
  nodes: readonly CatalogNode[],
  choice: Choice,
): readonly CatalogNode[] {
  if (choice.service.kind !== 'matching' || choice.tag.kind === 'any') return [];
  const matchesTag = textMatch(choice.tag);
  const withBoth = new Set(chosenTargets(choice, nodes).reached);
  return chosenTargets({ ...choice, tag: ANY }, nodes).reached.filter(
    (node) => !withBoth.has(node) && node.services.some(({ tags }) => tags.some(matchesTag)),
  );
}
