import { setTimeout as sleep } from 'node:timers/promises';
import { LiveInventory } from '../../src/consul/catalog/liveInventory.ts';
import type { RunEvent } from '../../src/exec/events/runEvent.ts';
import { catchUp } from '../../src/exec/run/catchUp.ts';
import { startCountedFleet } from './countedFleet.ts';

/** An agent that comes and goes while a run waits for it runs the job once. */
export async function flaps(count: number): Promise<Record<string, number>> {
  const counted = await startCountedFleet(3);
  const { fleet } = counted;
  const figures = { flaps: 0, rounds: 0, ran: 0, ranTwice: 0, slowestMs: 0 };
  const agent = fleet.agent('n0');
  try {
    while (figures.flaps < count) {
      figures.rounds++;
      await agent.kill();
      await sleep(1000);
      const { id, job } = counted.countedJob();
      const consul = counted.connect();
      const watch = new LiveInventory(consul);
      const stop = new AbortController();
      const events: RunEvent[] = [];
      const options = { prefix: '_rexec', quietMs: 2000, replicationWaitMs: 0 };
      const request = { consul, watch, job, nodes: ['n0'], forMs: 120_000, options };
      const collecting = (async () => {
        for await (const event of catchUp(request, stop.signal)) events.push(event);
      })();
      for (let i = 0; i < 10 && figures.flaps < count; i++) {
        figures.flaps++;
        await agent.start();
        await sleep(Math.random() * 900);
        await agent.kill();
        await sleep(Math.random() * 300);
      }
      await agent.start();
      await collecting;
      const ran = counted.runsOf(id).get('n0') ?? 0;
      figures.ran += ran > 0 ? 1 : 0;
      if (ran > 1) figures.ranTwice++;
      stop.abort();
      watch.dispose();
      await consul.close();
      process.stdout.write(`${JSON.stringify(figures)}\n`);
    }
    figures.slowestMs = await late(counted);
  } finally {
    await counted.stop();
  }
  return figures;
}

/** @returns how long after it was alive an agent ran the job that was started a minute after the run */
async function late(counted: Awaited<ReturnType<typeof startCountedFleet>>): Promise<number> {
  const agent = counted.fleet.agent('n1');
  await agent.kill();
  const { id, job } = counted.countedJob();
  const consul = counted.connect();
  const watch = new LiveInventory(consul);
  const options = { prefix: '_rexec', quietMs: 2000, replicationWaitMs: 0 };
  const request = { consul, watch, job, nodes: ['n1'], forMs: 180_000, options };
  const events: RunEvent[] = [];
  const collecting = (async () => {
    for await (const event of catchUp(request)) events.push(event);
  })();
  await sleep(60_000);
  await agent.start();
  let aliveAt = 0;
  while ((counted.runsOf(id).get('n1') ?? 0) === 0) {
    const isAlive = watch.nodes?.some(({ name, gossip }) => name === 'n1' && gossip === 'alive');
    if (isAlive && aliveAt === 0) aliveAt = performance.now();
    await sleep(20);
  }
  const ms = Math.round(performance.now() - aliveAt);
  await collecting;
  watch.dispose();
  await consul.close();
  return ms;
}
