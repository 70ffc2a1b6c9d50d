import type { CatalogNode } from '../../../../src/consul/catalog/catalogNode.ts';
import type { Reviewable } from '../../../../src/exec/review/reviewedNodes.ts';

type Facts = Partial<Omit<CatalogNode, 'services'>> & { readonly services?: readonly string[] };

/** A node of a review; `services` are names. */
export function reviewable(label: string, { services = [], ...facts }: Facts = {}): Reviewable {
  return {
    label,
    node: {
      name: label,
      address: '127.0.0.1',
      services: services.map((name, i) => ({ id: `${name}-${i}`, name, tags: [], kind: '' })),
      gossip: 'alive',
      failing: [],
      isServer: false,
      ...facts,
    },
  };
}
