import type { CatalogNode, ServiceInstance } from '../../consul/catalog/catalogNode.ts';
import {
  ANY,
  type TargetSelection,
  selectTargets,
  instanceMatch,
  textMatch,
} from '../targeting/targetSelection.ts';
import { compileRe2 } from '../targeting/re2.ts';
import { localServices } from '../targeting/matchNodes.ts';
import type { Hazard } from './hazard.ts';
import { selectionOfServices } from './proposedSelection.ts';

/** Hazards of an expression that agents match against service IDs, while users see service names. */
export function serviceHazards(
  reachable: readonly CatalogNode[],
  selection: TargetSelection,
  budget: number,
): Hazard[] {
  const matches = instanceMatch(selection);
  if (!matches || selection.service.kind !== 'matching') return [];
  const matchesName = compileRe2(selection.service.expression);
  const matched = (node: CatalogNode) => node.services.filter(matches);
  const { reached } = selectTargets(selection, reachable);
  const hazards: Hazard[] = [];

  const reachedById = reached.filter((node) =>
    matched(node).every(({ name, kind }) => !isProxy(kind) && !matchesName(name)),
  );
  if (reachedById.length > 0) {
    const services = unique(reachedById.flatMap(matched).map(({ name }) => name));
    hazards.push({ kind: 'idsNotNames', services, nodes: reachedById });
  }

  const missed = missedByName(reachable, selection);
  if (missed.nodes.length > 0) {
    const services = [...missed.services, ...reached.flatMap(matched)];
    const intended = [...missed.nodes, ...reached];
    hazards.push({
      kind: 'namesNotIds',
      services: unique(missed.services.map(({ name }) => name)),
      nodes: missed.nodes,
      fix: selectionOfServices(selection, services, intended, reachable, budget),
    });
  }

  const proxies = reached.flatMap(matched).filter(({ kind }) => isProxy(kind));
  if (proxies.length > 0) {
    const nodes = reached.filter((node) => matched(node).some(({ kind }) => isProxy(kind)));
    const onlyThroughProxies = nodes.filter((node) =>
      matched(node).every(({ kind }) => isProxy(kind)),
    );
    const services = reached.flatMap(matched).filter(({ kind }) => !isProxy(kind));
    const intended = reached.filter((node) => !onlyThroughProxies.includes(node));
    hazards.push({
      kind: 'sidecars',
      ids: unique(proxies.map(({ id }) => id)),
      onlyThroughProxies,
      nodes,
      fix: selectionOfServices(selection, services, intended, reachable, budget),
    });
  }
  return hazards;
}

/** Nodes that a selection misses because its service expression matches service names, but not IDs. */
export function missedByName(
  reachable: readonly CatalogNode[],
  selection: TargetSelection,
): { readonly nodes: readonly CatalogNode[]; readonly services: readonly ServiceInstance[] } {
  const matches = instanceMatch(selection);
  if (!matches || selection.service.kind !== 'matching') return { nodes: [], services: [] };
  const matchesName = compileRe2(selection.service.expression);
  const matchesTag = selection.tag.kind === 'any' ? undefined : textMatch(selection.tag);
  const isNamed = (service: ServiceInstance) =>
    !isProxy(service.kind) &&
    matchesName(service.name) &&
    (!matchesTag || service.tags.some(matchesTag));
  const nodes = selectTargets(
    { service: ANY, tag: ANY, node: selection.node },
    reachable,
  ).reached.filter((node) => !node.services.some(matches) && localServices(node).some(isNamed));
  return { nodes, services: nodes.flatMap((node) => localServices(node).filter(isNamed)) };
}

function isProxy(kind: string): boolean {
  return kind === 'connect-proxy';
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
