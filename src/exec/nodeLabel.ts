/**
 * A node's name in a run over several datacenters: two of them may each have a `web-01`.
 */
export function nodeLabel(node: string, datacenter: string): string {
  return `${node}@${datacenter}`;
}

/** The parts of a label. Names of nodes may hold an `@`, names of datacenters may not. */
export function splitNodeLabel(label: string): {
  readonly node: string;
  readonly datacenter: string;
} {
  const at = label.lastIndexOf('@');
  return { node: label.slice(0, at), datacenter: label.slice(at + 1) };
}
