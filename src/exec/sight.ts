import type { AgentSelf } from '../consul/agent.ts';
import type { CatalogNode } from '../consul/catalogNode.ts';

/** What of a datacenter is known to be seen whole, so that a filter can reach nothing unseen. */
export interface Sight {
  /** Every node that has an agent. */
  readonly nodes: boolean;
  /** Every service of these nodes. */
  readonly services: boolean;
}

/** Only exact names are sure to reach nobody else. */
export const BLIND: Sight = { nodes: false, services: false };
export const WHOLE: Sight = { nodes: true, services: true };

export interface Evidence {
  /** ACLs are off: nothing is ever hidden, in any datacenter. */
  readonly aclsOff: boolean;
  /** The agent spoken to, asked about the same time; undefined when it does not tell. */
  readonly self: AgentSelf | undefined;
  /** Whether `nodes` are those of the agent's own datacenter. */
  readonly home: boolean;
  /** Whether a token of our own is sent: without one, servers do not tell what they left out. */
  readonly hasToken: boolean;
  /** Whether the servers said that they left something out; undefined when nobody asked. */
  readonly filtered: boolean | undefined;
}

/**
 * Judges by what cannot be explained otherwise. What the token *may* read proves nothing: the
 * servers answer that from the rule for the empty prefix alone, while `node "db-1" { deny }` hides
 * one node. But the agent counts all members of its gossip pool, hidden or not (1.8.7 to 1.23), and
 * servers since 1.11 say when they left something out.
 * @param nodes the inventory
 */
export function sightOf(evidence: Evidence, nodes: readonly CatalogNode[]): Sight {
  const { aclsOff, self, home, hasToken, filtered } = evidence;
  if (filtered === true) return BLIND;
  if (aclsOff) return WHOLE;
  if (!home || !self?.gossip) return BLIND;
  const count = (state: CatalogNode['gossip']) => nodes.filter((n) => n.gossip === state).length;
  if (self.gossip.alive > count('alive') || self.gossip.failed > count('failed')) return BLIND;
  const wouldTell = hasToken && filtered === false && isAtLeast(self.version, 1, 11);
  return { nodes: true, services: wouldTell };
}

function isAtLeast(version: string, major: number, minor: number): boolean {
  const [, ownMajor, ownMinor] = /^(\d+)\.(\d+)/.exec(version)?.map(Number) ?? [];
  if (ownMajor === undefined || ownMinor === undefined) return false;
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}
