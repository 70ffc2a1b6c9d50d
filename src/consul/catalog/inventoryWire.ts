import * as v from 'valibot';
import type { CatalogNode, Metadata, ServiceInstance } from './catalogNode.ts';

/** The fields of a service instance that every endpoint sends. */
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
  Meta: Strings,
  /** Set for a node that was imported from another cluster by peering (Consul 1.13): events don't reach it. */
  PeerName: v.optional(v.string()),
  Services: v.nullish(
    v.array(v.object({ ID: v.string(), Service: v.string(), Tags, Kind, Meta: Strings })),
  ),
  Checks: v.nullish(v.array(v.object(check))),
});

/** An element of `/v1/catalog/nodes`. */
export const PlainNode = v.object({ Node: v.string(), Address, Meta: Strings });

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
 * @returns undefined for a node of a peered cluster
 * @throws ValiError
 */
export function uiNode(item: unknown): CatalogNode | undefined {
  const { Services, Checks, PeerName, ...node } = v.parse(UiNode, item);
  return PeerName ? undefined : catalogNode(node, Services ?? [], Checks ?? []);
}

export function catalogNode(
  { Node, Address: address, Meta }: v.InferOutput<typeof PlainNode>,
  wireServices: readonly WireService[],
  checks: readonly WireCheck[],
): CatalogNode {
  const services = wireServices.map(serviceInstance);
  const serf = checks.find(({ CheckID }) => CheckID === 'serfHealth');
  return {
    name: Node,
    address,
    services,
    gossip: serf === undefined ? 'absent' : serf.Status === 'passing' ? 'alive' : 'failed',
    failing: checks
      .filter((other) => other !== serf && other.Status !== 'passing')
      .map(({ Name, CheckID }) => Name || CheckID),
    isServer: services.some(({ catalogOnly }) => catalogOnly),
    ...metadata(Meta),
  };
}

function serviceInstance({ ID, Service, Tags, Kind, Meta }: WireService): ServiceInstance {
  const service = { id: ID, name: Service, tags: Tags ?? [], kind: Kind ?? '', ...metadata(Meta) };
  return isLeaderRegistered(service, Meta) ? { ...service, catalogOnly: true } : service;
}

/** Consul itself sets some keys without a value on every node. */
function metadata(meta: Metadata | null | undefined): { readonly meta?: Metadata } {
  const entries = Object.entries(meta ?? {}).filter(([, value]) => value !== '');
  return entries.length === 0 ? {} : { meta: Object.fromEntries(entries) };
}

/**
 * The leader registers a service `consul` for every server, in the catalog only. A client can have a
 * local service with the same ID, which its agent does match. Only the leader's service has this
 * metadata (or no metadata, before 1.3).
 */
function isLeaderRegistered({ id, name }: ServiceInstance, meta: WireService['Meta']): boolean {
  return id === 'consul' && name === 'consul' && (!meta || 'serf_protocol_current' in meta);
}
