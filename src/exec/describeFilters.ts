import { t } from '@vscode/l10n';
import type { CatalogNode } from '../consul/catalogNode.ts';
import type { EventFilters } from '../consul/event.ts';
import { type Choice, hasExpression, typedFilters } from './choice.ts';

/**
 * How a choice gets to the agents, in a few words such as `filters as typed` or `by node names, in
 * 3 events`: an expression does not travel where it would reach other nodes than were agreed to.
 * @param events the filters of the run, as `choiceFilters` made them of this choice and these nodes
 */
export function describeFilters(
  choice: Choice,
  events: readonly EventFilters[],
  nodes: readonly CatalogNode[],
): string {
  const [only] = events;
  if (only === undefined || events.length > 1)
    return t('by node names, in {0} events', events.length);
  if (hasExpression(choice) && sameFilters(only, typedFilters(choice, nodes))) {
    return t('filters as typed');
  }
  if (only.node) return t('by node names');
  return only.service ? t('by service IDs') : t('no filters: every node');
}

function sameFilters(a: EventFilters, b: EventFilters): boolean {
  return a.node === b.node && a.service === b.service && a.tag === b.tag;
}
