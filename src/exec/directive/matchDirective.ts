import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import { canRespond } from '../targeting/matchNodes.ts';
import { KnownNodes } from '../targeting/names/knownNodes.ts';
import { ANY, selectTargets } from '../targeting/targetSelection.ts';
import type { DirectiveTargets } from './directiveTargets.ts';
import { namedTargets } from './namedTargets.ts';

/**
 * The nodes of one datacenter that a directive means and that can respond.
 * @param filtered names for which its filter expression is true; undefined without one
 * @throws FilterSyntaxError
 */
export function matchDirective(
  targets: DirectiveTargets,
  nodes: readonly CatalogNode[],
  datacenter: string,
  filtered?: ReadonlySet<string>,
): CatalogNode[] {
  const { reached, unreachable } = selectTargets({ ...targets.selection, node: ANY }, nodes);
  const all = [...reached, ...unreachable].map((node) => {
    const { name, address } = node;
    return { label: name, name, address, datacenter, node };
  });
  return namedTargets(targets, all, (known) => new KnownNodes(known))
    .targets.map(({ node }) => node)
    .filter((node) => canRespond(node) && (filtered?.has(node.name) ?? true));
}
