import type { OutputGroup } from './outputGrouping.ts';

/**
 * The nodes whose output or exit code no node of the earlier runs had.
 * @param before groups of the earlier runs, with the same differences ignored
 */
export function nodesWithNewOutput(
  groups: readonly OutputGroup[],
  before: readonly OutputGroup[],
): string[] {
  const known = new Set(before.map(({ id }) => id));
  return groups
    .filter(({ id, code }) => code !== undefined && !known.has(id))
    .flatMap(({ nodes }) => nodes);
}
