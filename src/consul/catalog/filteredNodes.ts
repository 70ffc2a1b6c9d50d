import * as v from 'valibot';
import { BlockedError, ConsulError, ServerError } from '../errors/consulErrors.ts';
import type { Consul } from '../consul.ts';
import { parseArray } from '../http/jsonArray.ts';

/** The servers can't evaluate a filter expression. The message has their own words. */
export class FilterRefusedError extends ConsulError {
  override readonly name = 'FilterRefusedError';
  readonly kind = 'filterRefused';
  /** Where in the expression, from 0; undefined if the servers didn't say. */
  readonly position: number | undefined;

  constructor(words: string) {
    super(words.replace(/^\d+:\d+ \(\d+\): /, ''));
    const [, position] = /^\d+:\d+ \((\d+)\): /.exec(words) ?? [];
    this.position = position === undefined ? undefined : Number(position);
  }
}

const REFUSAL = /Failed to (?:create|parse) (?:the )?boolean expression(?: evaluator)?: */;
const REQUEST_TIMEOUT_MS = 60_000;
/** Node is all that is needed; PeerName is set for a node of another cluster. */
const FilteredNode = v.object({ Node: v.string(), PeerName: v.optional(v.string()) });

/**
 * The names of the nodes for which the servers find a filter expression true. The endpoint of Consul's UI
 * knows the metadata, services, and checks of nodes together; if it is missing or blocked, the
 * documented one knows their names, addresses, and metadata (PROTOCOL.md §4).
 * @throws FilterRefusedError
 * @throws ConsulError
 */
export async function readFilteredNodes(
  consul: Consul,
  filter: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  try {
    const names = await readFrom(consul, '/v1/internal/ui/nodes', filter, signal);
    if (names) return names;
  } catch (error) {
    if (!(error instanceof BlockedError)) throw error;
  }
  return (await readFrom(consul, '/v1/catalog/nodes', filter, signal)) ?? [];
}

/** @returns undefined if this agent doesn't offer the endpoint */
async function readFrom(
  consul: Consul,
  path: string,
  filter: string,
  signal: AbortSignal | undefined,
): Promise<string[] | undefined> {
  const response = await consul
    .call({
      method: 'GET',
      path,
      query: { filter },
      accept: [404],
      staleOk: true,
      timeoutMs: REQUEST_TIMEOUT_MS,
      signal,
    })
    .catch((error: unknown) => {
      throw refusalIn(error) ?? error;
    });
  if (response.status === 404) return undefined;
  const names: string[] = [];
  try {
    for await (const slice of parseArray(response.body)) {
      for (const item of slice) {
        const { Node, PeerName } = v.parse(FilteredNode, item);
        if (!PeerName) names.push(Node);
      }
    }
  } catch {
    throw consul.notConsul(response);
  }
  return names;
}

/** Any status counts: it is 500 in Consul 1.8.7, although the request is to blame. */
function refusalIn(error: unknown): FilterRefusedError | undefined {
  if (!(error instanceof ServerError)) return undefined;
  const [, words] = error.text.split(REFUSAL);
  return words === undefined ? undefined : new FilterRefusedError(words.trim());
}
