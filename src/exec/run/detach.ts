/**
 * The reason to abort a run with when this window closes and the run is to be resumed: its sessions
 * and keys stay, and expire by their TTL if no window resumes it.
 */
export class Detach extends Error {
  override readonly name = 'Detach';
}

export function isDetached(signal: AbortSignal | undefined): boolean {
  return signal?.reason instanceof Detach;
}

/** The signal for work that no later window resumes: it stops when this window closes, like by the user. */
export function withoutDetach(signal: AbortSignal): AbortSignal {
  const stop = new AbortController();
  signal.addEventListener('abort', () => stop.abort(), { once: true });
  if (signal.aborted) stop.abort();
  return stop.signal;
}
