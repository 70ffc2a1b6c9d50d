import { displayName } from '../../base/displayName.ts';
import type { Ledger } from '../model/ledger.ts';
import { compareNodes } from '../model/nodeOrder.ts';
import { type NodeStatus, statusOf } from '../model/nodeStatus.ts';

/** Names of the nodes with these statuses, or of all nodes, in the order of `compareNodes`. */
export function nodesWithStatus(
  ledger: Ledger,
  statuses?: readonly NodeStatus[],
): readonly string[] {
  return Array.from(ledger.nodes)
    .filter((result) => !statuses || statuses.includes(statusOf(result)))
    .map(({ node }) => node)
    .sort(compareNodes);
}

/** Names ready to paste, one on each line. */
export function nodeList(nodes: readonly string[]): string {
  // A line break in a name would turn it into two.
  return nodes.map((name) => `${displayName(name)}\n`).join('');
}
