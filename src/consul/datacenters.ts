import * as v from 'valibot';
import type { Consul } from './consul.ts';
import { NoServerFoundError } from './datacenterErrors.ts';

const Names = v.array(v.string());
const Servers = v.array(v.object({ Node: v.object({ Node: v.string() }) }));

/** Every datacenter the agent's servers know, nearest first. Needs no permission. */
export async function listDatacenters(
  consul: Consul,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const response = await consul.in(undefined).call({
    method: 'GET',
    path: '/v1/catalog/datacenters',
    signal,
  });
  const names = v.safeParse(Names, consul.parse(response));
  if (!names.success) throw consul.notConsul(response);
  return names.output;
}

/**
 * The node to hang a session on in the datacenter `consul` is set to: a healthy server, as the CLI
 * takes (PROTOCOL.md §1.3).
 * @param home the datacenter of the agent spoken to: there a session needs no node
 * @throws NoServerFoundError, NoPathError
 */
export async function findSessionNode(
  consul: Consul,
  home: string | undefined,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { datacenter } = consul;
  if (datacenter === undefined || datacenter === home) return undefined;
  const response = await consul.call({
    method: 'GET',
    path: '/v1/health/service/consul',
    query: { passing: '1' },
    needs: { resource: 'service', access: 'read', segment: 'consul' },
    staleOk: true,
    signal,
  });
  const servers = v.safeParse(Servers, consul.parse(response) ?? []);
  if (!servers.success) throw consul.notConsul(response);
  const [first] = servers.output;
  if (!first) throw new NoServerFoundError(datacenter);
  return first.Node.Node;
}
