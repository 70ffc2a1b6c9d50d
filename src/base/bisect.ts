/**
 * Finds the first integer from `low` on that meets a condition, by bisection.
 * @param high meets the condition; it is not tested
 * @param meets must be false up to some integer and true after it
 */
export function bisect(low: number, high: number, meets: (value: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (meets(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
