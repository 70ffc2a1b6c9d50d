import type { CatalogNode, Metadata, ServiceInstance } from './catalogNode.ts';

/**
 * Whether two inventories are equal. Consul ends waiting reads also for changes that the inventory
 * doesn't contain: for example, a check's new output.
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
    sameMetadata(a.meta, b.meta) &&
    same(a.failing, b.failing, Object.is) &&
    same(a.services, b.services, sameService)
  );
}

function sameService(a: ServiceInstance, b: ServiceInstance): boolean {
  return (
    a.id === b.id &&
    a.name === b.name &&
    a.kind === b.kind &&
    same(a.tags, b.tags, Object.is) &&
    sameMetadata(a.meta, b.meta)
  );
}

function sameMetadata(a: Metadata = {}, b: Metadata = {}): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

function same<T>(a: readonly T[], b: readonly T[], equal: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((item, i) => equal(item, b[i] as T));
}
