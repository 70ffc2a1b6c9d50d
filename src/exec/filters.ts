import { t } from '@vscode/l10n';
import type { EventFilters } from '../consul/event.ts';
import { compileRe2 } from './re2.ts';

/** The three expressions that travel with a run's event. */
export type Filters = EventFilters;

/** Filters that no event can carry. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}

/**
 * @throws FilterSyntaxError for an expression that is not RE2; FilterError for a tag without a
 * service, which Consul refuses, and for an event that is too large
 */
export function requireValid(filters: EventFilters, payloadBytes: number): void {
  for (const expression of [filters.node, filters.service, filters.tag]) {
    if (expression) compileRe2(expression);
  }
  if (filters.tag && !filters.service) {
    throw new FilterError(t('A tag filter needs a service filter: choose the service first.'));
  }
  const room = filterRoom(payloadBytes);
  const size = filterSize(filters);
  if (size > room) {
    throw new FilterError(
      t(
        'The filters are too long: {0} bytes, and a Consul event has room for {1}. Shorten the expressions.',
        size,
        room,
      ),
    );
  }
}

/**
 * Bytes of filters an event has room for. Serf takes 512 bytes after encoding; names, ids and the
 * Lamport time take theirs. Measured on 1.8.7 (PROTOCOL.md §3.2), less what the clock still grows.
 */
export function filterRoom(payloadBytes: number): number {
  return 400 - payloadBytes;
}

/** Bytes the filters take of that room: their UTF-8 bytes and msgpack's heads. */
export function filterSize({ node, service, tag }: EventFilters): number {
  return [node, service, tag].reduce((sum, text) => {
    if (!text) return sum;
    const bytes = Buffer.byteLength(text);
    return sum + 3 + (bytes < 32 ? 1 : bytes < 256 ? 2 : 3) + bytes;
  }, 0);
}
