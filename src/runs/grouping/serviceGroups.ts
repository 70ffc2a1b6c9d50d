import type { Ledger } from '../model/ledger.ts';
import { compareNodes } from '../model/nodeOrder.ts';
import type { NodeResult } from '../model/nodeStatus.ts';

/** A run's nodes by service: names of services to names of nodes. */
export type ServiceNodes = Readonly<Record<string, readonly string[]>>;

export interface ServiceGroup {
  /** Undefined for the nodes without a known service. */
  readonly service: string | undefined;
  /** A node with several services is in the group of each. */
  readonly results: readonly NodeResult[];
}

/** Nodes by service, services by name; nodes without a service last. */
export function groupByService(ledger: Ledger, services: ServiceNodes): readonly ServiceGroup[] {
  const grouped = new Set<string>();
  const groups: ServiceGroup[] = [];
  for (const service of Object.keys(services).sort(compareNodes)) {
    const results = (services[service] ?? []).flatMap((node) => ledger.get(node) ?? []);
    for (const { node } of results) grouped.add(node);
    if (results.length > 0) groups.push({ service, results });
  }
  const rest = Array.from(ledger.nodes).filter(({ node }) => !grouped.has(node));
  return rest.length > 0 ? [...groups, { service: undefined, results: rest }] : groups;
}
