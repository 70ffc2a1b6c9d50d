import { mergeRuns } from '../../exec/events/mergeRuns.ts';
import type { RunEvent } from '../../exec/events/runEvent.ts';
import { withoutDetach } from '../../exec/run/detach.ts';
import { LiveInventory } from '../../consul/catalog/liveInventory.ts';
import type { OutputLimit } from '../../exec/cap/outputLimit.ts';
import { noteLimits } from '../../exec/guard/limitNotes.ts';
import { sentJob } from '../../exec/guard/guardJob.ts';
import { catchUp } from '../../exec/run/catchUp.ts';
import type { RunInfo } from '../../runs/run.ts';
import { isInSeveral, nodesIn } from '../../runs/model/runNodes.ts';
import type { OpenConnection } from '../connections/connectionService.ts';
import { placeIn } from '../connections/runPlace.ts';
import type { RunSettings } from '../base/settings.ts';

export interface CatchUpPlan {
  readonly connection: OpenConnection;
  readonly info: RunInfo;
  /** The run's names of the nodes to wait for, each fenced from every earlier attempt. */
  readonly labels: readonly string[];
  readonly settings: RunSettings;
  readonly forMs: number;
  readonly outputLimit: OutputLimit;
}

/**
 * Reopens a finished run, and runs its job on nodes as their agents return.
 * @param signal stops waiting; also when the window closes, since nothing may begin behind its back
 */
export async function* catchUpEvents(
  plan: CatchUpPlan,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const { info, labels, forMs } = plan;
  yield { kind: 'reopened', at: Date.now(), nodes: labels, until: Date.now() + forMs };
  const stop = withoutDetach(signal);
  const parts = info.datacenters
    .map((datacenter) => ({ datacenter, nodes: [...nodesIn(info, labels, datacenter).keys()] }))
    .filter(({ nodes }) => nodes.length > 0)
    .map(({ datacenter, nodes }) => ({
      datacenter,
      events: partEvents(plan, datacenter, nodes, stop),
    }));
  const [first] = parts;
  const events = first && !isInSeveral(info) ? first.events : mergeRuns(parts, 0);
  yield* noteLimits(events, info.id, info.guard?.timeLimitSeconds);
}

async function* partEvents(
  { connection, info, settings, forMs, outputLimit }: CatchUpPlan,
  datacenter: string,
  nodes: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  const place = await placeIn(connection, datacenter, settings, signal);
  const { consul } = place;
  const options = { ...place.options, outputLimit };
  const watch = new LiveInventory(consul);
  try {
    const job = sentJob(info.job, info.id, info.guard);
    yield* catchUp({ consul, watch, job, nodes, forMs, options }, signal);
  } finally {
    watch.dispose();
  }
}
