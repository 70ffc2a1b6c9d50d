import * as v from 'valibot';
import type { Consul } from '../consul.ts';
import { ConsulError } from '../errors/consulErrors.ts';
import { ForeignSessionError, NoServerFoundError } from '../errors/datacenterErrors.ts';
import { isAtLeast } from '../version.ts';

const Names = v.array(v.string());
const Servers = v.array(v.object({ Node: v.object({ Node: v.string() }) }));

/** Lists the datacenters that the agent's servers know, nearest first. Needs no permission. */
export async function listDatacenters(
  consul: Consul,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const response = await consul.in(undefined).call({
    method: 'GET',
    path: '/v1/catalog/datacenters',
    retries: true,
    signal,
  });
  const names = v.safeParse(Names, consul.parse(response));
  if (!names.success) throw consul.notConsul(response);
  return names.output;
}

/**
 * Finds the node that should own sessions in the datacenter of `consul`: a healthy server, which the CLI
 * chooses in other datacenters (PROTOCOL.md §1.3). Without it, a session in the contacted agent's own
 * datacenter belongs to that agent, and ends with its keys when the agent leaves for a restart
 * (PROTOCOL.md §1.2).
 * @param self the contacted agent
 * @returns undefined if the session needs no node and no server is known
 * @throws NoServerFoundError, NoPathError for another datacenter
 */
export async function findSessionNode(
  consul: Consul,
  self: { readonly datacenter: string; readonly nodeName: string } | undefined,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { datacenter } = consul;
  const isLocal = datacenter === undefined || datacenter === self?.datacenter;
  try {
    const servers = await healthyServers(consul, signal);
    // A server that is not the contacted agent survives its restart.
    const best = servers.find((name) => name !== self?.nodeName) ?? servers[0];
    if (best !== undefined || isLocal) return best;
  } catch (error) {
    if (!isLocal || !(error instanceof ConsulError)) throw error;
    return undefined;
  }
  throw new NoServerFoundError(datacenter);
}

async function healthyServers(consul: Consul, signal?: AbortSignal): Promise<string[]> {
  const response = await consul.call({
    method: 'GET',
    path: '/v1/health/service/consul',
    query: { passing: '1' },
    needs: { resource: 'service', access: 'read', segment: 'consul' },
    staleOk: true,
    retries: true,
    signal,
  });
  const servers = v.safeParse(Servers, consul.parse(response) ?? []);
  if (!servers.success) throw consul.notConsul(response);
  return servers.output.map(({ Node }) => Node.Node);
}

/** What matters of the contacted agent for sessions in other datacenters. */
interface ContactedAgent {
  readonly datacenter: string;
  readonly nodeName: string;
  readonly isServer: boolean;
  /** For example `1.8.7`. */
  readonly version: string;
}

/**
 * Finds the server that a session in another datacenter must name.
 * @param self the contacted agent; undefined if the token can't read it
 * @returns undefined in the contacted agent's own datacenter
 * @throws NoServerFoundError, NoPathError; ForeignSessionError if the agent refuses such sessions
 */
export async function foreignSessionNode(
  consul: Consul,
  self: ContactedAgent | undefined,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { datacenter } = consul;
  if (datacenter === undefined || datacenter === self?.datacenter) return undefined;
  if (self && !allowsForeignSessions(self)) {
    throw new ForeignSessionError(consul.transport.endpoint.label, datacenter);
  }
  return findSessionNode(consul, self, signal);
}

/** The releases of 2022 in which client agents began to refuse sessions in other datacenters. */
const REFUSING = { '1.12': '1.12.7', '1.13': '1.13.4', '1.14': '1.14.1' } as const;

/** Whether an agent creates sessions in other datacenters than its own. */
export function allowsForeignSessions({
  isServer,
  version,
}: Pick<ContactedAgent, 'isServer' | 'version'>): boolean {
  if (isServer) return true;
  const [, minor] = /^(\d+\.\d+)/.exec(version) ?? [];
  const since = Object.entries(REFUSING).find(([line]) => line === minor)?.[1] ?? '1.15';
  return !isAtLeast(version, since);
}
