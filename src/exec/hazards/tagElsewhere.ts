import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import {
  ANY,
  type TargetSelection,
  selectTargets,
  textMatch,
} from '../targeting/targetSelection.ts';

/**
 * Nodes that have the service and the tag, but only on different instances. Empty for a service
 * from the list, because the user saw the service's own tags.
 */
export function tagElsewhere(
  nodes: readonly CatalogNode[],
  selection: TargetSelection,
): readonly CatalogNode[] {
  if (selection.service.kind !== 'matching' || selection.tag.kind === 'any') return [];
  const matchesTag = textMatch(selection.tag);
  const withBoth = new Set(selectTargets(selection, nodes).reached);
  return selectTargets({ ...selection, tag: ANY }, nodes).reached.filter(
    (node) => !withBoth.has(node) && node.services.some(({ tags }) => tags.some(matchesTag)),
  );
}
