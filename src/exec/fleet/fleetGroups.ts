import { compareNames } from '../review/compareNames.ts';
import { serviceNames } from '../../consul/catalog/catalogNode.ts';
import type { Reviewable } from '../review/reviewedNodes.ts';

/** The nodes of a service. */
export interface FleetGroup<T extends Reviewable> {
  /** Its name; undefined for nodes without a service. */
  readonly service: string | undefined;
  /** At least one, in the order given. */
  readonly nodes: readonly T[];
}

/**
 * Nodes by service, in the order of the services' names. A node is in the group of each of its services.
 * Those without a service come last.
 */
export function groupFleet<T extends Reviewable>(nodes: readonly T[]): FleetGroup<T>[] {
  const groups = new Map<string, T[]>();
  const without: T[] = [];
  for (const item of nodes) {
    const names = serviceNames(item.node);
    if (names.size === 0) without.push(item);
    for (const name of names) {
      const members = groups.get(name);
      if (members) members.push(item);
      else groups.set(name, [item]);
    }
  }
  const named = [...groups].sort(([a], [b]) => compareNames(a, b));
  return [
    ...named.map(([service, members]) => ({ service, nodes: members })),
    ...(without.length > 0 ? [{ service: undefined, nodes: without }] : []),
  ];
}
