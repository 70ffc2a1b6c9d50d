const GRACE_MS = 2000;

/**
 * Does something that must not be cut off the moment the user changes their mind, since without its
 * answer nobody knows what came of it: its signal is aborted some time after the given one.
 * @param signal when aborted already, so is the work's
 */
export async function withGrace<T>(
  signal: AbortSignal | undefined,
  work: (late: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  if (!signal || signal.aborted) return work(signal);
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const abort = () => {
    timer = setTimeout(() => late.abort(signal.reason), GRACE_MS);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await work(late.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
