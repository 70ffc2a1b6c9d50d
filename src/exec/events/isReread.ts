import type { RunEvent } from './runEvent.ts';

/** Whether the run was read from the history anew before this event, because it continues. */
export function isReread({ kind }: RunEvent): boolean {
  return kind === 'reopened' || kind === 'recovering' || kind === 'ended';
}
