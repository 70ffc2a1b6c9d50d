import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks again and again until `check` no longer throws, and gives what it gave.
 * @param timeoutMs milliseconds
 * @throws what `check` threw last
 */
export async function eventually<T>(check: () => Promise<T> | T, timeoutMs = 15_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await sleep(100);
  }
}
