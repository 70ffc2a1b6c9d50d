import { nodeLabel, splitNodeLabel } from '../../base/nodeLabel.ts';

/** A node and its datacenter. */
export interface NodeId {
  readonly node: string;
  readonly datacenter: string;
}

/** The datacenters of a run. */
interface Datacenters {
  readonly datacenters: readonly string[];
}

/** Whether a run's nodes are named `name@datacenter`: two datacenters can each have a `web-01`. */
export function isInSeveral({ datacenters }: Datacenters): boolean {
  return datacenters.length > 1;
}

/** The node with this name in a run. */
export function nodeIdOf(info: Datacenters, label: string): NodeId {
  if (isInSeveral(info)) return splitNodeLabel(label);
  return { node: label, datacenter: info.datacenters[0] ?? '' };
}

/** A node's name in a run. */
export function labelIn(info: Datacenters, { node, datacenter }: NodeId): string {
  return isInSeveral(info) ? nodeLabel(node, datacenter) : node;
}

/** The nodes of a run that are in a datacenter: their own names, each with its name in the run. */
export function nodesIn(
  info: Datacenters,
  labels: readonly string[],
  datacenter: string,
): Map<string, string> {
  return new Map(
    labels.flatMap((label) => {
      const id = nodeIdOf(info, label);
      return id.datacenter === datacenter ? [[id.node, label] as const] : [];
    }),
  );
}
