import type { CatalogNode } from '../../consul/catalog/catalogNode.ts';
import { KnownNodes } from '../targeting/names/knownNodes.ts';
import { type Notation, readNames } from '../targeting/names/nameNotation.ts';
import { type TargetSelection, selectTargets } from '../targeting/targetSelection.ts';
import type { Hazard } from './hazard.ts';
import { exactly } from './proposedSelection.ts';

/** What a node expression means as a list, range or wildcard. */
export interface ReadAsNames {
  readonly notation: Notation;
  readonly expression: string;
  /** Names of the nodes. */
  readonly named: readonly string[];
  /** The selection of exactly these nodes. */
  readonly fix: TargetSelection;
}

/** @returns undefined if the selection has no node expression, or one that names no node */
export function readAsNames(
  nodes: readonly CatalogNode[],
  selection: TargetSelection,
): ReadAsNames | undefined {
  const { node } = selection;
  if (node.kind !== 'matching') return undefined;
  const { expression } = node;
  const known = KnownNodes.named([...new Set(nodes.map(({ name }) => name))]);
  const read = readNames(expression, known);
  if (!read || read.names.length === 0) return undefined;
  const fix = { ...selection, node: exactly(read.names) };
  return { notation: read.notation, expression, named: read.names, fix };
}

/**
 * A node expression that people of other tools mean as a list, range or wildcard.
 * @param others hazards of the same selection; one whose fix reaches the named nodes says enough
 */
export function notationHazards(
  nodes: readonly CatalogNode[],
  selection: TargetSelection,
  others: readonly Hazard[],
): Hazard[] {
  const read = readAsNames(nodes, selection);
  if (!read) return [];
  const named = new Set(selectTargets(read.fix, nodes).reached);
  const matched = new Set(selectTargets(selection, nodes).reached);
  const different = matched.symmetricDifference(named);
  if (different.size === 0 || named.size === 0) return [];
  const isFixed = others.some(({ fix }) => {
    const reached = new Set(fix && selectTargets(fix, nodes).reached);
    return reached.symmetricDifference(named).size === 0;
  });
  return isFixed ? [] : [{ kind: 'notation', ...read, nodes: [...different] }];
}
