import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import type { KnownNodes } from '../targeting/names/knownNodes.ts';
import type { NamedNodes } from '../targeting/names/nameNotation.ts';
import { textMatch } from '../targeting/targetSelection.ts';
import { type DirectiveTargets, nodesNamed } from './directiveTargets.ts';

/** What a directive names among the nodes of its service and tag. */
export interface NamedTargets<T> {
  readonly targets: readonly T[];
  /** How its names were read; undefined if it has no names. */
  readonly named: NamedNodes | undefined;
}

/**
 * The nodes of a service and tag that the expression and the names of a directive mean. Its filter
 * expression is the servers' to evaluate.
 * @param known makes nodes that a text can name
 * @throws FilterSyntaxError
 */
export function namedTargets<T extends { readonly label: string; readonly node: CatalogNode }>(
  { selection, names }: DirectiveTargets,
  all: readonly T[],
  known: (targets: readonly T[]) => KnownNodes,
): NamedTargets<T> {
  const matches = textMatch(selection.node);
  const targets = all.filter(({ node }) => matches(node.name));
  if (names === undefined) return { targets, named: undefined };
  const named = nodesNamed(names, known(targets));
  const wanted = new Set(named.names);
  return { targets: targets.filter(({ label }) => wanted.has(label)), named };
}
