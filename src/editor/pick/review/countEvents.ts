import { payloadSize } from '../../../exec/protocol/execEvent.ts';
import { canRespond, exactFilters } from '../../../exec/targeting/matchNodes.ts';
import { hasExpression, type TargetSelection } from '../../../exec/targeting/targetSelection.ts';
import type { TargetNode } from '../session/datacenterTargets.ts';
import type { PickSession } from '../session/pickSession.ts';

/** The names of more nodes take too long to divide into events on every change of the selection. */
const MAX_NAMES = 1000;

/**
 * At most how many events a run needs to name its nodes.
 * @returns undefined if it is not known cheaply: a typed expression and all nodes can need just one
 */
export async function countEvents(
  { datacenters, settings }: PickSession,
  selection: TargetSelection,
  targets: readonly TargetNode[],
): Promise<number | undefined> {
  const isAll = targets.length >= datacenters.nodes.filter(canRespond).length;
  if (isAll || targets.length > MAX_NAMES || hasExpression(selection)) return undefined;
  const payloadBytes = payloadSize(settings.prefix);
  let events = 0;
  for (const nodes of Map.groupBy(targets, ({ datacenter }) => datacenter).values()) {
    const names = nodes.map(({ node }) => node.name);
    events += (await exactFilters(names, [], payloadBytes)).length;
  }
  return events;
}
