import type { EventFilters } from '../consul/event.ts';
import type { CatalogNode, ServiceInstance } from '../consul/catalogNode.ts';
import { filterRoom, filterSize } from './filters.ts';
import { exactExpression, exactExpressions } from './nodeExpression.ts';
import { compileRe2, type Match } from './re2.ts';
import { BLIND } from './sight.ts';

/** What the filters reach, as far as the catalog can tell. */
export interface Targets {
  /** Nodes whose agents will run the job. */
  readonly reached: readonly CatalogNode[];
  /** Nodes the filters fit, but whose agents gossip cannot reach, or that have no agent. */
  readonly unreachable: readonly CatalogNode[];
}

/**
 * Works out which agents the filters reach, by the agents' own rules (PROTOCOL.md §2.1): the node
 * expression against the node's name; the service expression against the *IDs* of its services; the
 * tag expression against the tags of one and the same of them.
 * @throws FilterSyntaxError
 */
export function findTargets(nodes: readonly CatalogNode[], filters: EventFilters): Targets {
  const matchesNode = filters.node ? compileRe2(filters.node) : any;
  const matchesService = serviceMatch(filters);
  const fitting = nodes.filter(
    (node) => matchesNode(node.name) && (!matchesService || node.services.some(matchesService)),
  );
  return {
    reached: fitting.filter(canAnswer),
    unreachable: fitting.filter((node) => !canAnswer(node)),
  };
}

/** Whether gossip reaches the node's agent: an event gets to no other. */
export function canAnswer(node: CatalogNode): boolean {
  return node.gossip === 'alive';
}

/** Services that an agent can match a filter against. */
export function localServices(node: Pick<CatalogNode, 'services'>): readonly ServiceInstance[] {
  return node.services.filter(({ catalogOnly }) => !catalogOnly);
}

/**
 * Whether one instance passes the service and tag filters; undefined when there are none.
 */
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
 * Filters, one event each, that reach exactly these nodes of the inventory. The node names
 * themselves, if they fit into one event; else no filter, if all nodes with an agent are wanted;
 * else the IDs of a service that all of them and no others have; else node names over as many
 * events as it takes, each node in one of them only.
 * @param wanted names of nodes to reach, at least one
 * @param payloadBytes size of the event's payload, which the filters share the room with
 * @param sight whether `nodes` is all there is. A token that may not read everything sees less, and
 * then only names are sure to reach no other
 */
export async function exactFilters(
  wanted: readonly string[],
  nodes: readonly CatalogNode[],
  payloadBytes: number,
  sight = BLIND,
): Promise<EventFilters[]> {
  const room = filterRoom(payloadBytes);
  const names = new Set(wanted);
  const everyone =
    sight.nodes && nodes.every((node) => node.gossip === 'absent' || names.has(node.name));
  // Thousands of names take long to put into one expression, which then hardly ever fits.
  if (everyone && wanted.length > MANY) return [{}];
  const byName = { node: exactExpression(wanted) };
  if (filterSize(byName) <= room) return [byName];
  if (everyone) return [{}];
  if (sight.nodes && sight.services) {
    const byService = commonServiceFilter(names, nodes, room);
    if (byService) return [byService];
  }
  const overhead = filterSize({ node: 'x'.repeat(256) }) - 256;
  return (await exactExpressions(wanted, room - overhead)).map((node) => ({ node }));
}

const MANY = 1000;

/** A filter by service ID that fits all of the wanted nodes and no other of the inventory. */
function commonServiceFilter(
  wanted: ReadonlySet<string>,
  nodes: readonly CatalogNode[],
  room: number,
): EventFilters | undefined {
  const chosen = nodes.filter(({ name }) => wanted.has(name));
  const names = new Set(chosen[0] ? localServices(chosen[0]).map(({ name }) => name) : []);
  for (const name of names) {
    const ids = new Set(
      chosen.flatMap((node) => node.services.filter((s) => s.name === name).map(({ id }) => id)),
    );
    const filters = { service: exactExpression(ids) };
    if (filterSize(filters) > room) continue; // before it is compiled, which takes its time
    const match = serviceMatch(filters);
    const fits = (node: CatalogNode) => match !== undefined && node.services.some(match);
    if (nodes.every((node) => fits(node) === wanted.has(node.name))) return filters;
  }
  return undefined;
}

const any: Match = () => true;
