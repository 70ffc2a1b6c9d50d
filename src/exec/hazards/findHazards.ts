import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import { type TargetSelection, selectTargets } from '../targeting/targetSelection.ts';
import { canRespond } from '../targeting/matchNodes.ts';
import type { Hazard } from './hazard.ts';
import { explainNoMatch } from './explainNoMatch.ts';
import { notationHazards } from './notationHazard.ts';
import { serviceHazards } from './serviceHazards.ts';
import { tagElsewhere } from './tagElsewhere.ts';
import { widerHazards } from './widerHazards.ts';

/**
 * Finds what the user may not expect of a selection with expressions, judged by the catalog.
 * Selections from lists are exact: only warn about them if they reach servers, failing nodes, every
 * node or none.
 * @param nodes of all datacenters that the selection is for, since a fix must hold in all of them
 * @param budget bytes that the filters of one event can take; expressions in fixes stay within it
 * @throws FilterSyntaxError
 */
export function findHazards(
  nodes: readonly CatalogNode[],
  selection: TargetSelection,
  budget: number,
): Hazard[] {
  const { reached, unreachable } = selectTargets(selection, nodes);
  if (reached.length === 0) {
    return [explainNoMatch(nodes, selection, budget), ...unreachableHazards(unreachable)];
  }
  const hazards: Hazard[] = [];
  const reachable = nodes.filter(canRespond);
  if (reached.length === reachable.length) hazards.push({ kind: 'everyNode', nodes: reached });
  const wider = widerHazards(nodes, selection, budget);
  hazards.push(
    ...notationHazards(nodes, selection, wider),
    ...wider,
    ...serviceHazards(reachable, selection, budget),
  );
  const elsewhere = tagElsewhere(reachable, selection);
  if (elsewhere.length > 0) hazards.push({ kind: 'tagElsewhere', nodes: elsewhere });
  const servers = reached.filter(({ isServer }) => isServer);
  if (servers.length > 0) hazards.push({ kind: 'servers', nodes: servers });
  const failing = reached.filter((node) => node.failing.length > 0);
  if (failing.length > 0) hazards.push({ kind: 'failing', nodes: failing });
  return [...hazards, ...unreachableHazards(unreachable)];
}

function unreachableHazards(unreachable: readonly CatalogNode[]): Hazard[] {
  const { failed = [], absent = [] } = Object.groupBy(unreachable, ({ gossip }) => gossip);
  const hazards: Hazard[] = [];
  if (failed.length > 0) hazards.push({ kind: 'unreachable', reason: 'failed', nodes: failed });
  if (absent.length > 0) hazards.push({ kind: 'unreachable', reason: 'noAgent', nodes: absent });
  return hazards;
}
