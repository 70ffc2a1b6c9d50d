import * as v from 'valibot';
import type { Consul } from './consul.ts';

export interface ServiceInstance {
  /** What agents match the service filter against (reference §2.1). */
  readonly id: string;
  /** What people call it. */
  readonly name: string;
  readonly tags: readonly string[];
  /** `connect-proxy` and the like; empty for an ordinary service. */
  readonly kind: string;
}

/** A node as the catalog knows it. */
export interface CatalogNode {
  readonly name: string;
  readonly address: string;
  readonly services: readonly ServiceInstance[];
  /**
   * Whether gossip reaches its agent (the `serfHealth` check): `absent` means it has no such check,
   * so it was put into the catalog by something other than an agent.
   */
  readonly gossip: 'alive' | 'failed' | 'absent';
  /** Its checks other than serfHealth that do not pass, by name. */
  readonly failing: readonly string[];
  readonly isServer: boolean;
}

const Service = v.object({
  ID: v.string(),
  Service: v.string(),
  Tags: v.nullish(v.array(v.string()), []),
  Kind: v.optional(v.string(), ''),
});
const Check = v.object({
  CheckID: v.string(),
  Name: v.optional(v.string(), ''),
  Status: v.string(),
});
const Node = v.object({
  Node: v.string(),
  Address: v.optional(v.string(), ''),
  Services: v.nullish(v.array(Service), []),
  Checks: v.nullish(v.array(Check), []),
});
const Nodes = v.array(Node);

/**
 * Every node of the datacenter with its services and checks, in one request. This is the endpoint
 * of Consul's own UI: undocumented, but unchanged from 1.8 to 1.23 (reference §4), where the
 * documented ones would take one request for each service.
 */
export async function readInventory(
  consul: Consul,
  signal?: AbortSignal,
): Promise<readonly CatalogNode[]> {
  const response = await consul.call({
    method: 'GET',
    path: '/v1/internal/ui/nodes',
    needs: { resource: 'node', access: 'read', segment: '' },
    timeoutMs: 60_000,
    signal,
  });
  const nodes = v.safeParse(Nodes, consul.parse(response) ?? []);
  if (!nodes.success) throw consul.notConsul(response);
  return nodes.output.map(fromWire);
}

function fromWire(node: v.InferOutput<typeof Node>): CatalogNode {
  const services = (node.Services ?? []).map((service) => ({
    id: service.ID,
    name: service.Service,
    tags: service.Tags ?? [],
    kind: service.Kind,
  }));
  const checks = node.Checks ?? [];
  const serf = checks.find(({ CheckID }) => CheckID === 'serfHealth');
  return {
    name: node.Node,
    address: node.Address,
    services,
    gossip: serf === undefined ? 'absent' : serf.Status === 'passing' ? 'alive' : 'failed',
    failing: checks
      .filter((check) => check !== serf && check.Status !== 'passing')
      .map((check) => check.Name || check.CheckID),
    isServer: services.some(({ name }) => name === 'consul'),
  };
}
