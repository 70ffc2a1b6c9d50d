import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import { ANY, type TargetSelection, selectTargets } from '../targeting/targetSelection.ts';
import { compileRe2 } from '../targeting/re2.ts';
import { canRespond } from '../targeting/matchNodes.ts';
import type { Hazard, NoMatchReason } from './hazard.ts';
import { readAsNames } from './notationHazard.ts';
import { selectionOfServices, exactly, matching } from './proposedSelection.ts';
import { missedByName } from './serviceHazards.ts';
import { tagElsewhere } from './tagElsewhere.ts';

type NoMatch = Extract<Hazard, { kind: 'noMatch' }>;

/** Why a selection matches no node that can respond, and what the user probably intended. */
export function explainNoMatch(
  nodes: readonly CatalogNode[],
  selection: TargetSelection,
  budget: number,
): NoMatch {
  const reachable = nodes.filter(canRespond);
  const { unreachable } = selectTargets(selection, nodes);
  if (nodes.length === 0) return noMatch('emptyCatalog', []);
  if (unreachable.length > 0) return noMatch('unreachable', unreachable);
  return (
    explainByNode(nodes, selection) ??
    explainByService(reachable, selection, budget) ??
    explainByTag(reachable, selection) ??
    noMatch('apart', [])
  );
}

function explainByNode(
  nodes: readonly CatalogNode[],
  selection: TargetSelection,
): NoMatch | undefined {
  const { node } = selection;
  if (node.kind !== 'matching') return undefined;
  if (matchingNodes(nodes, { service: ANY, tag: ANY, node }).length > 0) return undefined;
  const named = readAsNames(nodes, selection);
  if (named) {
    const found = matchingNodes(nodes, named.fix);
    if (found.length > 0) return noMatch('nodeNotation', found, named.fix);
  }
  const fix = { ...selection, node: ignoringCase(node.expression) };
  const intended = matchingNodes(nodes, fix);
  return intended.length > 0 ? noMatch('nodeCase', intended, fix) : noMatch('node', []);
}

/** A service from the list is matched by its name, so only an expression can miss. */
function explainByService(
  reachable: readonly CatalogNode[],
  selection: TargetSelection,
  budget: number,
): NoMatch | undefined {
  const { service } = selection;
  if (service.kind !== 'matching') return undefined;
  const missed = missedByName(reachable, selection);
  if (missed.nodes.length > 0) {
    const fix = selectionOfServices(selection, missed.services, missed.nodes, reachable, budget);
    return noMatch('serviceNames', missed.nodes, fix);
  }
  if (matchingNodes(reachable, { service, tag: ANY, node: ANY }).length > 0) return undefined;
  const matches = compileRe2(service.expression);
  const catalogOnly = reachable.flatMap(({ services }) =>
    services.filter(
      (instance) => instance.catalogOnly && (matches(instance.id) || matches(instance.name)),
    ),
  );
  if (catalogOnly.length > 0) {
    // Selected from the list, "consul" means the servers, and events carry their node names.
    const fix = { ...selection, service: exactly(new Set(catalogOnly.map(({ name }) => name))) };
    const servers = matchingNodes(reachable, fix);
    return servers.length > 0 ? noMatch('catalogOnly', servers, fix) : undefined;
  }
  const fix = { ...selection, service: ignoringCase(service.expression) };
  const intended = matchingNodes(reachable, fix);
  return intended.length > 0 ? noMatch('serviceCase', intended, fix) : noMatch('service', []);
}

function explainByTag(
  reachable: readonly CatalogNode[],
  selection: TargetSelection,
): NoMatch | undefined {
  const { service, tag } = selection;
  if (service.kind === 'any' || tag.kind === 'any') return undefined;
  const elsewhere = tagElsewhere(reachable, selection);
  if (elsewhere.length > 0) return noMatch('tagElsewhere', elsewhere);
  const onAnyNode = { service, tag, node: ANY };
  const isApart =
    matchingNodes(reachable, onAnyNode).length > 0 ||
    matchingNodes(reachable, { ...onAnyNode, tag: ANY }).length === 0;
  return isApart ? undefined : noMatch('tag', []);
}

/** Nodes that a selection matches, including those that can't respond. */
function matchingNodes(
  nodes: readonly CatalogNode[],
  selection: TargetSelection,
): readonly CatalogNode[] {
  const { reached, unreachable } = selectTargets(selection, nodes);
  return [...reached, ...unreachable];
}

function ignoringCase(expression: string) {
  return matching(`(?i)${expression}`);
}

function noMatch(
  reason: NoMatchReason,
  nodes: readonly CatalogNode[],
  fix?: TargetSelection,
): NoMatch {
  return { kind: 'noMatch', reason, nodes, fix };
}
