import type { CatalogNode } from '../../../consul/catalog/catalogNode.ts';
import { localServices } from '../matchNodes.ts';

/** A node, and what identifies it in a choice. */
export interface LabeledNode {
  readonly label: string;
  readonly node: CatalogNode;
}

/** Something that nodes have different values of: metadata of the node, or of one of its services. */
export interface Trait {
  readonly kind: 'nodeMeta' | 'serviceMeta';
  readonly key: string;
}

/** A trait of some nodes, and for each of its values the labels of the nodes that have it. */
export interface TraitValues {
  readonly trait: Trait;
  readonly labels: ReadonlyMap<string, readonly string[]>;
}

/** What these nodes differ in, node metadata first; only what has at least two values. */
export function traitsOf(nodes: readonly LabeledNode[]): TraitValues[] {
  const traits = new Map<string, { trait: Trait; labels: Map<string, string[]> }>();
  const add = (kind: Trait['kind'], key: string, value: string, label: string) => {
    const id = `${kind} ${key}`;
    const entry = traits.get(id) ?? { trait: { kind, key }, labels: new Map<string, string[]>() };
    traits.set(id, entry);
    const labels = entry.labels.get(value);
    if (!labels) entry.labels.set(value, [label]);
    else if (labels.at(-1) !== label) labels.push(label);
  };
  for (const { label, node } of nodes) {
    for (const [key, value] of Object.entries(node.meta ?? {})) add('nodeMeta', key, value, label);
    for (const { meta } of localServices(node)) {
      for (const [key, value] of Object.entries(meta ?? {})) add('serviceMeta', key, value, label);
    }
  }
  return [...traits.values()]
    .filter(({ labels }) => labels.size > 1)
    .sort((a, b) => (idOf(a.trait) < idOf(b.trait) ? -1 : 1));
}

function idOf({ kind, key }: Trait): string {
  return `${kind} ${key}`;
}

/**
 * One node for each value, the first by name. A value needs none of its own if all nodes that have it are
 * taken for other values.
 */
export function onePer({ labels }: Pick<TraitValues, 'labels'>): string[] {
  const taken = new Set<string>();
  const scarceFirst = [...labels.values()].sort((a, b) => a.length - b.length);
  for (const candidates of scarceFirst) {
    const sorted = candidates.toSorted();
    const label = sorted.find((candidate) => !taken.has(candidate));
    if (label !== undefined) taken.add(label);
  }
  return [...taken].sort();
}

/** One node for each service that any of the nodes has, the first by name; a node can stand for several. */
export function onePerService(nodes: readonly LabeledNode[]): string[] {
  const labels = new Map<string, string[]>();
  for (const { label, node } of nodes) {
    for (const name of new Set(localServices(node).map((service) => service.name))) {
      const known = labels.get(name);
      if (known) known.push(label);
      else labels.set(name, [label]);
    }
  }
  return onePer({ labels });
}
