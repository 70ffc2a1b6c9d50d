import type { Consul, Wait } from '../consul.ts';
import { BlockedError } from '../errors/consulErrors.ts';
import { readDocumentedInventory } from './inventoryDocumented.ts';
import type { CatalogNode } from './catalogNode.ts';
import { uiNode } from './inventoryWire.ts';
import { parseArray } from '../http/jsonArray.ts';
import { indexOf, NETWORK_ALLOWANCE_MS, WAIT_SLACK } from '../kv.ts';

/** All nodes at one moment. */
export interface Inventory {
  readonly nodes: readonly CatalogNode[];
  /** The index to wait on for the next change; 0 if waiting isn't possible. */
  readonly index: number;
  /**
   * Whether the servers reported that they left out what the token can't read (since 1.11, and only
   * for requests with a token); undefined if the endpoint doesn't report it.
   */
  readonly filtered: boolean | undefined;
}

/** Generous: a server reads and packs ten thousand nodes in about half a second. */
const SERVER_TIME_ALLOWANCE_MS = 50_000;

/**
 * Reads every node of the datacenter with its services and checks.
 * @throws ConsulError
 */
export async function readInventory(
  consul: Consul,
  signal?: AbortSignal,
): Promise<readonly CatalogNode[]> {
  return (await takeInventory(consul, undefined, signal)).nodes;
}

/**
 * Reads every node of the datacenter with its services and checks, in one request. It uses the endpoint
 * of Consul's own UI, which is undocumented, but unchanged from 1.8 to 1.23 (PROTOCOL.md §4). If that is
 * missing or blocked, it uses the documented endpoints, with one request for each service.
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

/** @returns undefined if this agent doesn't offer the endpoint */
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
      wait,
      accept: [404],
      ...(wait && { use: 'catalog' }),
      retries: wait === undefined,
      timeoutMs: (wait?.waitMs ?? 0) * WAIT_SLACK + NETWORK_ALLOWANCE_MS + SERVER_TIME_ALLOWANCE_MS,
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
