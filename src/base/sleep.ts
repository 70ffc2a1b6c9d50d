import { setTimeout as wait } from 'node:timers/promises';

/** Resolves after this time, or as soon as the signal is aborted. Never rejects. */
export async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, signal ? { signal } : {}).catch(() => undefined);
}
