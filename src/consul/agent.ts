import * as v from 'valibot';
import type { Consul } from './consul.ts';
import { PermissionError } from './errors.ts';

/** What an agent says of itself, as far as remote exec cares. Fields it does not tell are absent. */
export interface AgentSelf {
  readonly datacenter: string;
  readonly nodeName: string;
  /** Such as `1.8.7`. */
  readonly version: string;
  readonly isServer: boolean;
  /** Whether this very agent ignores `_rexec` events. Nothing tells it of other agents. */
  readonly remoteExecDisabled?: boolean | undefined;
  /** Bytes a KV value may have. */
  readonly kvMaxValueSize?: number | undefined;
  readonly aclsEnabled?: boolean | undefined;
  /** How many agents are in its gossip pool, itself included, whatever the token may read. */
  readonly gossip?: { readonly alive: number; readonly failed: number } | undefined;
}

/** All statistics are told as text. */
const Count = v.pipe(v.string(), v.digits(), v.transform(Number));
const Pool = v.object({ members: Count, failed: Count, left: Count });

const Self = v.object({
  Config: v.object({
    Datacenter: v.string(),
    NodeName: v.string(),
    Version: v.optional(v.string(), ''),
    Server: v.optional(v.boolean(), false),
  }),
  DebugConfig: v.optional(
    v.object({
      DisableRemoteExec: v.optional(v.boolean()),
      KVMaxValueSize: v.optional(v.number()),
      ACLsEnabled: v.optional(v.boolean()),
    }),
    {},
  ),
  Stats: v.fallback(v.object({ serf_lan: v.optional(Pool) }), {}),
});

/**
 * `GET /v1/agent/self`: always of the agent spoken to, whatever the datacenter (PROTOCOL.md §1.1).
 * @returns undefined when the token may not read the agent: nothing later depends on it
 * @throws NotConsulError, UnreachableError and others of ConsulError
 */
export async function readSelf(
  consul: Consul,
  signal?: AbortSignal,
): Promise<AgentSelf | undefined> {
  try {
    const response = await consul.call({
      method: 'GET',
      path: '/v1/agent/self',
      needs: { resource: 'agent', access: 'read', segment: '' },
      signal,
    });
    const self = v.safeParse(Self, consul.parse(response));
    if (!self.success) throw consul.notConsul(response);
    const { Config, DebugConfig, Stats } = self.output;
    const pool = Stats.serf_lan;
    return {
      datacenter: Config.Datacenter,
      nodeName: Config.NodeName,
      version: Config.Version,
      isServer: Config.Server,
      remoteExecDisabled: DebugConfig.DisableRemoteExec,
      kvMaxValueSize: DebugConfig.KVMaxValueSize,
      aclsEnabled: DebugConfig.ACLsEnabled,
      gossip: pool && { alive: pool.members - pool.failed - pool.left, failed: pool.failed },
    };
  } catch (error) {
    if (error instanceof PermissionError) return undefined;
    throw error;
  }
}
