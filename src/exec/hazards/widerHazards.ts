import type { CatalogNode, ServiceInstance } from '../../consul/catalog/catalogNode.ts';
import type { EventFilters } from '../../consul/event.ts';
import {
  ANY,
  type TargetSelection,
  selectTargets,
  instanceMatch,
  textMatch,
} from '../targeting/targetSelection.ts';
import { localServices } from '../targeting/matchNodes.ts';
import type { Hazard } from './hazard.ts';
import { type IntendedMatches, findIntendedMatches } from './intendedMatches.ts';
import {
  selectionOfNodes,
  selectionOfServices,
  exactSelection,
  matching,
} from './proposedSelection.ts';

const FIELDS = ['node', 'service', 'tag'] as const;

/**
 * Expressions that reach nodes through more than the user probably intended. All nodes count, also
 * those that can't respond now: if the intended node is one of them, a warning matters even more,
 * because the job would run only on the others.
 */
export function widerHazards(
  nodes: readonly CatalogNode[],
  selection: TargetSelection,
  budget: number,
): Hazard[] {
  return FIELDS.flatMap((field): Hazard[] => {
    const fieldSelection = selection[field];
    if (fieldSelection.kind !== 'matching') return [];
    const { expression } = fieldSelection;
    const aliasesOf = field === 'service' ? (name: string) => idsOfService(name, nodes) : undefined;
    const matches = findIntendedMatches(expression, textsOf(field, selection, nodes), aliasesOf);
    if (!matches) return [];
    const { reached } = selectTargets(selection, nodes);
    const isReachedAsIntended = intendedNodeMatch(field, selection, matches);
    const intendedNodes = reached.filter(isReachedAsIntended);
    const unintendedNodes = reached.filter((node) => !isReachedAsIntended(node));
    if (unintendedNodes.length === 0) return [];
    const { intended, unintended, exactExpression } = matches;
    const fix =
      exactExpression === undefined
        ? selectionOfServices(
            selection,
            intendedInstances(selection, matches, nodes),
            intendedNodes,
            nodes,
            budget,
          )
        : exactSelection(
            [{ ...selection, [field]: matching(exactExpression) }, selectionOfNodes(intendedNodes)],
            intendedNodes,
            nodes,
            budget,
          );
    return [
      { kind: 'wider', field, expression, intended, unintended, nodes: unintendedNodes, fix },
    ];
  });
}

/** The texts that a field's expression is matched against. */
function textsOf(
  field: keyof EventFilters,
  selection: TargetSelection,
  nodes: readonly CatalogNode[],
): ReadonlySet<string> {
  if (field === 'node') return new Set(nodes.map(({ name }) => name));
  if (field === 'service') {
    return new Set(nodes.flatMap((node) => localServices(node).map(({ id }) => id)));
  }
  const matches = instanceMatch({ ...selection, tag: ANY });
  return new Set(
    nodes.flatMap(({ services }) =>
      services.flatMap((service) => (matches?.(service) ? service.tags : [])),
    ),
  );
}

/** Whether a reached node would also be reached through the intended matches alone. */
function intendedNodeMatch(
  field: keyof EventFilters,
  selection: TargetSelection,
  { isIntended }: IntendedMatches,
): (node: CatalogNode) => boolean {
  if (field === 'node') return ({ name }) => isIntended(name);
  const matches = instanceMatch(selection);
  const matchesTag = textMatch(selection.tag);
  const isIntendedInstance = ({ id, tags }: ServiceInstance) =>
    field === 'service' ? isIntended(id) : tags.some((tag) => matchesTag(tag) && isIntended(tag));
  return ({ services }) =>
    services.some((service) => matches?.(service) && isIntendedInstance(service));
}

function intendedInstances(
  selection: TargetSelection,
  { isIntended }: IntendedMatches,
  nodes: readonly CatalogNode[],
): readonly ServiceInstance[] {
  const matches = instanceMatch(selection);
  return nodes.flatMap(({ services }) =>
    services.filter((service) => matches?.(service) && isIntended(service.id)),
  );
}

function idsOfService(name: string, nodes: readonly CatalogNode[]): string[] {
  return nodes.flatMap((node) =>
    localServices(node).flatMap((service) => (service.name === name ? [service.id] : [])),
  );
}
