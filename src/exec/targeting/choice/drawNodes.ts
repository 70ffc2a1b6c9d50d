import { createHash, randomInt } from 'node:crypto';

/** How many nodes to draw at random, and the seed that decides which. */
export interface Draw {
  readonly count: number;
  readonly seed: string;
}

export function newSeed(): string {
  return String(randomInt(1000, 10_000));
}

/**
 * Reads `5`, `10%`, or `5 seed 4821`.
 * @param total how many nodes there are to draw from
 * @param seed if the text has none
 * @returns undefined for anything else, and for fewer than one node or more than there are
 */
export function parseDraw(text: string, total: number, seed: string): Draw | undefined {
  const [, digits, percent, given] =
    /^\s*(\d+(?:\.\d+)?)\s*(%)?(?:[\s,]+seed[\s:=]+(\S+))?\s*$/i.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const amount = Number(digits);
  if (percent !== undefined && amount > 100) return undefined;
  const count = percent === undefined ? amount : Math.max(1, Math.round((total * amount) / 100));
  if (!Number.isInteger(count) || count < 1 || count > total || amount === 0) return undefined;
  return { count, seed: given ?? seed };
}

/**
 * Draws labels of nodes. The same seed draws the same nodes on every machine, and mostly the same if a few
 * nodes joined or left since, because every node has a rank of its own.
 */
export function drawNodes(labels: Iterable<string>, { count, seed }: Draw): string[] {
  return [...new Set(labels)]
    .map((label) => ({ label, rank: rankOf(label, seed) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ label }) => label)
    .sort();
}

function rankOf(label: string, seed: string): string {
  return createHash('sha256').update(`${seed}\0${label}`).digest('hex');
}
