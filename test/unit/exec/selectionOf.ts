import type { EventFilters } from '../../../src/consul/event.ts';
import {
  ANY,
  type TargetSelection,
  type FieldSelection,
} from '../../../src/exec/targeting/targetSelection.ts';

/** The selection that a user would type to get these filters. */
export function selectionOf({ node, service, tag }: EventFilters): TargetSelection {
  return { node: fieldOf(node), service: fieldOf(service), tag: fieldOf(tag) };
}

function fieldOf(expression: string | undefined): FieldSelection {
  return expression ? { kind: 'matching', expression } : ANY;
}
