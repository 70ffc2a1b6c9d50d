import type { EventFilters } from '../../consul/event.ts';
import type { CatalogNode } from '../../consul/catalogNode.ts';
import { exactExpression } from '../nodeExpression.ts';
import { filterSize } from '../filters.ts';
import { compileRe2 } from '../re2.ts';
import { canAnswer, findTargets } from '../targets.ts';
import type { Hazard } from './hazard.ts';
import { missedByName, proposal } from './serviceHazards.ts';
import { tagElsewhere } from './tagElsewhere.ts';

type Nobody = Extract<Hazard, { kind: 'nobody' }>;

/** Why filters reach nobody, and what would reach those who were probably meant. */
export function whyNobody(
  nodes: readonly CatalogNode[],
  filters: EventFilters,
  room: number,
): Nobody {
  const possible = nodes.filter(canAnswer);
  const { unreachable } = findTargets(nodes, filters);
  if (nodes.length === 0) return nobody('emptyCatalog', []);
  if (unreachable.length > 0) return nobody('unreachable', unreachable);
  return (
    byNode(nodes, filters) ??
    byService(possible, filters, room) ??
    byTag(possible, filters) ??
    nobody('apart', [])
  );
}

function byNode(nodes: readonly CatalogNode[], filters: EventFilters): Nobody | undefined {
  const { node } = filters;
  if (!node || fitting(nodes, { node }).length > 0) return undefined;
  const fix = { ...filters, node: ignoringCase(node) };
  const meant = fitting(nodes, fix);
  return meant.length > 0 ? nobody('nodeCase', meant, fix) : nobody('node', []);
}

function byService(
  possible: readonly CatalogNode[],
  filters: EventFilters,
  room: number,
): Nobody | undefined {
  const { service } = filters;
  if (!service) return undefined;
  const missed = missedByName(possible, filters);
  if (missed.nodes.length > 0) {
    const meant = possible.filter(({ name }) => missed.nodes.includes(name));
    return nobody('serviceNames', meant, proposal(filters, missed.services, possible, room));
  }
  if (fitting(possible, { service }).length > 0) return undefined;
  const matches = compileRe2(service);
  const catalogOnly = possible.filter(({ services }) =>
    services.some((one) => one.catalogOnly && (matches(one.id) || matches(one.name))),
  );
  if (catalogOnly.length > 0) {
    const fix = { node: exactExpression(catalogOnly.map(({ name }) => name)) };
    return nobody('catalogOnly', catalogOnly, filterSize(fix) <= room ? fix : undefined);
  }
  const fix = { ...filters, service: ignoringCase(service) };
  const meant = fitting(possible, fix);
  return meant.length > 0 ? nobody('serviceCase', meant, fix) : nobody('service', []);
}

function byTag(possible: readonly CatalogNode[], filters: EventFilters): Nobody | undefined {
  const { service, tag } = filters;
  if (!service || !tag) return undefined;
  const elsewhere = tagElsewhere(possible, filters);
  if (elsewhere.length > 0) return nobody('tagElsewhere', elsewhere);
  return fitting(possible, { service, tag }).length > 0 ? undefined : nobody('tag', []);
}

function fitting(nodes: readonly CatalogNode[], filters: EventFilters): readonly CatalogNode[] {
  const { reached, unreachable } = findTargets(nodes, filters);
  return [...reached, ...unreachable];
}

function ignoringCase(expression: string): string {
  return `(?i)${expression}`;
}

function nobody(cause: Nobody['cause'], nodes: readonly CatalogNode[], fix?: EventFilters): Nobody {
  return { kind: 'nobody', cause, nodes: nodes.map(({ name }) => name), fix };
}
