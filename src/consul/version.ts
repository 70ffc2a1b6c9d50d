/**
 * Whether a version such as `1.12.7+ent` is this one or a later one.
 * @param minimum such as `1.12.7`; parts that are left out are 0
 * @returns false if the version can't be read
 */
export function isAtLeast(version: string, minimum: string): boolean {
  const actual = partsOf(version);
  if (actual.length < 2) return false;
  const wanted = partsOf(minimum);
  for (const index of [0, 1, 2]) {
    const difference = (actual[index] ?? 0) - (wanted[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function partsOf(version: string): number[] {
  const [numbers = ''] = /^\d+(?:\.\d+){0,2}/.exec(version) ?? [];
  return numbers === '' ? [] : numbers.split('.').map(Number);
}
