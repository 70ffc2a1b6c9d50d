import { setImmediate as nextIteration } from 'node:timers/promises';

/** Long enough for efficient work, short enough that other work on the event loop isn't delayed. */
const MAX_BLOCK_MS = 12;

/** Call and await this between steps of work. Returns undefined if there is no need to yield. */
export type MaybeYield = () => Promise<void> | undefined;

/**
 * For work that would block the event loop: the returned function, awaited between steps, lets other work
 * run from time to time.
 */
export function createYielder(): MaybeYield {
  let since = performance.now();
  return () => {
    if (performance.now() - since < MAX_BLOCK_MS) return undefined;
    return nextIteration().then(() => {
      since = performance.now();
    });
  };
}
