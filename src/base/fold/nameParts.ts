/** Names that differ in their numbers only: `web{}-{}` with the numbers of each name. */
export interface NamePattern {
  /** The text before, between, and after the numbers: one more than there are numbers. */
  readonly texts: readonly string[];
  /** The numbers of each name as digits, with their zeros. */
  readonly numbers: readonly (readonly string[])[];
}

/** Names grouped by the text around their numbers, in the order of these texts. */
export function patternsOf(names: Iterable<string>): NamePattern[] {
  const groups = new Map<string, { texts: string[]; numbers: string[][] }>();
  for (const name of names) {
    const texts = name.split(/[0-9]+/);
    const key = texts.join('\0');
    const group = groups.get(key);
    const numbers = name.match(/[0-9]+/g) ?? [];
    if (group) group.numbers.push(numbers);
    else groups.set(key, { texts, numbers: [numbers] });
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, pattern]) => pattern);
}

/** Shorter numbers first, then by value, as ClusterShell does: 9, 08, 10, 008. */
export function compareDigits(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** The next number with the same zeros: 08 → 09 → 10, and 9 → 10. */
export function nextDigits(digits: string): string {
  const isSafe = digits.length <= 15;
  const next = isSafe ? String(Number(digits) + 1) : String(BigInt(digits) + 1n);
  return next.padStart(digits.length, '0');
}
