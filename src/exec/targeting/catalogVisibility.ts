import { isAtLeast } from '../../consul/version.ts';
import type { AgentSelf } from '../../consul/agent.ts';
import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';

/** Which parts of a datacenter are surely visible in full, so that a filter reaches nothing hidden. */
export interface CatalogVisibility {
  /** Whether every node that has an agent is visible. */
  readonly nodes: boolean;
  /** Whether every service of these nodes is visible. */
  readonly services: boolean;
}

/** Something may be hidden, so only exact node names are sure to reach no other node. */
export const UNKNOWN_VISIBILITY: CatalogVisibility = { nodes: false, services: false };
export const FULL_VISIBILITY: CatalogVisibility = { nodes: true, services: true };

export interface VisibilityEvidence {
  /** With ACLs off, nothing is hidden in any datacenter. */
  readonly aclsOff: boolean;
  /** The connected agent, read at about the same time as the catalog; undefined if refused. */
  readonly self: AgentSelf | undefined;
  /** Whether `nodes` are in the agent's own datacenter. */
  readonly isLocal: boolean;
  /** Whether we send a token. Without one, servers don't report that they left something out. */
  readonly hasToken: boolean;
  /** Whether the servers reported that they left something out; undefined if not known. */
  readonly filtered: boolean | undefined;
}

/**
 * Accepts only evidence that a partial view of the catalog could not produce. The token's
 * permissions prove nothing: servers derive them from the rule for the empty prefix alone, while
 * `node "db-1" { deny }` hides one node. But the agent counts all members of its gossip pool,
 * including hidden ones (1.8.7 to 1.23), and servers since 1.11 report that they left something out.
 * @param nodes the inventory
 */
export function assessVisibility(
  evidence: VisibilityEvidence,
  nodes: readonly CatalogNode[],
): CatalogVisibility {
  const { aclsOff, self, isLocal, hasToken, filtered } = evidence;
  if (filtered === true) return UNKNOWN_VISIBILITY;
  if (aclsOff) return FULL_VISIBILITY;
  if (!isLocal || !self?.gossip) return UNKNOWN_VISIBILITY;
  const count = (state: CatalogNode['gossip']) => nodes.filter((n) => n.gossip === state).length;
  if (self.gossip.alive > count('alive') || self.gossip.failed > count('failed'))
    return UNKNOWN_VISIBILITY;
  const wouldBeReported = hasToken && filtered === false && isAtLeast(self.version, '1.11');
  return { nodes: true, services: wouldBeReported };
}
