/** A node's name in a run over several datacenters, which can each have a `web-01`. */
export function nodeLabel(node: string, datacenter: string): string {
  return `${node}@${datacenter}`;
}

/** Splits a label. Node names can contain an `@`, datacenter names can't. */
export function splitNodeLabel(label: string): {
  readonly node: string;
  readonly datacenter: string;
} {
  const at = label.lastIndexOf('@');
  return { node: label.slice(0, at), datacenter: label.slice(at + 1) };
}
