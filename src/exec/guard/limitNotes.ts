import type { RunEvent } from '../events/runEvent.ts';
import { LIMIT_EXIT_CODE, limitLine } from './nodeScripts.ts';

/**
 * Notes which jobs of a guarded run their time limit ended: these exit with 124, and their last line of
 * output names the run, which no other run's output does. An exit code alone could be the job's own.
 * @param limitSeconds undefined for a run without a limit, whose events pass unchanged
 */
export async function* noteLimits(
  events: AsyncIterable<RunEvent>,
  runId: string,
  limitSeconds: number | undefined,
): AsyncGenerator<RunEvent, void> {
  if (limitSeconds === undefined) {
    yield* events;
    return;
  }
  const line = Buffer.from(`${limitLine(runId, limitSeconds)}\n`);
  const ends = new Map<string, Buffer>();
  for await (const event of events) {
    if (event.kind === 'output') {
      const before = ends.get(event.node) ?? Buffer.alloc(0);
      // A copy: a view would keep a whole answer in memory.
      const end = Buffer.concat([before, event.bytes.subarray(-line.length)]);
      ends.set(event.node, Buffer.from(end.subarray(-line.length)));
    }
    const isLimit =
      event.kind === 'exited' &&
      event.code === LIMIT_EXIT_CODE &&
      ends.get(event.node)?.equals(line) === true;
    yield isLimit ? { ...event, limitSeconds } : event;
  }
}
