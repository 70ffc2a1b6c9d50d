import type { EventFilters } from '../../consul/event.ts';
import type { CatalogNode, ServiceInstance } from '../../consul/catalogNode.ts';
import { compileRe2 } from '../re2.ts';
import { findTargets, localServices, serviceMatch } from '../targets.ts';
import type { Hazard } from './hazard.ts';
import { withIds } from './idExpression.ts';

/** Where the IDs that agents match and the names that people see part ways. */
export function serviceHazards(
  possible: readonly CatalogNode[],
  filters: EventFilters,
  reached: readonly CatalogNode[],
  room: number,
): Hazard[] {
  const matches = serviceMatch(filters);
  if (!matches || !filters.service) return [];
  const matchesName = compileRe2(filters.service);
  const matched = (node: CatalogNode) => node.services.filter(matches);
  const hazards: Hazard[] = [];

  const otherNames = reached.filter((node) =>
    matched(node).every(({ name, kind }) => !isProxy(kind) && !matchesName(name)),
  );
  if (otherNames.length > 0) {
    const services = unique(otherNames.flatMap(matched).map(({ name }) => name));
    hazards.push({ kind: 'idsNotNames', services, nodes: names(otherNames) });
  }

  const missed = missedByName(possible, filters);
  if (missed.nodes.length > 0) {
    const wanted = [...missed.services, ...reached.flatMap(matched)];
    hazards.push({
      kind: 'namesNotIds',
      services: unique(missed.services.map(({ name }) => name)),
      nodes: missed.nodes,
      fix: proposal(filters, wanted, possible, room),
    });
  }

  const proxies = reached.flatMap(matched).filter(({ kind }) => isProxy(kind));
  if (proxies.length > 0) {
    const nodes = reached.filter((node) => matched(node).some(({ kind }) => isProxy(kind)));
    const only = nodes.filter((node) => matched(node).every(({ kind }) => isProxy(kind)));
    const ordinary = reached.flatMap(matched).filter(({ kind }) => !isProxy(kind));
    hazards.push({
      kind: 'sidecars',
      ids: unique(proxies.map(({ id }) => id)),
      only: names(only),
      nodes: names(nodes),
      fix: proposal(filters, ordinary, possible, room),
    });
  }
  return hazards;
}

/** Nodes the filters miss because the service expression fits names of services but not their IDs. */
export function missedByName(
  possible: readonly CatalogNode[],
  filters: EventFilters,
): { readonly nodes: string[]; readonly services: readonly ServiceInstance[] } {
  const matches = serviceMatch(filters);
  if (!matches || !filters.service) return { nodes: [], services: [] };
  const matchesName = compileRe2(filters.service);
  const matchesTag = filters.tag ? compileRe2(filters.tag) : undefined;
  const byName = (service: ServiceInstance) =>
    !isProxy(service.kind) &&
    matchesName(service.name) &&
    (!matchesTag || service.tags.some(matchesTag));
  const missed = findTargets(possible, { node: filters.node }).reached.filter(
    (node) => !node.services.some(matches) && localServices(node).some(byName),
  );
  const services = missed.flatMap((node) => localServices(node).filter(byName));
  return { nodes: names(missed), services };
}

/** The filters with the IDs of these services instead of the service expression. */
export function proposal(
  filters: EventFilters,
  services: readonly ServiceInstance[],
  possible: readonly CatalogNode[],
  room: number,
): EventFilters | undefined {
  const ids = new Set(services.map(({ id }) => id));
  const serviceNames = services.map(({ name }) => name);
  return withIds(filters, ids, serviceNames, possible, room);
}

function isProxy(kind: string): boolean {
  return kind === 'connect-proxy';
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function names(nodes: readonly CatalogNode[]): string[] {
  return nodes.map(({ name }) => name);
}
