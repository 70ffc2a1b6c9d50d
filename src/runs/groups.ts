import type { Ledger } from './ledger.ts';
import { compareNodes } from './nodeOrder.ts';
import { type NodeResult, type Standing, STANDINGS, standingOf } from './nodeResult.ts';

export interface StandingGroup {
  readonly standing: Standing;
  /** In the ledger's order. */
  readonly results: readonly NodeResult[];
}

/** Nodes by where they stand, worst first; only those standings that some node has. */
export function groupByStanding(ledger: Ledger): readonly StandingGroup[] {
  const byStanding = Map.groupBy(ledger.nodes, standingOf);
  return STANDINGS.flatMap((standing) => {
    const results = byStanding.get(standing);
    return results ? [{ standing, results }] : [];
  });
}

/** Which of a run's nodes have a service: names of services to names of nodes. */
export type ServiceNodes = Readonly<Record<string, readonly string[]>>;

export interface ServiceGroup {
  /** Undefined for the nodes that have none that is known. */
  readonly service: string | undefined;
  /** A node with several services is in the group of each. */
  readonly results: readonly NodeResult[];
}

/** Nodes by service, services by name; those without one last. */
export function groupByService(ledger: Ledger, services: ServiceNodes): readonly ServiceGroup[] {
  const placed = new Set<string>();
  const groups: ServiceGroup[] = [];
  for (const service of Object.keys(services).sort(compareNodes)) {
    const results = (services[service] ?? []).flatMap((node) => ledger.get(node) ?? []);
    for (const { node } of results) placed.add(node);
    if (results.length > 0) groups.push({ service, results });
  }
  const rest = Array.from(ledger.nodes).filter(({ node }) => !placed.has(node));
  return rest.length > 0 ? [...groups, { service: undefined, results: rest }] : groups;
}
