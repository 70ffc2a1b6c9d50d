import type { EventFilters } from '../../consul/event.ts';
import type { CatalogNode } from '../../consul/catalogNode.ts';
import { filterSize } from '../filters.ts';
import { exactExpression } from '../nodeExpression.ts';
import { compileRe2, quoteRe2 } from '../re2.ts';
import { localServices } from '../targets.ts';

/**
 * The filters with a service expression that fits exactly these IDs: all of them spelt out, if there
 * is room, else by the service's name and a number, as IDs are usually made.
 * @param names of the services with these IDs
 * @param room bytes the filters may take
 * @returns undefined when no such expression is short enough
 */
export function withIds(
  filters: EventFilters,
  ids: ReadonlySet<string>,
  names: Iterable<string>,
  nodes: readonly CatalogNode[],
  room: number,
): EventFilters | undefined {
  if (ids.size === 0) return undefined;
  const spelt = { ...filters, service: exactExpression(ids) };
  if (filterSize(spelt) <= room) return spelt;
  const all = new Set(nodes.flatMap((node) => localServices(node).map(({ id }) => id)));
  const some = [...new Set(names)].map(quoteRe2).join('|');
  for (const end of ['[-_.:]?[0-9]+$', '[-_.:].*$', '']) {
    const guess = { ...filters, service: `^(?:${some})${end}` };
    if (filterSize(guess) > room) continue;
    const fits = compileRe2(guess.service);
    if ([...all].every((id) => fits(id) === ids.has(id))) return guess;
  }
  return undefined;
}
