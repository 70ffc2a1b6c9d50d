/** What to do with nodes that are chosen while others are. */
export type ChoiceOperation = 'add' | 'remove' | 'intersect';

/**
 * The labels after an operation, in the order of the current ones.
 * @param current labels of the nodes that were chosen before
 */
export function combineChoice(
  current: Iterable<string>,
  operation: ChoiceOperation,
  labels: Iterable<string>,
): string[] {
  const before = new Set(current);
  const others = new Set(labels);
  switch (operation) {
    case 'add':
      return [...before.union(others)];
    case 'remove':
      return [...before.difference(others)];
    case 'intersect':
      return [...before].filter((label) => others.has(label));
  }
}
