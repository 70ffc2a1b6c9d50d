import type { CatalogNode, ServiceInstance } from '../../consul/catalogNode.ts';
import { ANY, type Choice, chosenTargets, instanceMatch, textMatch } from '../choice.ts';
import { compileRe2 } from '../re2.ts';
import { localServices } from '../targets.ts';
import type { Hazard } from './hazard.ts';
import { choiceOfServices } from './proposal.ts';

/** Where the IDs that agents match an expression with and the names that people see part ways. */
export function serviceHazards(
  possible: readonly CatalogNode[],
  choice: Choice,
  room: number,
): Hazard[] {
  const matches = instanceMatch(choice);
  if (!matches || choice.service.kind !== 'matching') return [];
  const matchesName = compileRe2(choice.service.expression);
  const matched = (node: CatalogNode) => node.services.filter(matches);
  const { reached } = chosenTargets(choice, possible);
  const hazards: Hazard[] = [];

  const otherNames = reached.filter((node) =>
    matched(node).every(({ name, kind }) => !isProxy(kind) && !matchesName(name)),
  );
  if (otherNames.length > 0) {
    const services = unique(otherNames.flatMap(matched).map(({ name }) => name));
    hazards.push({ kind: 'idsNotNames', services, nodes: otherNames });
  }

  const missed = missedByName(possible, choice);
  if (missed.nodes.length > 0) {
    const wanted = [...missed.services, ...reached.flatMap(matched)];
    const meant = [...missed.nodes, ...reached];
    hazards.push({
      kind: 'namesNotIds',
      services: unique(missed.services.map(({ name }) => name)),
      nodes: missed.nodes,
      fix: choiceOfServices(choice, wanted, meant, possible, room),
    });
  }

  const proxies = reached.flatMap(matched).filter(({ kind }) => isProxy(kind));
  if (proxies.length > 0) {
    const nodes = reached.filter((node) => matched(node).some(({ kind }) => isProxy(kind)));
    const only = nodes.filter((node) => matched(node).every(({ kind }) => isProxy(kind)));
    const ordinary = reached.flatMap(matched).filter(({ kind }) => !isProxy(kind));
    const meant = reached.filter((node) => !only.includes(node));
    hazards.push({
      kind: 'sidecars',
      ids: unique(proxies.map(({ id }) => id)),
      only,
      nodes,
      fix: choiceOfServices(choice, ordinary, meant, possible, room),
    });
  }
  return hazards;
}

/** Nodes a choice misses because its service expression fits names of services but not their IDs. */
export function missedByName(
  possible: readonly CatalogNode[],
  choice: Choice,
): { readonly nodes: readonly CatalogNode[]; readonly services: readonly ServiceInstance[] } {
  const matches = instanceMatch(choice);
  if (!matches || choice.service.kind !== 'matching') return { nodes: [], services: [] };
  const matchesName = compileRe2(choice.service.expression);
  const matchesTag = choice.tag.kind === 'any' ? undefined : textMatch(choice.tag);
  const byName = (service: ServiceInstance) =>
    !isProxy(service.kind) &&
    matchesName(service.name) &&
    (!matchesTag || service.tags.some(matchesTag));
  const nodes = chosenTargets(
    { service: ANY, tag: ANY, node: choice.node },
    possible,
  ).reached.filter((node) => !node.services.some(matches) && localServices(node).some(byName));
  return { nodes, services: nodes.flatMap((node) => localServices(node).filter(byName)) };
}

function isProxy(kind: string): boolean {
  return kind === 'connect-proxy';
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
