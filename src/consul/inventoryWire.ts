import * as v from 'valibot';
import type { CatalogNode, ServiceInstance } from './catalogNode.ts';

/** Part of what Consul says of a service instance, whichever endpoint is asked. */
export interface WireService {
  readonly ID: string;
  readonly Service: string;
  readonly Tags?: readonly string[] | null | undefined;
  readonly Kind?: string | undefined;
  readonly Meta?: Readonly<Record<string, string>> | null | undefined;
}

export interface WireCheck {
  readonly CheckID: string;
  readonly Name: string;
  readonly Status: string;
}

const Strings = v.nullish(v.record(v.string(), v.string()));
const Tags = v.nullish(v.array(v.string()));
const Kind = v.optional(v.string());
const Address = v.optional(v.string(), '');
const check = { CheckID: v.string(), Name: v.optional(v.string(), ''), Status: v.string() };

const UiNode = v.object({
  Node: v.string(),
  Address,
  /** Of a node of another cluster that a peering brought in (Consul 1.13): no event gets there. */
  PeerName: v.optional(v.string()),
  Services: v.nullish(
    v.array(v.object({ ID: v.string(), Service: v.string(), Tags, Kind, Meta: Strings })),
  ),
  Checks: v.nullish(v.array(v.object(check))),
});

/** An element of `/v1/catalog/nodes`. */
export const PlainNode = v.object({ Node: v.string(), Address });

/** An element of `/v1/catalog/service/:name`. */
export const NodeService = v.object({
  Node: v.string(),
  ServiceID: v.string(),
  ServiceName: v.string(),
  ServiceTags: Tags,
  ServiceKind: Kind,
  ServiceMeta: Strings,
});

/** An element of `/v1/health/state/:state`. */
export const NodeCheck = v.object({ Node: v.string(), ...check });

/**
 * @param item an element of `/v1/internal/ui/nodes`
 * @returns undefined for a node of another cluster
 * @throws ValiError
 */
export function uiNode(item: unknown): CatalogNode | undefined {
  const { Node, Address, Services, Checks, PeerName } = v.parse(UiNode, item);
  return PeerName ? undefined : catalogNode(Node, Address, Services ?? [], Checks ?? []);
}

export function catalogNode(
  name: string,
  address: string,
  wireServices: readonly WireService[],
  checks: readonly WireCheck[],
): CatalogNode {
  const services = wireServices.map(serviceInstance);
  const serf = checks.find(({ CheckID }) => CheckID === 'serfHealth');
  return {
    name,
    address,
    services,
    gossip: serf === undefined ? 'absent' : serf.Status === 'passing' ? 'alive' : 'failed',
    failing: checks
      .filter((one) => one !== serf && one.Status !== 'passing')
      .map((one) => one.Name || one.CheckID),
    isServer: services.some(({ catalogOnly }) => catalogOnly),
  };
}

function serviceInstance({ ID, Service, Tags, Kind, Meta }: WireService): ServiceInstance {
  const service = { id: ID, name: Service, tags: Tags ?? [], kind: Kind ?? '' };
  return isServersOwn(service, Meta) ? { ...service, catalogOnly: true } : service;
}

/**
 * The leader enters a service `consul` for every server, in the catalog only. A client may have a
 * local service of that very ID, which agents do match: only the leader's has this meta data (or
 * none at all, before 1.3).
 */
function isServersOwn({ id, name }: ServiceInstance, meta: WireService['Meta']): boolean {
  return id === 'consul' && name === 'consul' && (!meta || 'serf_protocol_current' in meta);
}
