import { t } from '@vscode/l10n';
import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import type { EventFilters } from '../../consul/event.ts';
import { type TargetSelection, hasExpression, literalFilters } from './targetSelection.ts';

/**
 * How a selection is sent to the agents, in a few words: `filters as typed`, or `by node names, in 3
 * events`. An expression is not sent as typed if it could reach nodes that were not confirmed.
 * @param events the filters of the run, which `filtersForSelection` made for these nodes
 */
export function describeFilters(
  selection: TargetSelection,
  events: readonly EventFilters[],
  nodes: readonly CatalogNode[],
): string {
  const [only] = events;
  if (only === undefined || events.length > 1) {
    return t({
      message: 'by node names, in {0} events',
      args: [events.length],
      comment: ['How a run addresses its nodes, after a datacenter and a colon'],
    });
  }
  if (hasExpression(selection) && sameFilters(only, literalFilters(selection, nodes))) {
    return t({
      message: 'filters as typed',
      comment: ['How a run addresses its nodes, after a datacenter and a colon'],
    });
  }
  if (only.node) {
    return t({
      message: 'by node names',
      comment: ['How a run addresses its nodes, after a datacenter and a colon'],
    });
  }
  return only.service
    ? t({
        message: 'by service IDs',
        comment: ['How a run addresses its nodes, after a datacenter and a colon'],
      })
    : t({
        message: 'no filters: every node',
        comment: ['How a run addresses its nodes, after a datacenter and a colon'],
      });
}

function sameFilters(a: EventFilters, b: EventFilters): boolean {
  return a.node === b.node && a.service === b.service && a.tag === b.tag;
}
