import type { CatalogNode, ServiceInstance } from '../../consul/catalogNode.ts';
import { ANY, type Choice, chosenTargets, type Pick } from '../choice.ts';
import { filterSize } from '../filters.ts';
import { exactExpression } from '../nodeExpression.ts';

/**
 * The first of some choices that reaches exactly the nodes that are meant: an expression, or a name,
 * that does so at one node may do more at another.
 * @param room bytes that the expressions may take
 */
export function exactChoice(
  choices: readonly Choice[],
  meant: readonly CatalogNode[],
  nodes: readonly CatalogNode[],
  room: number,
): Choice | undefined {
  const wanted = new Set(meant);
  return choices.find((choice) => {
    if (expressionSize(choice) > room) return false; // before it is compiled, which takes its time
    const { reached } = chosenTargets(choice, nodes);
    return reached.length === wanted.size && reached.every((node) => wanted.has(node));
  });
}

/**
 * The choice, but with these service instances instead of the service expression: by the names
 * people know them by, else by their IDs (which are unique on one node only), else by node.
 */
export function choiceOfServices(
  choice: Choice,
  services: readonly ServiceInstance[],
  meant: readonly CatalogNode[],
  nodes: readonly CatalogNode[],
  room: number,
): Choice | undefined {
  if (services.length === 0) return undefined;
  const names = new Set(services.map(({ name }) => name));
  const ids = new Set(services.map(({ id }) => id));
  const choices = [
    { ...choice, service: exactly(names) },
    { ...choice, service: matching(exactExpression(ids)) },
    choiceOfNodes(meant),
  ];
  return exactChoice(choices, meant, nodes, room);
}

export function choiceOfNodes(nodes: readonly CatalogNode[]): Choice {
  return { service: ANY, tag: ANY, node: exactly(nodes.map(({ name }) => name)) };
}

export function matching(expression: string): Pick {
  return { kind: 'matching', expression };
}

export function exactly(names: Iterable<string>): Pick {
  return { kind: 'exactly', names: [...names].sort() };
}

function expressionSize({ service, tag, node }: Choice): number {
  const text = (pick: Pick) => (pick.kind === 'matching' ? pick.expression : undefined);
  return filterSize({ service: text(service), tag: text(tag), node: text(node) });
}
