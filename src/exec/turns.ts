import { setImmediate as nextTurn } from 'node:timers/promises';

/** Long enough to get on, short enough that nobody waits for the event loop. */
const TURN_MS = 12;

/** To be awaited between two steps of some work; undefined when there is nothing to wait for. */
export type Turn = () => Promise<void> | undefined;

/**
 * For work that would hold up the event loop: awaited between its steps, it lets others have their
 * turn now and then.
 */
export function takeTurns(): Turn {
  let since = performance.now();
  return () => {
    if (performance.now() - since < TURN_MS) return undefined;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}
