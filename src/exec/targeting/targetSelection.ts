import { t } from '@vscode/l10n';
import type { EventFilters } from '../../consul/event.ts';
import type { CatalogNode, ServiceInstance } from '../../consul/catalog/catalogNode.ts';
import { filterBudget, filterSize } from '../protocol/eventBudget.ts';
import { exactExpression } from './exactExpression.ts';
import { compileRe2 } from './re2.ts';
import { UNKNOWN_VISIBILITY } from './catalogVisibility.ts';
import {
  canRespond,
  exactFilters,
  findTargets,
  localServices,
  type Targets,
} from './matchNodes.ts';

/** One field of a selection: anything, names from a list, or an expression that the user typed. */
export type FieldSelection =
  | { readonly kind: 'any' }
  | { readonly kind: 'exactly'; readonly names: readonly string[] }
  | { readonly kind: 'matching'; readonly expression: string };

/** What the user selected. Services from a list are names; expressions are matched against IDs. */
export interface TargetSelection {
  readonly service: FieldSelection;
  readonly tag: FieldSelection;
  readonly node: FieldSelection;
}

export const ANY: FieldSelection = { kind: 'any' };
export const ALL_NODES: TargetSelection = { service: ANY, tag: ANY, node: ANY };

/**
 * The nodes that a selection matches.
 * @throws FilterSyntaxError
 */
export function selectTargets(selection: TargetSelection, nodes: readonly CatalogNode[]): Targets {
  const matchesNode = textMatch(selection.node);
  const matchesInstance = instanceMatch(selection);
  const matching = nodes.filter(
    ({ name, services }) =>
      matchesNode(name) && (!matchesInstance || services.some(matchesInstance)),
  );
  return {
    reached: matching.filter(canRespond),
    unreachable: matching.filter((node) => !canRespond(node)),
  };
}

/**
 * The filters that send a selection to the agents, one event each. An expression is sent as typed,
 * if the other fields fit in the same event and it reaches exactly the nodes that the review showed.
 * Selections from lists, or changed in the review, become exact filters.
 * @param targets names of the nodes that should run the job
 * @param visibility whether `nodes` is complete, so that an expression reaches no hidden node
 */
export async function filtersForSelection(
  selection: TargetSelection,
  targets: readonly string[],
  nodes: readonly CatalogNode[],
  payloadBytes: number,
  visibility = UNKNOWN_VISIBILITY,
): Promise<EventFilters[]> {
  const isVisible = visibility.nodes && (visibility.services || selection.service.kind === 'any');
  if (isVisible && hasExpression(selection)) {
    const literal = literalFilters(selection, nodes);
    const isWithinBudget = filterSize(literal) <= filterBudget(payloadBytes);
    if (isWithinBudget && reachesExactly(literal, targets, nodes)) return [literal];
  }
  return exactFilters(targets, nodes, payloadBytes, visibility);
}

/** Whether the user typed an expression. Only expressions can match more or less than intended. */
export function hasExpression({ service, tag, node }: TargetSelection): boolean {
  return [service, tag, node].some(({ kind }) => kind === 'matching');
}

/** Whether both are lists of the same names in the same order. */
export function isSameList(a: FieldSelection, b: FieldSelection): boolean {
  if (a.kind !== 'exactly' || b.kind !== 'exactly') return false;
  return a.names.length === b.names.length && a.names.every((name, i) => name === b.names[i]);
}

/** The selection as filters for one event. Names from lists are quoted and anchored. */
export function literalFilters(
  selection: TargetSelection,
  nodes: readonly CatalogNode[],
): EventFilters {
  const { service, tag, node } = selection;
  return {
    node: expressionOf(node),
    service:
      service.kind === 'exactly' ? idExpression(service.names, nodes) : expressionOf(service),
    tag: expressionOf(tag),
  };
}

/** A selection in words: `service web · tag primary · 3 nodes`. */
export function describeSelection({ service, tag, node }: TargetSelection): string {
  const labels = [
    service.kind === 'any'
      ? t({
          message: 'any service',
          comment: ['Describes selected nodes, as in "any service · 3 nodes"'],
        })
      : serviceFieldLabel(service),
    tag.kind === 'any' ? undefined : tagFieldLabel(tag),
    node.kind === 'any' ? undefined : nodeFieldLabel(node),
  ];
  return labels.filter((label) => label !== undefined).join(' · ');
}

