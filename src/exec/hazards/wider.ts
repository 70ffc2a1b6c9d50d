import type { EventFilters } from '../../consul/event.ts';
import type { CatalogNode } from '../../consul/catalogNode.ts';
import { filterSize } from '../filters.ts';
import { findTargets, localServices, serviceMatch } from '../targets.ts';
import type { Hazard } from './hazard.ts';
import { readAsWhole } from './reading.ts';

/** Expressions that reach nodes through more than they seem to say. */
export function widerHazards(
  possible: readonly CatalogNode[],
  filters: EventFilters,
  reached: readonly CatalogNode[],
  room: number,
): Hazard[] {
  return FIELDS.flatMap((field) => {
    const expression = filters[field];
    if (!expression) return [];
    const alias = field === 'service' ? (name: string) => idsOf(name, possible) : undefined;
    const reading = readAsWhole(expression, textsOf(field, filters, possible), alias);
    if (!reading) return [];
    const exact = { ...filters, [field]: reading.exactly };
    const kept = new Set(findTargets(reached, exact).reached.map(({ name }) => name));
    const nodes = reached.map(({ name }) => name).filter((name) => !kept.has(name));
    if (nodes.length === 0 || kept.size === 0) return [];
    const fix = filterSize(exact) <= room ? exact : undefined;
    const { meant, beyond } = reading;
    return [{ kind: 'wider' as const, field, expression, meant, beyond, nodes, fix }];
  });
}

const FIELDS = ['node', 'service', 'tag'] as const;

/** What the expression is held against. */
function textsOf(
  field: keyof EventFilters,
  filters: EventFilters,
  nodes: readonly CatalogNode[],
): ReadonlySet<string> {
  if (field === 'node') return new Set(nodes.map(({ name }) => name));
  const services = nodes.flatMap(localServices);
  if (field === 'service') return new Set(services.map(({ id }) => id));
  const matches = serviceMatch({ service: filters.service });
  return new Set(services.flatMap((service) => (matches?.(service) ? service.tags : [])));
}

function idsOf(name: string, nodes: readonly CatalogNode[]): string[] {
  return nodes.flatMap((node) =>
    localServices(node).flatMap((service) => (service.name === name ? [service.id] : [])),
  );
}
