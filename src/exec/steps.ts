import { t } from '@vscode/l10n';

/** Steps that cannot be meant as they are written. */
export class StepsError extends Error {
  override readonly name = 'StepsError';
}

/**
 * How many nodes run in each step, from how many are to have run by its end: `1, 10%` of 40 nodes
 * are a first one, three more, and the other 36. The rest always comes last.
 * @param text numbers of nodes or percentages of them, rising, parted by commas or blanks
 * @param count how many nodes there are, at least one
 * @returns at least one step, each of at least one node; together they are `count`
 * @throws StepsError
 */
export function parseSteps(text: string, count: number): number[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  const sizes: number[] = [];
  let before = 0;
  for (const total of [...words.map((word) => parseTotal(word, count)), count]) {
    // Of few nodes, a tenth and a fifth are the same one; and what is beyond all of them is all.
    const size = Math.min(total, count) - before;
    if (size <= 0) continue;
    sizes.push(size);
    before += size;
  }
  return sizes;
}

function parseTotal(word: string, count: number): number {
  const [, digits, percent] = /^(\d{1,9})(%?)$/.exec(word) ?? [];
  const value = Number(digits ?? 0);
  if (value === 0) {
    throw new StepsError(
      t('“{0}” is no step: write numbers of nodes or percentages, such as 1, 10%, 50%.', word),
    );
  }
  if (percent === '') return value;
  if (value > 100) throw new StepsError(t('“{0}” is more than all nodes.', word));
  return Math.ceil((count * value) / 100);
}
