/** How long the work can continue after the abort of the given signal. */
const ABORT_DELAY_MS = 2000;

/**
 * Runs work that shouldn't be interrupted at once when the user cancels, because its outcome would be
 * unknown then. The work's signal is aborted some time after the given one.
 * @param signal if it is already aborted, so is the work's signal
 */
export async function withDelayedAbort<T>(
  signal: AbortSignal | undefined,
  work: (delayed: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (!signal || signal.aborted) return work(signal);
  const delayed = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const abort = () => {
    timer = setTimeout(() => delayed.abort(signal.reason), ABORT_DELAY_MS);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await work(delayed.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
