import * as v from 'valibot';
import type { Consul } from '../consul.ts';
import type { CatalogNode } from './catalogNode.ts';
import {
  catalogNode,
  NodeCheck,
  NodeService,
  PlainNode,
  type WireCheck,
  type WireService,
} from './inventoryWire.ts';
import { parseArray } from '../http/jsonArray.ts';

/** Below the number of sockets, so that other requests don't have to wait. */
const MAX_CONCURRENT_REQUESTS = 4;
const REQUEST_TIMEOUT_MS = 60_000;
/** Selects the checks that are shown. Servers before 1.5 ignore the filter and send all checks. */
const RELEVANT_CHECKS = 'Status != "passing" or CheckID == "serfHealth"';

/**
 * Reads every node of the datacenter with its services and checks from documented endpoints only: one
 * request for each service and three more. The responses may show slightly different moments.
 * @throws ConsulError
 */
export async function readDocumentedInventory(
  consul: Consul,
  signal?: AbortSignal,
): Promise<readonly CatalogNode[]> {
  const names = await serviceNames(consul, signal);
  const nodes = await readAll(consul, '/v1/catalog/nodes', PlainNode, signal);
  const services = new Map<string, WireService[]>();
  const readNext = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const path = `/v1/catalog/service/${encodeURIComponent(name)}`;
      for (const instance of await readAll(consul, path, NodeService, signal)) {
        add(services, instance.Node, {
          ID: instance.ServiceID,
          Service: instance.ServiceName,
          Tags: instance.ServiceTags,
          Kind: instance.ServiceKind,
          Meta: instance.ServiceMeta,
        });
      }
    }
  };
  await Promise.all(Array.from({ length: MAX_CONCURRENT_REQUESTS }, readNext));
  const checks = new Map<string, WireCheck[]>();
  const path = '/v1/health/state/any';
  for (const check of await readAll(consul, path, NodeCheck, signal, { filter: RELEVANT_CHECKS })) {
    add(checks, check.Node, check);
  }
  return nodes.map((node) =>
    catalogNode(node, services.get(node.Node) ?? [], checks.get(node.Node) ?? []),
  );
}

const Services = v.record(v.string(), v.unknown());

async function serviceNames(consul: Consul, signal?: AbortSignal): Promise<string[]> {
  const response = await consul.call({
    method: 'GET',
    path: '/v1/catalog/services',
    staleOk: true,
    retries: true,
    timeoutMs: REQUEST_TIMEOUT_MS,
    signal,
  });
  const services = v.safeParse(Services, consul.parse(response));
  if (!services.success) throw consul.notConsul(response);
  return Object.keys(services.output);
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
    retries: true,
    timeoutMs: REQUEST_TIMEOUT_MS,
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
