import type { CatalogNode } from '../../consul/catalogNode.ts';
import { ANY, type Choice, chosenTargets } from '../choice.ts';
import { compileRe2 } from '../re2.ts';
import { canAnswer } from '../targets.ts';
import type { Hazard } from './hazard.ts';
import { choiceOfServices, exactly, matching } from './proposal.ts';
import { missedByName } from './serviceHazards.ts';
import { tagElsewhere } from './tagElsewhere.ts';

type Nobody = Extract<Hazard, { kind: 'nobody' }>;

/** Why a choice reaches nobody, and what would reach those who were probably meant. */
export function whyNobody(nodes: readonly CatalogNode[], choice: Choice, room: number): Nobody {
  const possible = nodes.filter(canAnswer);
  const { unreachable } = chosenTargets(choice, nodes);
  if (nodes.length === 0) return nobody('emptyCatalog', []);
  if (unreachable.length > 0) return nobody('unreachable', unreachable);
  return (
    byNode(nodes, choice) ??
    byService(possible, choice, room) ??
    byTag(possible, choice) ??
    nobody('apart', [])
  );
}

function byNode(nodes: readonly CatalogNode[], choice: Choice): Nobody | undefined {
  const { node } = choice;
  if (node.kind !== 'matching') return undefined;
  if (fitting(nodes, { service: ANY, tag: ANY, node }).length > 0) return undefined;
  const fix = { ...choice, node: ignoringCase(node.expression) };
  const meant = fitting(nodes, fix);
  return meant.length > 0 ? nobody('nodeCase', meant, fix) : nobody('node', []);
}

/** A service from the list is met by its name, so only an expression can go wrong. */
function byService(
  possible: readonly CatalogNode[],
  choice: Choice,
  room: number,
): Nobody | undefined {
  const { service } = choice;
  if (service.kind !== 'matching') return undefined;
  const { nodes, services } = missedByName(possible, choice);
  if (nodes.length > 0) {
    const fix = choiceOfServices(choice, services, nodes, possible, room);
    return nobody('serviceNames', nodes, fix);
  }
  if (fitting(possible, { service, tag: ANY, node: ANY }).length > 0) return undefined;
  const matches = compileRe2(service.expression);
  const catalogOnly = possible.flatMap(({ services }) =>
    services.filter((one) => one.catalogOnly && (matches(one.id) || matches(one.name))),
  );
  if (catalogOnly.length > 0) {
    // From the list it means the servers, and travels by their names.
    const fix = { ...choice, service: exactly(new Set(catalogOnly.map(({ name }) => name))) };
    const meant = fitting(possible, fix);
    return meant.length > 0 ? nobody('catalogOnly', meant, fix) : undefined;
  }
  const fix = { ...choice, service: ignoringCase(service.expression) };
  const meant = fitting(possible, fix);
  return meant.length > 0 ? nobody('serviceCase', meant, fix) : nobody('service', []);
}

function byTag(possible: readonly CatalogNode[], choice: Choice): Nobody | undefined {
  const { service, tag } = choice;
  if (service.kind === 'any' || tag.kind === 'any') return undefined;
  const elsewhere = tagElsewhere(possible, choice);
  if (elsewhere.length > 0) return nobody('tagElsewhere', elsewhere);
  const anywhere = { service, tag, node: ANY };
  const isApart =
    fitting(possible, anywhere).length > 0 ||
    fitting(possible, { ...anywhere, tag: ANY }).length === 0;
  return isApart ? undefined : nobody('tag', []);
}

function fitting(nodes: readonly CatalogNode[], choice: Choice): readonly CatalogNode[] {
  const { reached, unreachable } = chosenTargets(choice, nodes);
  return [...reached, ...unreachable];
}

function ignoringCase(expression: string) {
  return matching(`(?i)${expression}`);
}

function nobody(cause: Nobody['cause'], nodes: readonly CatalogNode[], fix?: Choice): Nobody {
  return { kind: 'nobody', cause, nodes, fix };
}
