import { displayName } from '../displayText.ts';
import type { Ledger } from '../ledger.ts';
import { compareNodes } from '../nodeOrder.ts';
import { type Standing, standingOf } from '../nodeResult.ts';

/** Names of the nodes that stand so, as people count; of all nodes when no standing is given. */
export function nodesStanding(ledger: Ledger, standings?: readonly Standing[]): readonly string[] {
  return Array.from(ledger.nodes)
    .filter((result) => !standings || standings.includes(standingOf(result)))
    .map(({ node }) => node)
    .sort(compareNodes);
}

/** Names ready to paste, one on each line. */
export function nodeList(nodes: readonly string[]): string {
  // A control in a name would make two names of one.
  return nodes.map((name) => `${displayName(name)}\n`).join('');
}
