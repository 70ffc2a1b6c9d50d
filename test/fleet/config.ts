/** Part of a Consul configuration file. Merging is deep: objects by key, other values are replaced. */
export type ConsulConfig = Readonly<Record<string, unknown>>;

/** A service as a Consul configuration file defines it. */
export interface ServiceSpec {
  readonly id: string;
  readonly name: string;
  readonly tags?: readonly string[];
  readonly port?: number;
  readonly [key: string]: unknown;
}

export interface NodeSpec {
  readonly name: string;
  readonly services?: readonly ServiceSpec[];
  /** Whether the node accepts remote exec; the fleet's default if not set. */
  readonly remoteExec?: boolean;
  readonly config?: ConsulConfig;
  /** An additional socket for HTTP. */
  readonly unixSocket?: string;
  /** Added to the agent's environment, which its jobs inherit. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Makes elections and failure detection take one second instead of ten. */
export const fastTimings: ConsulConfig = {
  performance: { raft_multiplier: 1, leave_drain_time: '100ms' },
  gossip_lan: {
    gossip_interval: '50ms',
    probe_interval: '500ms',
    probe_timeout: '250ms',
    suspicion_mult: 3,
  },
};

export interface AgentPlace {
  readonly role: 'server' | 'client';
  readonly ip: string;
  readonly dataFolder: string;
  readonly datacenter: string;
  /** Addresses of all servers of the datacenter. */
  readonly serverIps: readonly string[];
}

/**
 * Builds the complete configuration of one agent. Later arguments override earlier ones.
 */
export function agentConfig(
  place: AgentPlace,
  node: NodeSpec,
  remoteExec: boolean,
  ...more: readonly ConsulConfig[]
): ConsulConfig {
  const base: ConsulConfig = {
    node_name: node.name,
    datacenter: place.datacenter,
    data_dir: place.dataFolder,
    bind_addr: place.ip,
    client_addr: place.ip,
    ports: { dns: -1 },
    log_level: 'INFO',
    disable_update_check: true,
    // Otherwise all agents on this machine would have the same id.
    disable_host_node_id: true,
    disable_remote_exec: !(node.remoteExec ?? remoteExec),
    retry_join: place.serverIps,
    retry_interval: '300ms',
    services: node.services ?? [],
    ...(node.unixSocket !== undefined && {
      addresses: { http: `${place.ip} unix://${node.unixSocket}` },
    }),
    ...(place.role === 'server' && { server: true, bootstrap_expect: place.serverIps.length }),
  };
  return [...more, node.config ?? {}].reduce(merge, base);
}

/** @returns a new object with `over` merged into `base` */
function merge(base: ConsulConfig, over: ConsulConfig): ConsulConfig {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isObject(below) && isObject(value) ? merge(below, value) : value;
  }
  return merged;
}

function isObject(value: unknown): value is ConsulConfig {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
