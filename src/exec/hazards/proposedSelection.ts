import type { CatalogNode, ServiceInstance } from '../../consul/catalog/catalogNode.ts';
import {
  ANY,
  type TargetSelection,
  selectTargets,
  type FieldSelection,
} from '../targeting/targetSelection.ts';
import { filterSize } from '../protocol/eventBudget.ts';
import { exactExpression } from '../targeting/exactExpression.ts';

/**
 * The first of several candidates that reaches exactly the intended nodes. A candidate must be
 * checked against all nodes: the same expression or name can match more on another node.
 * @param budget bytes that the expressions can take
 */
export function exactSelection(
  candidates: readonly TargetSelection[],
  intended: readonly CatalogNode[],
  nodes: readonly CatalogNode[],
  budget: number,
): TargetSelection | undefined {
  const intendedSet = new Set(intended);
  return candidates.find((candidate) => {
    if (expressionSize(candidate) > budget) return false; // first, since compiling takes longer
    const { reached } = selectTargets(candidate, nodes);
    return reached.length === intendedSet.size && reached.every((node) => intendedSet.has(node));
  });
}

/**
 * The selection with its service expression replaced by these instances: by service names if
 * possible, else by IDs (which are unique only within a node), else by the nodes themselves.
 */
export function selectionOfServices(
  selection: TargetSelection,
  services: readonly ServiceInstance[],
  intended: readonly CatalogNode[],
  nodes: readonly CatalogNode[],
  budget: number,
): TargetSelection | undefined {
  if (services.length === 0) return undefined;
  const names = new Set(services.map(({ name }) => name));
  const ids = new Set(services.map(({ id }) => id));
  const candidates = [
    { ...selection, service: exactly(names) },
    { ...selection, service: matching(exactExpression(ids)) },
    selectionOfNodes(intended),
  ];
  return exactSelection(candidates, intended, nodes, budget);
}

export function selectionOfNodes(nodes: readonly CatalogNode[]): TargetSelection {
  return { service: ANY, tag: ANY, node: exactly(nodes.map(({ name }) => name)) };
}

export function matching(expression: string): FieldSelection {
  return { kind: 'matching', expression };
}

export function exactly(names: Iterable<string>): FieldSelection {
  return { kind: 'exactly', names: [...names].sort() };
}

function expressionSize({ service, tag, node }: TargetSelection): number {
  const text = (field: FieldSelection) =>
    field.kind === 'matching' ? field.expression : undefined;
  return filterSize({ service: text(service), tag: text(tag), node: text(node) });
}
