/** How much history stays. Undefined means no limit. */
export interface Limits {
  readonly ageMs?: number | undefined;
  readonly runs?: number | undefined;
  /** On disk, of all runs together. */
  readonly bytes?: number | undefined;
}

export interface RetentionCandidate {
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly bytes: number;
  /** It stays regardless of the limits: it is pinned or active. */
  readonly isProtected: boolean;
  /** The user removed it, and can still restore it as long as there is space. */
  readonly isRemoved?: boolean;
}

/**
 * Chooses the runs to delete: the oldest, until the rest is within the limits. Protected runs count,
 * but stay. The newest of the others stays even if it is too large, because a run that disappears as
 * soon as it ends is useless. No other run is deleted for the sake of removed ones.
 */
export function chooseExpired<T extends RetentionCandidate>(
  runs: readonly T[],
  limits: Limits,
  now: number,
): T[] {
  const expired = chooseOldest(runs, limits, now);
  const isFreed = (run: T) => run.isRemoved === true && !run.isProtected;
  if (expired.every(isFreed)) return expired;
  const others = runs.filter((run) => !isFreed(run));
  return [...runs.filter(isFreed), ...chooseOldest(others, limits, now)];
}

function chooseOldest<T extends RetentionCandidate>(
  runs: readonly T[],
  limits: Limits,
  now: number,
): T[] {
  const { ageMs = Infinity, runs: maxRuns = Infinity, bytes: maxBytes = Infinity } = limits;
  const expired: T[] = [];
  let count = runs.filter(({ isProtected }) => isProtected).length;
  let bytes = runs.reduce((sum, run) => sum + (run.isProtected ? run.bytes : 0), 0);
  const unprotected = runs
    .filter(({ isProtected }) => !isProtected)
    .toSorted((a, b) => b.createdAt - a.createdAt);
  let isFull = false;
  for (const [i, run] of unprotected.entries()) {
    count++;
    bytes += run.bytes;
    // Once a run is deleted, all older ones are deleted too, so that the history has no holes.
    isFull ||= i > 0 && (count > maxRuns || bytes > maxBytes);
    if (isFull || now - run.createdAt > ageMs) expired.push(run);
  }
  return expired;
}
