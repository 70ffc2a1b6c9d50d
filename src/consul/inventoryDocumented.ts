import * as v from 'valibot';
import type { Consul } from './consul.ts';
import type { CatalogNode } from './catalogNode.ts';
import {
  catalogNode,
  NodeCheck,
  NodeService,
  PlainNode,
  type WireCheck,
  type WireService,
} from './inventoryWire.ts';
import { parseArray } from './jsonArray.ts';

/** Under the number of sockets we take, so that other requests get through meanwhile. */
const REQUESTS_AT_ONCE = 4;
const TIMEOUT_MS = 60_000;
/** Only what we show of checks; servers before 1.5 ignore this and send all. */
const TELLING_CHECKS = 'Status != "passing" or CheckID == "serfHealth"';

/**
 * Every node of the datacenter with its services and checks, from documented endpoints only: one
 * request for each service and three more. The parts may be moments apart.
 * @throws ConsulError
 */
export async function readDocumentedInventory(
  consul: Consul,
  signal?: AbortSignal,
): Promise<readonly CatalogNode[]> {
  const names = Object.keys(
    (await consul.json({
      method: 'GET',
      path: '/v1/catalog/services',
      staleOk: true,
      timeoutMs: TIMEOUT_MS,
      signal,
    })) as Record<string, unknown>,
  );
  const nodes = await readAll(consul, '/v1/catalog/nodes', PlainNode, signal);
  const services = new Map<string, WireService[]>();
  const readNext = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const path = `/v1/catalog/service/${encodeURIComponent(name)}`;
      for (const one of await readAll(consul, path, NodeService, signal)) {
        add(services, one.Node, {
          ID: one.ServiceID,
          Service: one.ServiceName,
          Tags: one.ServiceTags,
          Kind: one.ServiceKind,
          Meta: one.ServiceMeta,
        });
      }
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, readNext));
  const checks = new Map<string, WireCheck[]>();
  const path = '/v1/health/state/any';
  for (const one of await readAll(consul, path, NodeCheck, signal, { filter: TELLING_CHECKS })) {
    add(checks, one.Node, one);
  }
  return nodes.map(({ Node, Address }) =>
    catalogNode(Node, Address, services.get(Node) ?? [], checks.get(Node) ?? []),
  );
}

async function readAll<T extends v.GenericSchema>(
  consul: Consul,
  path: string,
  schema: T,
  signal?: AbortSignal,
  query: Readonly<Record<string, string>> = {},
): Promise<v.InferOutput<T>[]> {
  const response = await consul.call({
    method: 'GET',
    path,
    query,
    staleOk: true,
    timeoutMs: TIMEOUT_MS,
    signal,
  });
  const items: v.InferOutput<T>[] = [];
  try {
    for await (const slice of parseArray(response.body)) {
      for (const item of slice) items.push(v.parse(schema, item));
    }
  } catch {
    throw consul.notConsul(response);
  }
  return items;
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
