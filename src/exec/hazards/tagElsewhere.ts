import type { EventFilters } from '../../consul/event.ts';
import type { CatalogNode } from '../../consul/catalogNode.ts';
import { compileRe2 } from '../re2.ts';
import { findTargets, serviceMatch } from '../targets.ts';

/** Nodes that have the service and the tag, but on different instances only. */
export function tagElsewhere(
  nodes: readonly CatalogNode[],
  filters: EventFilters,
): readonly CatalogNode[] {
  if (!filters.service || !filters.tag) return [];
  const both = serviceMatch(filters);
  const matchesTag = compileRe2(filters.tag);
  const { reached } = findTargets(nodes, { ...filters, tag: undefined });
  return reached.filter(
    ({ services }) =>
      !services.some((service) => both?.(service)) &&
      services.some(({ tags }) => tags.some(matchesTag)),
  );
}
