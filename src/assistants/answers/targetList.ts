import { type CatalogNode, serviceNames } from '../../consul/catalog/catalogNode.ts';
import { fillPage, type PageRequest } from '../page.ts';

/** The nodes that a choice means now. */
export interface ChosenTargets {
  readonly connection: string;
  readonly production: boolean;
  /** Whether `propose_run` is possible on this connection. */
  readonly canPropose: boolean;
  readonly datacenters: readonly string[];
  /** In words. */
  readonly choice: string;
  readonly nodes: readonly ChosenNode[];
  /** What the review warns about. */
  readonly warnings: readonly string[];
}

interface ChosenNode {
  readonly node: CatalogNode;
  readonly label: string;
  readonly datacenter: string;
  /** Whether a run reaches it. */
  readonly isReached: boolean;
}

const MAX_WARNINGS = 10;
const MAX_WARNING = 400;
const MAX_LIST = 10;

export function targetList(request: PageRequest, targets: ChosenTargets) {
  const { texts } = request;
  const namesOf = (all: readonly string[]) =>
    all.slice(0, MAX_LIST).map((name) => texts.name(name));
  const { connection, production, canPropose, datacenters, choice, nodes, warnings } = targets;
  const base = {
    connection: texts.name(connection),
    production,
    canPropose,
    datacenters: namesOf(datacenters),
    choice: texts.short(choice, MAX_WARNING),
    count: nodes.length,
    unreachable: nodes.filter(({ isReached }) => !isReached).length,
    warnings: warnings.slice(0, MAX_WARNINGS).map((text) => texts.short(text, MAX_WARNING)),
  };
  return fillPage(request, base, 'nodes', nodes, ({ node, label, datacenter, isReached }) => ({
    node: texts.name(label),
    datacenter: texts.name(datacenter),
    address: texts.name(node.address),
    health: healthOf(node),
    failingChecks: namesOf(node.failing),
    services: namesOf([...serviceNames(node)]),
    isServer: node.isServer,
    isReached,
  }));
}

function healthOf({ gossip, failing }: CatalogNode): 'passing' | 'failing' | 'down' | 'noAgent' {
  if (gossip === 'absent') return 'noAgent';
  if (gossip === 'failed') return 'down';
  return failing.length > 0 ? 'failing' : 'passing';
}
