import type { AgentSelf } from '../../consul/agent.ts';
import type { CatalogNode } from '../../consul/catalogNode.ts';
import type { Consul } from '../../consul/consul.ts';
import type { EventFilters } from '../../consul/event.ts';
import type { Member } from '../../consul/members.ts';
import type { NodeHistory } from './finding.ts';

export interface Examination {
  /** In the datacenter of the run. */
  readonly consul: Consul;
  /** The run's key prefix. */
  readonly prefix: string;
  /** What the run was announced with in that datacenter; undefined when it is not known any more. */
  readonly announcements: readonly EventFilters[] | undefined;
  /** Names of the nodes that never answered, at least one; their names at their own agents. */
  readonly silent: readonly string[];
  /** By name; also of nodes that did answer, to compare with. */
  readonly history: ReadonlyMap<string, NodeHistory>;
  /** The node the run's session belonged to, when that was not the agent spoken to. */
  readonly sessionNode?: string | undefined;
}

/** What Consul told; undefined where it did not. */
export interface Facts {
  readonly self: AgentSelf | undefined;
  readonly inventory: readonly CatalogNode[] | undefined;
  readonly members: readonly Member[] | undefined;
}