type RestrictedField = Exclude<FieldSelection, { kind: 'any' }>;

function serviceFieldLabel(service: RestrictedField): string {
  return isSeveral(service)
    ? t({
        message: 'services {0}',
        args: [namesLabel(service)],
        comment: ['Describes selected nodes, as in "services db, web · 3 nodes"'],
      })
    : t({
        message: 'service {0}',
        args: [namesLabel(service)],
        comment: ['Describes selected nodes, as in "service web · 3 nodes"'],
      });
}

function tagFieldLabel(tag: RestrictedField): string {
  return isSeveral(tag)
    ? t({
        message: 'tags {0}',
        args: [namesLabel(tag)],
        comment: ['Describes selected nodes, as in "service web · tags blue, green"'],
      })
    : t({
        message: 'tag {0}',
        args: [namesLabel(tag)],
        comment: ['Describes selected nodes, as in "service web · tag primary"'],
      });
}

function nodeFieldLabel(node: RestrictedField): string {
  if (node.kind === 'matching') {
    return t({
      message: 'nodes matching /{0}/',
      args: [node.expression],
      comment: ['Describes selected nodes, as in "service web · nodes matching /^eu-/"'],
    });
  }
  const [first = ''] = node.names;
  return node.names.length === 1
    ? t({
        message: 'node {0}',
        args: [first],
        comment: ['Describes selected nodes, as in "service web · node web-01"'],
      })
    : t('{0} nodes', node.names.length);
}

function isSeveral(field: RestrictedField): boolean {
  return field.kind === 'exactly' && field.names.length > 1;
}

function namesLabel(field: RestrictedField): string {
  return field.kind === 'matching' ? `/${field.expression}/` : field.names.join(', ');
}

function reachesExactly(
  filters: EventFilters,
  targets: readonly string[],
  nodes: readonly CatalogNode[],
): boolean {
  const { reached, unreachable } = findTargets(nodes, filters);
  const targetSet = new Set(targets);
  const knownNames = new Set(nodes.map(({ name }) => name));
  const isTarget = ({ name }: CatalogNode) => targetSet.has(name);
  // A failed agent may be back when the event is fired.
  const failed = unreachable.filter(({ gossip }) => gossip === 'failed');
  return (
    targetSet.isSubsetOf(knownNames) &&
    reached.every(isTarget) &&
    failed.every(isTarget) &&
    reached.length + failed.length === targetSet.size
  );
}

/**
 * A test whether an instance matches the selected service and tag; undefined if any service does.
 * @throws FilterSyntaxError
 */
export function instanceMatch(
  selection: TargetSelection,
): ((service: ServiceInstance) => boolean) | undefined {
  const { service, tag } = selection;
  if (service.kind === 'any') return undefined;
  const matchesTag = tag.kind === 'any' ? undefined : textMatch(tag);
  const hasTag = ({ tags }: ServiceInstance) => !matchesTag || tags.some(matchesTag);
  if (service.kind === 'exactly') {
    return (instance) => service.names.includes(instance.name) && hasTag(instance);
  }
  const matchesId = compileRe2(service.expression);
  return (instance) =>
    localServices({ services: [instance] }).length > 0 &&
    matchesId(instance.id) &&
    hasTag(instance);
}

/**
 * A test whether a name or tag matches one field of a selection.
 * @throws FilterSyntaxError
 */
export function textMatch(field: FieldSelection): (text: string) => boolean {
  switch (field.kind) {
    case 'any':
      return () => true;
    case 'exactly': {
      const names = new Set(field.names);
      return (text) => names.has(text);
    }
    case 'matching':
      return compileRe2(field.expression);
  }
}

function expressionOf(field: FieldSelection): string | undefined {
  switch (field.kind) {
    case 'any':
      return undefined;
    case 'exactly':
      return exactExpression(field.names);
    case 'matching':
      return field.expression;
  }
}

/** Agents know services by ID, so this matches the IDs that these services have on any node. */
function idExpression(names: readonly string[], nodes: readonly CatalogNode[]): string {
  const ids = nodes.flatMap(({ services }) =>
    services.filter(({ name }) => names.includes(name)).map(({ id }) => id),
  );
  return exactExpression(new Set(ids));
}
