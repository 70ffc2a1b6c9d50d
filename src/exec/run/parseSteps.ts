import { t } from '@vscode/l10n';

/** A text that doesn't describe steps. */
export class StepsError extends Error {
  override readonly name = 'StepsError';
}

/**
 * Turns the total numbers of nodes after each step into the sizes of the steps: `1, 10%` of 40 nodes
 * is one node, then three more, then the other 36. The remaining nodes always run last.
 * @param text increasing counts or percentages, separated by commas or blanks
 * @param count number of nodes, at least one
 * @returns at least one step, each with at least one node; their sum is `count`
 * @throws StepsError
 */
export function parseSteps(text: string, count: number): number[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const sizes: number[] = [];
  let assigned = 0;
  for (const total of [...words.map((word) => parseTotal(word, count)), count]) {
    // Of few nodes, 10% and 20% can be the same node. A total beyond the count means all nodes.
    const size = Math.min(total, count) - assigned;
    if (size <= 0) continue;
    sizes.push(size);
    assigned += size;
  }
  return sizes;
}

function parseTotal(word: string, count: number): number {
  const [, digits, percent] = /^(\d{1,9})(%?)$/.exec(word) ?? [];
  const value = Number(digits ?? 0);
  if (value === 0) {
    throw new StepsError(
      t('"{0}" is not a valid step. Enter counts or percentages. Example: 1, 10%, 50%.', word),
    );
  }
  if (percent === '') return value;
  if (value > 100) throw new StepsError(t('"{0}" is more than all nodes.', word));
  return Math.ceil((count * value) / 100);
}
