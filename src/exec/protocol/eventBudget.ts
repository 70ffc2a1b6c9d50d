import type { EventFilters } from '../../consul/event.ts';

// Layers above exec do not import consul, but show filters.
export type { EventFilters };

/**
 * Bytes that an event's payload and filters share. Serf takes 512 bytes after encoding; names, ids
 * and the Lamport time use the rest. Measured on 1.8.7 (PROTOCOL.md §3.2), less what the Lamport
 * time can still grow.
 */
const EVENT_BYTES = 400;

/** Bytes of filters that an event has room for beside its payload. */
export function filterBudget(payloadBytes: number): number {
  return EVENT_BYTES - payloadBytes;
}

/** Bytes that the filters use: their UTF-8 bytes and msgpack's headers. */
export function filterSize({ node, service, tag }: EventFilters): number {
  return [node, service, tag].reduce((sum, text) => {
    if (!text) return sum;
    const bytes = Buffer.byteLength(text);
    return sum + 3 + (bytes < 32 ? 1 : bytes < 256 ? 2 : 3) + bytes;
  }, 0);
}
