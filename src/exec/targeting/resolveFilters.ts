import type { Consul } from '../../consul/consul.ts';
import { readSelf } from '../../consul/agent.ts';
import { ConsulError } from '../../consul/errors/consulErrors.ts';
import type { EventFilters } from '../../consul/event.ts';
import { takeInventory } from '../../consul/catalog/inventory.ts';
import { type TargetSelection, filtersForSelection, hasExpression } from './targetSelection.ts';
import { UNKNOWN_VISIBILITY, assessVisibility } from './catalogVisibility.ts';
import { exactFilters } from './matchNodes.ts';

/** What the user confirmed for one datacenter, and what we know about that datacenter. */
export interface ConfirmedSelection {
  readonly selection: TargetSelection;
  /** Names of the nodes that should run the job, at least one. */
  readonly targets: readonly string[];
  readonly payloadBytes: number;
  /** Whether it is the connected agent's datacenter. */
  readonly isLocal: boolean;
  readonly aclsOff: boolean;
}

/** The user is waiting: fall back to node names after this time. */
const CATALOG_TIMEOUT_MS = 15_000;

/** More names hardly ever fit in one event, and are slow to try. */
const SINGLE_EVENT_NAME_LIMIT = 200;

/**
 * The filters for a confirmed selection. They are made from the catalog as it is now, not as it was
 * when the user looked, because an expression must not reach a node that joined since. If the
 * catalog can't be read, or may hide something, the filters are the targets' names. If the names fit
 * in one event anyway, the catalog is not read.
 */
export async function resolveFilters(
  consul: Consul,
  confirmed: ConfirmedSelection,
): Promise<EventFilters[]> {
  const { selection, targets, payloadBytes, isLocal, aclsOff } = confirmed;
  const byName = () => exactFilters(targets, [], payloadBytes, UNKNOWN_VISIBILITY);
  if (!isLocal && !aclsOff) return byName();
  if (!hasExpression(selection) && targets.length <= SINGLE_EVENT_NAME_LIMIT) {
    const events = await byName();
    if (events.length === 1) return events;
  }
  const timeout = AbortSignal.timeout(CATALOG_TIMEOUT_MS);
  try {
    const [{ nodes, filtered }, self] = await Promise.all([
      takeInventory(consul, undefined, timeout),
      aclsOff ? undefined : readSelf(consul, timeout),
    ]);
    const { hasToken } = consul.transport;
    const visibility = assessVisibility({ aclsOff, self, isLocal, hasToken, filtered }, nodes);
    return await filtersForSelection(selection, targets, nodes, payloadBytes, visibility);
  } catch (error) {
    if (!(error instanceof ConsulError) && !timeout.aborted) throw error;
    return byName();
  }
}
