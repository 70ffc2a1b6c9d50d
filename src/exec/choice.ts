import { t } from '@vscode/l10n';
import type { EventFilters } from '../consul/event.ts';
import type { CatalogNode, ServiceInstance } from '../consul/catalogNode.ts';
import { filterRoom, filterSize } from './filters.ts';
import { exactExpression } from './nodeExpression.ts';
import { compileRe2 } from './re2.ts';
import { BLIND } from './sight.ts';
import { canAnswer, exactFilters, findTargets, localServices, type Targets } from './targets.ts';

/** One of the three things a user picks by: from a list, or by an expression of their own. */
export type Pick =
  | { readonly kind: 'any' }
  | { readonly kind: 'exactly'; readonly names: readonly string[] }
  | { readonly kind: 'matching'; readonly expression: string };

/** What the user picked. Service and tag names are those people use; expressions meet service IDs. */
export interface Choice {
  readonly service: Pick;
  readonly tag: Pick;
  readonly node: Pick;
}

export const ANY: Pick = { kind: 'any' };
export const EVERYTHING: Choice = { service: ANY, tag: ANY, node: ANY };

/**
 * The nodes a choice means.
 * @throws FilterSyntaxError
 */
export function chosenTargets(choice: Choice, nodes: readonly CatalogNode[]): Targets {
  const node = textMatch(choice.node);
  const service = instanceMatch(choice);
  const fitting = nodes.filter(
    (n) => node(n.name) && (!service || n.services.some((instance) => service(instance))),
  );
  return { reached: fitting.filter(canAnswer), unreachable: fitting.filter((n) => !canAnswer(n)) };
}

/**
 * The filters that carry a choice to the agents, one event each. An expression travels as it was
 * typed, as long as the rest can be said in the same event and it reaches just what the review
 * showed; what was picked from lists, or changed in the review, becomes exact filters.
 * @param wanted names of the nodes that are to run the job
 * @param sight whether `nodes` is all there is, so that an expression reaches no node unseen
 */
export async function choiceFilters(
  choice: Choice,
  wanted: readonly string[],
  nodes: readonly CatalogNode[],
  payloadBytes: number,
  sight = BLIND,
): Promise<EventFilters[]> {
  const seesAll = sight.nodes && (sight.services || choice.service.kind === 'any');
  if (seesAll && hasExpression(choice)) {
    const typed = typedFilters(choice, nodes);
    if (filterSize(typed) <= filterRoom(payloadBytes) && reachesJust(typed, wanted, nodes)) {
      return [typed];
    }
  }
  return exactFilters(wanted, nodes, payloadBytes, sight);
}

/** Whether the user wrote an expression, so that its pitfalls are worth a warning. */
export function hasExpression({ service, tag, node }: Choice): boolean {
  return [service, tag, node].some(({ kind }) => kind === 'matching');
}

/**
 * The choice as filters for one event, with names from lists quoted and anchored.
 */
export function typedFilters(choice: Choice, nodes: readonly CatalogNode[]): EventFilters {
  const { service, tag, node } = choice;
  return {
    node: expressionOf(node),
    service:
      service.kind === 'exactly' ? idExpression(service.names, nodes) : expressionOf(service),
    tag: expressionOf(tag),
  };
}

/** A choice in words: `service web · tag primary · 3 nodes`. */
export function describeChoice({ service, tag, node }: Choice): string {
  const parts = [
    service.kind === 'any' ? t('any service') : pickWords(service, (s) => t('service {0}', s)),
    tag.kind === 'any' ? undefined : pickWords(tag, (s) => t('tag {0}', s)),
    node.kind === 'any' ? undefined : nodeWords(node),
  ];
  return parts.filter((part) => part !== undefined).join(' · ');
}

function nodeWords(pick: Exclude<Pick, { kind: 'any' }>): string {
  if (pick.kind === 'matching') return t('nodes matching /{0}/', pick.expression);
  const [first = ''] = pick.names;
  return pick.names.length === 1 ? t('node {0}', first) : t('{0} nodes', pick.names.length);
}

function pickWords(pick: Exclude<Pick, { kind: 'any' }>, say: (text: string) => string): string {
  return say(pick.kind === 'matching' ? `/${pick.expression}/` : pick.names.join(', '));
}

function reachesJust(
  filters: EventFilters,
  wanted: readonly string[],
  nodes: readonly CatalogNode[],
): boolean {
  const { reached, unreachable } = findTargets(nodes, filters);
  const names = new Set(wanted);
  const known = new Set(nodes.map(({ name }) => name));
  const isWanted = ({ name }: CatalogNode) => names.has(name);
  // A node whose agent is away may be back when the event goes out.
  const away = unreachable.filter(({ gossip }) => gossip === 'failed');
  return (
    names.isSubsetOf(known) &&
    reached.every(isWanted) &&
    away.every(isWanted) &&
    reached.length + away.length === names.size
  );
}

/**
 * Whether one instance passes the service and tag picked; undefined when any service does.
 * @throws FilterSyntaxError
 */
export function instanceMatch(choice: Choice): ((service: ServiceInstance) => boolean) | undefined {
  const { service, tag } = choice;
  if (service.kind === 'any') return undefined;
  const tagMatch = tag.kind === 'any' ? undefined : textMatch(tag);
  const hasTag = ({ tags }: ServiceInstance) => !tagMatch || tags.some((text) => tagMatch(text));
  if (service.kind === 'exactly') {
    return (instance) => service.names.includes(instance.name) && hasTag(instance);
  }
  const matchesId = compileRe2(service.expression);
  return (instance) =>
    localServices({ services: [instance] }).length > 0 &&
    matchesId(instance.id) &&
    hasTag(instance);
}

/** @throws FilterSyntaxError */
export function textMatch(pick: Pick): (text: string) => boolean {
  switch (pick.kind) {
    case 'any':
      return () => true;
    case 'exactly': {
      const names = new Set(pick.names);
      return (text) => names.has(text);
    }
    case 'matching':
      return compileRe2(pick.expression);
  }
}

function expressionOf(pick: Pick): string | undefined {
  switch (pick.kind) {
    case 'any':
      return undefined;
    case 'exactly':
      return exactExpression(pick.names);
    case 'matching':
      return pick.expression;
  }
}

/** Agents know services by ID: the names' IDs, wherever they run. */
function idExpression(names: readonly string[], nodes: readonly CatalogNode[]): string {
  const ids = nodes.flatMap(({ services }) =>
    services.filter(({ name }) => names.includes(name)).map(({ id }) => id),
  );
  return exactExpression(new Set(ids));
}
