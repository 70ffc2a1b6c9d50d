/** How much history is kept. Whatever is undefined has no limit. */
export interface Limits {
  readonly ageMs?: number | undefined;
  readonly runs?: number | undefined;
  /** On disk, of all runs together. */
  readonly bytes?: number | undefined;
}

export interface Keepable {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly bytes: number;
  /** Kept whatever the limits: pinned by the user, or going on. */
  readonly held: boolean;
}

/**
 * Chooses what goes: the oldest, until the limits hold. What is held counts, but stays; and the
 * youngest of the others stays however large it is, since a run that is gone as soon as it ends
 * would be of no use.
 */
export function chooseExpired<T extends Keepable>(
  runs: readonly T[],
  limits: Limits,
  now: number,
): T[] {
  const { ageMs = Infinity, runs: most = Infinity, bytes: mostBytes = Infinity } = limits;
  const expired: T[] = [];
  let count = runs.filter(({ held }) => held).length;
  let bytes = runs.reduce((sum, run) => sum + (run.held ? run.bytes : 0), 0);
  const free = runs.filter(({ held }) => !held).toSorted((a, b) => b.createdAt - a.createdAt);
  let full = false;
  for (const [i, run] of free.entries()) {
    count++;
    bytes += run.bytes;
    // Once one had to go, all that are older go too, so that there are no holes in the history.
    full ||= i > 0 && (count > most || bytes > mostBytes);
    if (full || now - run.createdAt > ageMs) expired.push(run);
  }
  return expired;
}
