import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import type { Reviewable } from '../../exec/review/reviewedNodes.ts';

/** A node of the fleet. */
export interface FleetNode extends Reviewable {
  readonly datacenter: string;
  readonly node: CatalogNode;
  /** `name@datacenter` */
  readonly label: string;
}
