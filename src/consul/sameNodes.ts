import type { CatalogNode, ServiceInstance } from './catalogNode.ts';

/**
 * Whether two inventories say the same. Consul wakes whoever waits for much that is not in them,
 * such as a check's new output.
 */
export function sameNodes(a: readonly CatalogNode[], b: readonly CatalogNode[]): boolean {
  return same(a, b, sameNode);
}

function sameNode(a: CatalogNode, b: CatalogNode): boolean {
  return (
    a.name === b.name &&
    a.address === b.address &&
    a.gossip === b.gossip &&
    a.isServer === b.isServer &&
    same(a.failing, b.failing, Object.is) &&
    same(a.services, b.services, sameService)
  );
}

function sameService(a: ServiceInstance, b: ServiceInstance): boolean {
  return a.id === b.id && a.name === b.name && a.kind === b.kind && same(a.tags, b.tags, Object.is);
}

function same<T>(a: readonly T[], b: readonly T[], equal: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((one, i) => equal(one, b[i] as T));
}
