import * as v from 'valibot';
import type { Consul } from './consul.ts';
import { PermissionError } from './errors/consulErrors.ts';

/** What an agent reports about itself that matters to remote exec. Unreported fields are absent. */
export interface AgentSelf {
  readonly datacenter: string;
  readonly nodeName: string;
  /** For example `1.8.7`. */
  readonly version: string;
  readonly isServer: boolean;
  /** Whether this agent ignores `_rexec` events. No API reports this for other agents. */
  readonly remoteExecDisabled?: boolean | undefined;
  /** The largest allowed KV value, in bytes. */
  readonly kvMaxValueSize?: number | undefined;
  readonly aclsEnabled?: boolean | undefined;
  /** The most writes a second that this agent takes as a server; Infinity without a limit. Since 1.15. */
  readonly maxWritesPerSecond?: number | undefined;
  /** The number of agents in its gossip pool, itself included. Independent of token permissions. */
  readonly gossip?: { readonly alive: number; readonly failed: number } | undefined;
}

/** The value of `RequestLimitsMode` with which a server refuses what is over its limits (PROTOCOL.md §3.6). */
const ENFORCING = 2;
/** Go's largest number stands for a rate without a limit. */
const UNLIMITED_RATE = Number.MAX_VALUE;

/** The API sends all statistics as text. */
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
      RequestLimitsMode: v.optional(v.number()),
      RequestLimitsWriteRate: v.optional(v.number()),
    }),
    {},
  ),
  Stats: v.fallback(v.object({ serf_lan: v.optional(Pool) }), {}),
});

/**
 * `GET /v1/agent/self`: always describes the contacted agent, even if another datacenter is set
 * (PROTOCOL.md §1.1).
 * @returns undefined if the token can't read the agent; callers work without it
 * @throws NotConsulError, UnreachableError or another ConsulError
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
      retries: true,
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
      maxWritesPerSecond: maxWritesOf(DebugConfig),
      gossip: pool && { alive: pool.members - pool.failed - pool.left, failed: pool.failed },
    };
  } catch (error) {
    if (error instanceof PermissionError) return undefined;
    throw error;
  }
}

interface Limits {
  readonly RequestLimitsMode?: number | undefined;
  readonly RequestLimitsWriteRate?: number | undefined;
}

function maxWritesOf({
  RequestLimitsMode: mode,
  RequestLimitsWriteRate: rate,
}: Limits): number | undefined {
  if (mode === undefined || rate === undefined) return undefined;
  return mode === ENFORCING && rate < UNLIMITED_RATE ? rate : Infinity;
}
