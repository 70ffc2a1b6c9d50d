import { setImmediate as nextTurn } from 'node:timers/promises';

/** Long enough to get on, short enough that nobody waits for the event loop. */
const TURN_MS = 12;

/**
 * For work that would hold up the event loop: awaited between its steps, it lets others have their
 * turn now and then.
 */
export function takeTurns(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < TURN_MS) return undefined;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}
