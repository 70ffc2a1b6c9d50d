import type { EventFilters } from '../../consul/event.ts';
import type { CatalogNode } from '../../consul/catalogNode.ts';
import { canAnswer, findTargets } from '../targets.ts';
import type { Hazard } from './hazard.ts';
import { whyNobody } from './nobody.ts';
import { serviceHazards } from './serviceHazards.ts';
import { tagElsewhere } from './tagElsewhere.ts';
import { widerHazards } from './wider.ts';

/**
 * What the user may not expect of typed filters, from what they reach by the catalog. Empty for
 * filters that are what they seem.
 * @param room bytes the filters of one event may take, which proposals keep to
 * @throws FilterSyntaxError
 */
export function findHazards(
  nodes: readonly CatalogNode[],
  filters: EventFilters,
  room: number,
): Hazard[] {
  const { reached, unreachable } = findTargets(nodes, filters);
  if (reached.length === 0) {
    return [whyNobody(nodes, filters, room), ...beyondReach(unreachable)];
  }
  const hazards: Hazard[] = [];
  const possible = nodes.filter(canAnswer);
  if (reached.length === possible.length)
    hazards.push({ kind: 'everybody', nodes: names(reached) });
  hazards.push(
    ...widerHazards(possible, filters, reached, room),
    ...serviceHazards(possible, filters, reached, room),
  );
  const elsewhere = tagElsewhere(possible, filters);
  if (elsewhere.length > 0) hazards.push({ kind: 'tagElsewhere', nodes: names(elsewhere) });
  const servers = reached.filter(({ isServer }) => isServer);
  if (servers.length > 0) hazards.push({ kind: 'servers', nodes: names(servers) });
  const failing = reached.filter((node) => node.failing.length > 0);
  if (failing.length > 0) hazards.push({ kind: 'failing', nodes: names(failing) });
  return [...hazards, ...beyondReach(unreachable)];
}

function beyondReach(unreachable: readonly CatalogNode[]): Hazard[] {
  const failed = unreachable.filter(({ gossip }) => gossip === 'failed');
  const absent = unreachable.filter(({ gossip }) => gossip === 'absent');
  return [
    ...(failed.length > 0
      ? [{ kind: 'unreachable', why: 'failed', nodes: names(failed) } as const]
      : []),
    ...(absent.length > 0
      ? [{ kind: 'unreachable', why: 'noAgent', nodes: names(absent) } as const]
      : []),
  ];
}

function names(nodes: readonly CatalogNode[]): string[] {
  return nodes.map(({ name }) => name);
}
