import { setTimeout as sleep } from 'node:timers/promises';
import type { RunEvent } from '../../src/exec/events/runEvent.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { fireEvent } from '../../src/consul/event.ts';
import type { FleetAgent } from '../fleet/agent.ts';
import { type CountedFleet, startCountedFleet } from './countedFleet.ts';

const NODES = 6;
const WORK_SECONDS = 4;
const QUIET_MS = 2000;
/** Agents note on disk at most every 500 ms which events they have seen, and forget later ones. */
const NOISE = { events: 3, everyMs: 120 };
const RESTARTED = 3;
const DOWN_MS = { min: 50, max: 1000 };
/** A restarted agent is alive and has heard of the latest events after this. */
const SETTLE_MS = 2500;

/**
 * Agents are killed while they run a job, and started again. They forget the latest events, and hear
 * of them once more from others; none may run the job again.
 */
export async function restarts(runs: number): Promise<Record<string, number>> {
  const counted = await startCountedFleet(NODES);
  const figures = { runs: 0, restarts: 0, receivedAgain: 0, ranTwice: 0 };
  try {
    while (figures.runs < runs) {
      await once(counted, figures);
      figures.runs++;
    }
    figures.receivedAgain = await receivedAgain(counted.fleet.clients);
  } finally {
    await counted.stop();
  }
  return figures;
}

async function once(counted: CountedFleet, figures: Record<string, number>) {
  const { names, fleet } = counted;
  const consul = counted.connect();
  const { id, job } = counted.countedJob(WORK_SECONDS);
  for (let i = 0; i < NOISE.events; i++) {
    await fireEvent(consul, 'noise', '', { node: '^n[0-9]$' });
    await sleep(NOISE.everyMs);
  }
  const request = {
    job,
    announcements: [{ node: '^n[0-9]$' }],
    targets: names,
    options: { prefix: '_rexec', quietMs: QUIET_MS, replicationWaitMs: 0 },
  };
  // Every second run waits for a node that does not respond, and is told again.
  const frozen = (figures['runs'] ?? 0) % 2 === 1 ? fleet.clients.at(-1) : undefined;
  frozen?.freeze();
  const restarting: Promise<void>[] = [];
  const events: RunEvent[] = [];
  for await (const event of runJob(consul, request)) {
    events.push(event);
    const agent = 'node' in event ? fleet.agent(event.node) : undefined;
    if (event.kind !== 'acknowledged' || !agent || restarting.length >= RESTARTED) continue;
    restarting.push(restart(agent));
  }
  await Promise.all(restarting);
  frozen?.resume();
  await sleep(SETTLE_MS);
  for (const [node, count] of counted.runsOf(id)) {
    if (count <= 1) continue;
    figures['ranTwice'] = (figures['ranTwice'] ?? 0) + 1;
    process.stderr.write(`${id}: ${node} ran ${count} times\n`);
  }
  figures['restarts'] = (figures['restarts'] ?? 0) + restarting.length;
  await consul.close();
}

async function restart(agent: FleetAgent): Promise<void> {
  await sleep(Math.random() * 600);
  process.kill(agent.pid, 'SIGKILL');
  await sleep(DOWN_MS.min + Math.random() * (DOWN_MS.max - DOWN_MS.min));
  await agent.start();
}

/** How often an agent was given a job's event that it could not take up. */
async function receivedAgain(agents: readonly FleetAgent[]): Promise<number> {
  const logs = await Promise.all(agents.map((agent) => agent.log()));
  return logs.join('\n').match(/failed to decode remote exec|remote exec aborted/g)?.length ?? 0;
}
