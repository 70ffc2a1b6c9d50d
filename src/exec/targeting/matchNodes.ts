import type { EventFilters } from '../../consul/event.ts';
import type { CatalogNode, ServiceInstance } from '../../consul/catalog/catalogNode.ts';
import { filterBudget, filterSize } from '../protocol/eventBudget.ts';
import { exactExpression, exactExpressions } from './exactExpression.ts';
import { compileRe2, type Match } from './re2.ts';
import { UNKNOWN_VISIBILITY } from './catalogVisibility.ts';

/** The nodes that filters reach, according to the catalog. */
export interface Targets {
  /** Nodes whose agents receive the event. */
  readonly reached: readonly CatalogNode[];
  /** Nodes that match, but that have no agent, or one that gossip can't reach. */
  readonly unreachable: readonly CatalogNode[];
}

/**
 * Finds the agents that filters reach, by the agents' own rules (PROTOCOL.md §2.1): the node
 * expression must match the node's name, the service expression the *ID* of a service there, and the
 * tag expression a tag of that same service.
 * @throws FilterSyntaxError
 */
export function findTargets(nodes: readonly CatalogNode[], filters: EventFilters): Targets {
  const matchesNode = filters.node ? compileRe2(filters.node) : matchAny;
  const matchesService = serviceMatch(filters);
  const matching = nodes.filter(
    (node) => matchesNode(node.name) && (!matchesService || node.services.some(matchesService)),
  );
  return {
    reached: matching.filter(canRespond),
    unreachable: matching.filter((node) => !canRespond(node)),
  };
}

/** Whether gossip reaches the node's agent. Events reach no others. */
export function canRespond(node: CatalogNode): boolean {
  return node.gossip === 'alive';
}

/** The services that an agent can match filters against. */
export function localServices(node: Pick<CatalogNode, 'services'>): readonly ServiceInstance[] {
  return node.services.filter(({ catalogOnly }) => !catalogOnly);
}

/** A test whether an instance matches the service and tag filters; undefined if there are none. */
export function serviceMatch(
  filters: EventFilters,
): ((service: ServiceInstance) => boolean) | undefined {
  if (!filters.service) return undefined;
  const matchesId = compileRe2(filters.service);
  const matchesTag = filters.tag ? compileRe2(filters.tag) : undefined;
  return ({ id, tags, catalogOnly }) =>
    !catalogOnly && matchesId(id) && (!matchesTag || tags.some(matchesTag));
}

/**
 * Filters, one event each, that reach exactly the targets: their names, if these fit in one event;
 * else no filter, if all nodes with an agent are targets; else the IDs of a service that all targets
 * and no other nodes have; else their names in as many events as needed, each name in only one.
 * @param targets names of nodes to reach, at least one
 * @param nodes the inventory
 * @param payloadBytes size of the event's payload, which shares the event's budget with the filters
 * @param visibility whether `nodes` is complete. It may not be for a token with restricted
 * permissions, and then only names are sure to reach no other node
 */
export async function exactFilters(
  targets: readonly string[],
  nodes: readonly CatalogNode[],
  payloadBytes: number,
  visibility = UNKNOWN_VISIBILITY,
): Promise<EventFilters[]> {
  const budget = filterBudget(payloadBytes);
  const targetSet = new Set(targets);
  const isEveryNode =
    visibility.nodes &&
    nodes.every(({ name, gossip }) => gossip === 'absent' || targetSet.has(name));
  // An expression of thousands of names takes long to build, and hardly ever fits in one event.
  if (isEveryNode && targets.length > MAX_NAMES_TO_TRY) return [{}];
  const byName = { node: exactExpression(targets) };
  if (filterSize(byName) <= budget) return [byName];
  if (isEveryNode) return [{}];
  if (visibility.nodes && visibility.services) {
    const byService = commonServiceFilter(targetSet, nodes, budget);
    if (byService) return [byService];
  }
  const overhead = filterSize({ node: 'x'.repeat(256) }) - 256;
  return (await exactExpressions(targets, budget - overhead)).map((node) => ({ node }));
}

const MAX_NAMES_TO_TRY = 1000;

/** A filter by service ID that matches all targets and no other node of the inventory. */
function commonServiceFilter(
  targets: ReadonlySet<string>,
  nodes: readonly CatalogNode[],
  budget: number,
): EventFilters | undefined {
  const targetNodes = nodes.filter(({ name }) => targets.has(name));
  const [first] = targetNodes;
  const serviceNames = new Set(first ? localServices(first).map(({ name }) => name) : []);
  for (const serviceName of serviceNames) {
    const ids = new Set(
      targetNodes.flatMap(({ services }) =>
        services.filter(({ name }) => name === serviceName).map(({ id }) => id),
      ),
    );
    const filters = { service: exactExpression(ids) };
    if (filterSize(filters) > budget) continue; // first, since compiling takes longer
    const match = serviceMatch(filters);
    const isMatch = (node: CatalogNode) => match !== undefined && node.services.some(match);
    if (nodes.every((node) => isMatch(node) === targets.has(node.name))) return filters;
  }
  return undefined;
}

const matchAny: Match = () => true;
