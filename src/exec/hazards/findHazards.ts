import type { CatalogNode } from '../../consul/catalogNode.ts';
import { type Choice, chosenTargets } from '../choice.ts';
import { canAnswer } from '../targets.ts';
import type { Hazard } from './hazard.ts';
import { whyNobody } from './nobody.ts';
import { serviceHazards } from './serviceHazards.ts';
import { tagElsewhere } from './tagElsewhere.ts';
import { widerHazards } from './wider.ts';

/**
 * What the user may not expect of a choice with expressions in it, from what it reaches by the
 * catalog; what was picked from lists is what it seems. Empty for a choice that is, all of it.
 * @param nodes of all datacenters that the choice is for, since a fix is for all of them too
 * @param room bytes the filters of one event may take, which expressions in fixes keep to
 * @throws FilterSyntaxError
 */
export function findHazards(nodes: readonly CatalogNode[], choice: Choice, room: number): Hazard[] {
  const { reached, unreachable } = chosenTargets(choice, nodes);
  if (reached.length === 0) return [whyNobody(nodes, choice, room), ...beyondReach(unreachable)];
  const hazards: Hazard[] = [];
  const possible = nodes.filter(canAnswer);
  if (reached.length === possible.length) hazards.push({ kind: 'everybody', nodes: reached });
  hazards.push(...widerHazards(nodes, choice, room), ...serviceHazards(possible, choice, room));
  const elsewhere = tagElsewhere(possible, choice);
  if (elsewhere.length > 0) hazards.push({ kind: 'tagElsewhere', nodes: elsewhere });
  const servers = reached.filter(({ isServer }) => isServer);
  if (servers.length > 0) hazards.push({ kind: 'servers', nodes: servers });
  const failing = reached.filter((node) => node.failing.length > 0);
  if (failing.length > 0) hazards.push({ kind: 'failing', nodes: failing });
  return [...hazards, ...beyondReach(unreachable)];
}

function beyondReach(unreachable: readonly CatalogNode[]): Hazard[] {
  const failed = unreachable.filter(({ gossip }) => gossip === 'failed');
  const absent = unreachable.filter(({ gossip }) => gossip === 'absent');
  return [
    ...(failed.length > 0 ? [{ kind: 'unreachable', why: 'failed', nodes: failed } as const] : []),
    ...(absent.length > 0 ? [{ kind: 'unreachable', why: 'noAgent', nodes: absent } as const] : []),
  ];
}
