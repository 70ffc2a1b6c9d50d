import { setTimeout as sleep } from 'node:timers/promises';
import { announce } from '../../src/exec/attempt/announce.ts';
import { eventPayload } from '../../src/exec/protocol/execEvent.ts';
import { attemptsOf } from '../consul/support/runs.ts';
import { startCountedFleet } from './countedFleet.ts';

const NODES = 9;
/** Longer than gossip takes to reach every agent, and than a job takes to begin. */
const SETTLE_MS = 1500;

/** A fence races the agents, 0 to 50 ms after the event: for each node exactly one of both wins. */
export async function race(races: number): Promise<Record<string, number>> {
  const counted = await startCountedFleet(NODES, {
    // Fast gossip, so that agents win about as often as the fence does.
    config: { gossip_lan: { gossip_interval: '10ms' } },
  });
  const figures = { races: 0, fenceWon: 0, agentWon: 0, bothOrNone: 0, ranTwice: 0 };
  const once = async () => {
    const consul = counted.connect();
    const { id, job } = counted.countedJob();
    const attempts = attemptsOf(consul, job);
    const first = await attempts.open(undefined);
    await attempts.writeJob(first, undefined);
    const fencer = await attempts.open(undefined);
    const payload = eventPayload(first.eventPrefix, first.lease.session);
    await announce(consul, payload, { node: '^n[0-9]$' }, undefined);
    await sleep(Math.random() * 50);
    const [result] = await attempts.fence(counted.names, fencer, 10_000);
    const { fenced = [], begun = [], unknown = counted.names } = result ?? {};
    await sleep(SETTLE_MS);
    const runs = counted.runsOf(id);
    for (const node of counted.names) {
      figures.races++;
      const count = runs.get(node) ?? 0;
      if (count > 1) figures.ranTwice++;
      const isFenced = fenced.includes(node);
      if (isFenced) figures.fenceWon++;
      if (begun.includes(node)) figures.agentWon++;
      if (unknown.includes(node) || isFenced === count > 0) figures.bothOrNone++;
    }
    await attempts.close(false, 10_000);
    await consul.close();
  };
  try {
    while (figures.races < races) await Promise.all(Array.from({ length: 6 }, once));
  } finally {
    await counted.stop();
  }
  return figures;
}
