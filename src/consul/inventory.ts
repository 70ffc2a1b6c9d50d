import type { Consul } from './consul.ts';
import { goDuration } from './duration.ts';
import { BlockedError } from './errors.ts';
import { readDocumentedInventory } from './inventoryDocumented.ts';
import type { CatalogNode } from './catalogNode.ts';
import { uiNode } from './inventoryWire.ts';
import { parseArray } from './jsonArray.ts';
import { indexOf, NETWORK_ALLOWANCE_MS, type Wait, WAIT_SLACK } from './kv.ts';

/** All nodes at one moment. */
export interface Inventory {
  readonly nodes: readonly CatalogNode[];
  /** To wait on for the next change; 0 when there is nothing to wait on. */
  readonly index: number;
  /**
   * Whether the servers said that they left out what the token may not read (since 1.11, and only
   * to those with a token); undefined where nobody asked.
   */
  readonly filtered: boolean | undefined;
}

/** Reading and unpacking ten thousand nodes takes a server about half a second. */
const SLOWEST_ANSWER_MS = 50_000;

/**
 * Every node of the datacenter with its services and checks.
 * @throws ConsulError
 */
export async function readInventory(
  consul: Consul,
  signal?: AbortSignal,
): Promise<readonly CatalogNode[]> {
  return (await takeInventory(consul, undefined, signal)).nodes;
}

/**
 * Every node of the datacenter with its services and checks, in one request. It goes to the
 * endpoint of Consul's own UI: undocumented, but unchanged from 1.8 to 1.23 (PROTOCOL.md §4). Where
 * that is missing or blocked, the documented ones do, with a request for each service.
 * @throws ConsulError
 */
export async function takeInventory(
  consul: Consul,
  wait?: Wait,
  signal?: AbortSignal,
): Promise<Inventory> {
  return (
    (await readUiNodes(consul, wait, signal)) ?? {
      nodes: await readDocumentedInventory(consul, signal),
      index: 0,
      filtered: undefined,
    }
  );
}

/** @returns undefined when this agent does not offer the endpoint */
async function readUiNodes(
  consul: Consul,
  wait: Wait | undefined,
  signal: AbortSignal | undefined,
): Promise<Inventory | undefined> {
  try {
    const response = await consul.call({
      method: 'GET',
      path: '/v1/internal/ui/nodes',
      staleOk: true,
      query: wait ? { index: String(wait.index), wait: goDuration(wait.waitMs) } : {},
      accept: [404],
      waits: wait !== undefined,
      timeoutMs: (wait?.waitMs ?? 0) * WAIT_SLACK + NETWORK_ALLOWANCE_MS + SLOWEST_ANSWER_MS,
      signal,
    });
    if (response.status === 404) return undefined;
    const nodes: CatalogNode[] = [];
    try {
      for await (const slice of parseArray(response.body)) {
        for (const item of slice) {
          const node = uiNode(item);
          if (node) nodes.push(node);
        }
      }
    } catch {
      throw consul.notConsul(response);
    }
    signal?.throwIfAborted();
    const filtered = response.headers['x-consul-results-filtered-by-acls'] === 'true';
    return { nodes, index: indexOf(response), filtered };
  } catch (error) {
    if (error instanceof BlockedError) return undefined;
    throw error;
  }
}
