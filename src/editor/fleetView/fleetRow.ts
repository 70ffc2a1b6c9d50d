import type { FleetGroup } from '../../exec/fleet/fleetGroups.ts';
import type { FleetNode } from './fleetNode.ts';
import type { FleetDatacenter } from './openFleet.ts';

/** What a row of the Fleet view shows. */
export type FleetContent =
  | { readonly kind: 'run'; readonly count: number }
  | { readonly kind: 'filter' }
  | { readonly kind: 'datacenter'; readonly datacenter: FleetDatacenter }
  | {
      readonly kind: 'group';
      readonly datacenter: FleetDatacenter;
      readonly group: FleetGroup<FleetNode>;
    }
  | { readonly kind: 'node'; readonly target: FleetNode }
  /** More rows of a place in the tree, which `key` identifies. */
  | { readonly kind: 'more'; readonly key: string; readonly count: number };

/** Only the Fleet view creates rows. Commands can be called with other objects too. */
export class FleetRow {
  readonly content: FleetContent;
  readonly parent: FleetRow | undefined;

  constructor(content: FleetContent, parent?: FleetRow) {
    this.content = content;
    this.parent = parent;
  }
}

/** The nodes of rows: of a group or a datacenter, all that are shown. Each node once. */
export function nodesOfRows(
  rows: readonly FleetRow[],
  shownIn: (datacenter: FleetDatacenter) => readonly FleetNode[],
): FleetNode[] {
  const nodes = rows.flatMap(({ content }) => {
    if (content.kind === 'node') return [content.target];
    if (content.kind === 'group') return content.group.nodes;
    return content.kind === 'datacenter' ? shownIn(content.datacenter) : [];
  });
  return [...new Map(nodes.map((node) => [node.label, node])).values()];
}
