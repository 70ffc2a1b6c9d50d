import type { Consul } from '../consul/consul.ts';
import { readSelf } from '../consul/agent.ts';
import { ConsulError } from '../consul/errors.ts';
import type { EventFilters } from '../consul/event.ts';
import { takeInventory } from '../consul/inventory.ts';
import { type Choice, choiceFilters, hasExpression } from './choice.ts';
import { BLIND, sightOf } from './sight.ts';
import { exactFilters } from './targets.ts';

/** What was confirmed for one datacenter, and what is known of it. */
export interface Confirmed {
  readonly choice: Choice;
  /** Names of the nodes that are to run the job, at least one. */
  readonly targets: readonly string[];
  readonly payloadBytes: number;
  /** Whether it is the datacenter of the agent spoken to. */
  readonly home: boolean;
  readonly aclsOff: boolean;
}

/** Then names have to do: the user waits. */
const PATIENCE_MS = 15_000;

/**
 * The filters that carry a confirmed choice, from the catalog as it is now and not as it was when
 * the user looked: a node that came since must not be reached by an expression. Where the catalog
 * cannot be read, or may hide something, they are the targets' names; and where the names fit into
 * one event anyway, nothing is asked.
 */
export async function filtersNow(consul: Consul, confirmed: Confirmed): Promise<EventFilters[]> {
  const { choice, targets, payloadBytes, home, aclsOff } = confirmed;
  const byName = () => exactFilters(targets, [], payloadBytes, BLIND);
  if (!home && !aclsOff) return byName();
  if (!hasExpression(choice) && targets.length <= FEW) {
    const events = await byName();
    if (events.length === 1) return events;
  }
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    const [{ nodes, filtered }, self] = await Promise.all([
      takeInventory(consul, undefined, patience),
      aclsOff ? undefined : readSelf(consul, patience),
    ]);
    const { hasToken } = consul.transport;
    const sight = sightOf({ aclsOff, self, home, hasToken, filtered }, nodes);
    return await choiceFilters(choice, targets, nodes, payloadBytes, sight);
  } catch (error) {
    if (!(error instanceof ConsulError) && !patience.aborted) throw error;
    return byName();
  }
}

/** So many names hardly ever fit into one event, and take a while to be tried. */
const FEW = 200;
