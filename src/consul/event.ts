import type { Consul } from './consul.ts';

/** Regular expressions (RE2, unanchored) that agents match against themselves; empty = any. */
export interface EventFilters {
  readonly node?: string | undefined;
  readonly service?: string | undefined;
  readonly tag?: string | undefined;
}

/**
 * Sends a user event through gossip. Never repeat this after a timeout: agents that received the first
 * event would run the job twice (PROTOCOL.md §2.5).
 * @param payload at most about 400 bytes together with the filters (PROTOCOL.md §3.2)
 */
export async function fireEvent(
  consul: Consul,
  name: string,
  payload: string,
  filters: EventFilters,
  signal?: AbortSignal,
): Promise<void> {
  await consul.call({
    method: 'PUT',
    path: `/v1/event/fire/${encodeURIComponent(name)}`,
    query: {
      node: orAbsent(filters.node),
      service: orAbsent(filters.service),
      tag: orAbsent(filters.tag),
    },
    body: payload,
    needs: { resource: 'event', access: 'write', segment: name },
    signal,
  });
}

function orAbsent(expression: string | undefined): string | undefined {
  return expression === '' ? undefined : expression;
}
