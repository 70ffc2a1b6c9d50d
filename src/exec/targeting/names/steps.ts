import { createYielder } from '../../../base/yielder.ts';

/** Work in short steps: a long text is read between other work, a short one at once. */
export type Steps<T> = Generator<undefined, T>;

export function doAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** @throws the signal's reason once it is aborted */
export async function doInSlices<T>(steps: Steps<T>, signal: AbortSignal): Promise<T> {
  const maybeYield = createYielder();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    await maybeYield();
    signal.throwIfAborted();
  }
}
