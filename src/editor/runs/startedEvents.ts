import type { RunEvent } from '../../exec/events/runEvent.ts';
import { noteLimits } from '../../exec/guard/limitNotes.ts';
import { recoverAtEnd } from '../../exec/guard/recoverResults.ts';
import { type RunPart, runInDatacenters } from '../../exec/run/runInDatacenters.ts';
import { isInSeveral } from '../../runs/model/runNodes.ts';
import type { ListedRun } from './listedRun.ts';
import { missingParts } from './recoveryParts.ts';

/**
 * The events of a run that starts now, with what a guard makes known: which jobs their limit ended, and
 * results that were lost.
 */
export function startedEvents(
  { run, info }: ListedRun,
  parts: readonly RunPart[],
  signal: AbortSignal,
): AsyncIterable<RunEvent> {
  const events = runInDatacenters(parts, signal);
  if (!run || !info.guard) return events;
  const places = parts.map(({ datacenter, consul, request: { options } }) => {
    return { datacenter, consul, options };
  });
  const noted = noteLimits(events, info.id, info.guard.timeLimitSeconds);
  return recoverAtEnd(noted, () => missingParts(run, places), isInSeveral(info), signal);
}
