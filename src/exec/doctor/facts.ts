import type { AgentSelf } from '../../consul/agent.ts';
import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import type { Consul } from '../../consul/consul.ts';
import type { EventFilters } from '../../consul/event.ts';
import type { Member } from '../../consul/catalog/members.ts';
import type { NodeHistory } from './finding.ts';

export interface Examination {
  /** In the datacenter of the run. */
  readonly consul: Consul;
  /** The run's key prefix. */
  readonly prefix: string;
  /** The filters that the run's events had in that datacenter; undefined when no longer known. */
  readonly announcements: readonly EventFilters[] | undefined;
  /** Names of the nodes that did not respond, at least one, as their own agents know them. */
  readonly unresponsive: readonly string[];
  /** By node name. Includes nodes that did respond, for comparison. */
  readonly history: ReadonlyMap<string, NodeHistory>;
  /** The node that the run's session belonged to, unless that was the connected agent. */
  readonly sessionNode?: string | undefined;
}

/** What Consul reported; undefined where it refused to. */
export interface Facts {
  /** The agent that the connection uses. */
  readonly self: AgentSelf | undefined;
  readonly inventory: readonly CatalogNode[] | undefined;
  readonly members: readonly Member[] | undefined;
}
