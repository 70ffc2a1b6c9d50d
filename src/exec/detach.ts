/**
 * The reason to abort a run with when this program leaves, but the run is to be picked up again:
 * its session and keys are left alone, and end by their TTL unless somebody does.
 */
export class Detach extends Error {
  override readonly name = 'Detach';
}

export function isDetached(signal: AbortSignal | undefined): boolean {
  return signal?.reason instanceof Detach;
}
