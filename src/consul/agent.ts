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
}

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
    const { Config, DebugConfig } = self.output;
    return {
      datacenter: Config.Datacenter,
      nodeName: Config.NodeName,
      version: Config.Version,
      isServer: Config.Server,
      remoteExecDisabled: DebugConfig.DisableRemoteExec,
      kvMaxValueSize: DebugConfig.KVMaxValueSize,
      aclsEnabled: DebugConfig.ACLsEnabled,
    };
  } catch (error) {
    if (error instanceof PermissionError) return undefined;
    throw error;
  }
}
