import type { OutputGroup } from './grouping.ts';

/**
 * Which nodes wrote, or exited with, something that no node of the runs before did.
 * @param before groups of the earlier runs, made as those of this one
 */
export function answeredOtherwise(
  groups: readonly OutputGroup[],
  before: readonly OutputGroup[],
): string[] {
  const known = new Set(before.map(({ id }) => id));
  return groups
    .filter(({ id, code }) => code !== undefined && !known.has(id))
    .flatMap(({ nodes }) => nodes);
}
