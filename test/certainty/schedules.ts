import { setTimeout as sleep } from 'node:timers/promises';
import { Detach } from '../../src/exec/run/detach.ts';
import { resumeRun } from '../../src/exec/run/resumeRun.ts';
import type { RunEvent } from '../../src/exec/events/runEvent.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { AttemptLog } from '../../src/exec/events/attemptLog.ts';
import { type Fault, startFaultProxy } from '../consul/support/faultProxy.ts';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import type { FleetAgent } from '../fleet/agent.ts';
import { cutOff, reconnect } from './ownNetwork.ts';
import { type CountedFleet, startCountedFleet } from './countedFleet.ts';

const NODES = 5;
const QUIET_MS = 1500;
/** After a run, frozen agents are resumed; then a late one would have run the job within this. */
const AFTERWARDS_MS = 2500;
/** Every so often it is checked that nothing runs half a minute later either. */
const LONG_AFTERWARDS = { every: 25, ms: 30_000 };

type Random = () => number;

/** The same schedules for the same seed. */
function mulberry32(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

interface Figures extends Record<string, number> {
  schedules: number;
  ranTwice: number;
  /** Reported as "no response", yet it ran. */
  wronglyNoResponse: number;
  /** A node that never began, and of which the run said so. */
  noResponse: number;
  notKnown: number;
  responded: number;
  laterAttempts: number;
  partitions: number;
  reloads: number;
  stops: number;
}

/**
 * Random schedules: agents are frozen, resumed, cut off, killed and restarted around the announcement,
 * windows are reloaded, runs are stopped, answers are cut. Never twice, and "no response" has not run.
 */
export async function schedules(count: number): Promise<Figures> {
  const figures: Figures = {
    schedules: 0,
    ranTwice: 0,
    wronglyNoResponse: 0,
    noResponse: 0,
    notKnown: 0,
    responded: 0,
    laterAttempts: 0,
    partitions: 0,
    reloads: 0,
    stops: 0,
  };
  const counted = await startCountedFleet(NODES);
  const seed = Number(process.env['SEED'] ?? Date.now() % 1e6);
  process.stdout.write(`seed ${seed}\n`);
  const random = mulberry32(seed);
  try {
    while (figures.schedules < count) {
      await runSchedule(counted, random, figures);
      figures.schedules++;
      if (figures.schedules % 20 === 0) process.stdout.write(`${JSON.stringify(figures)}\n`);
    }
  } finally {
    await counted.stop();
  }
  return figures;
}

async function runSchedule(counted: CountedFleet, random: Random, figures: Figures) {
  const { fleet, names } = counted;
  const { id, job } = counted.countedJob(random() < 0.5 ? 0 : 0.5);
  const proxy = await startFaultProxy(fleet.address);
  const faults: readonly Fault[] = [
    { kind: 'cutAfter' },
    { kind: 'cutBefore' },
    { kind: 'answer', status: 503, body: '<html>busy</html>' },
    { kind: 'answer', status: 500, body: 'rpc error making call: EOF' },
  ];
  const fault = random() < 0.4 ? faults[Math.floor(random() * faults.length)] : undefined;
  let faultsLeft = fault ? 1 + Math.floor(random() * 2) : 0;
  const isFaulty = (url: string) =>
    random() < 0.5 ? url.startsWith('/v1/event/fire') : url.startsWith('/v1/txn');
  proxy.faults = ({ url }) => (faultsLeft > 0 && isFaulty(url) && faultsLeft-- ? fault : undefined);

  const consul = new Consul({ endpoint: parseAddress(proxy.address) });
  const disturbed = disturb(fleet.clients, random, figures);
  const events: RunEvent[] = [];
  const isStopped = random() < 0.2;
  const isReloaded = !isStopped && random() < 0.35;
  const leave = new AbortController();
  const leaveAt = random() * 3500;
  if (isStopped) setTimeout(() => leave.abort(), leaveAt);
  if (isReloaded) setTimeout(() => leave.abort(new Detach()), leaveAt);
  const request = {
    job,
    announcements: [{ node: '^n[0-9]$' }],
    targets: names,
    options: { prefix: '_rexec', quietMs: QUIET_MS, replicationWaitMs: 0 },
  };
  try {
    for await (const event of runJob(consul, request, leave.signal)) events.push(event);
    if (isReloaded && !events.some(({ kind }) => kind === 'finished')) {
      figures.reloads++;
      await resume(consul, events, request);
    }
    if (isStopped) figures.stops++;
  } catch (error) {
    if (events.some(({ kind }) => kind === 'announced')) throw error;
    // Nothing was announced, so nothing may have run.
    events.push({ kind: 'warning', at: 0, text: String(error) });
  }
  await disturbed;
  for (const agent of fleet.clients) agent.resume();
  const isLong = figures.schedules % LONG_AFTERWARDS.every === 0;
  await sleep(isLong ? LONG_AFTERWARDS.ms : AFTERWARDS_MS);
  judge(counted, id, events, figures);
  await consul.close();
  await proxy.close();
  const killed = fleet.clients.filter(({ running }) => !running);
  await Promise.all(killed.map((agent) => agent.start()));
}

/** Continues as another window would, from what was recorded. */
async function resume(
  consul: Consul,
  events: RunEvent[],
  { job, targets, options }: Parameters<typeof runJob>[1],
) {
  const started = events.find((event) => event.kind === 'started');
  if (!started) return;
  const log = new AttemptLog();
  for (const event of events) log.apply(event);
  const attempts = [
    { session: started.sessions[0]?.session ?? '', nodes: [] },
    ...log.further.map(({ session, nodes }) => ({ session, nodes })),
  ];
  const part = {
    datacenter: 'dc1',
    consul,
    attempts,
    job,
    prefix: started.prefix,
    targets: targets ?? [],
    fenced: (targets ?? []).filter((node) => log.isFenced(node)),
    keepers: log.keepers('dc1'),
    quietMs: options.quietMs,
    heartbeatMs: started.heartbeatMs,
  };
  for await (const event of resumeRun([part], [])) events.push(event);
}

/** What happens to the agents while the run goes on, each at a random time. */
async function disturb(
  agents: readonly FleetAgent[],
  random: Random,
  figures: Figures,
): Promise<void> {
  await Promise.all(
    agents.map(async (agent) => {
      const kind = random();
      if (kind < 0.35) return;
      await sleep(Math.max(0, random() * 600 - 100));
      if (kind < 0.55) {
        agent.freeze();
        await sleep(random() * 6000);
        agent.resume();
      } else if (kind < 0.75) {
        cutOff(agent.ip);
        await sleep(random() * 6000);
        reconnect(agent.ip);
        figures.partitions++;
      } else if (kind < 0.9) {
        agent.freeze(); // until the run is over
      } else {
        await agent.kill();
        await sleep(random() * 2000);
        await agent.start();
      }
    }),
  );
}

function judge(
  counted: CountedFleet,
  id: string,
  events: readonly RunEvent[],
  figures: Figures,
): void {
  const log = new AttemptLog();
  for (const event of events) log.apply(event);
  if (log.further.some(({ nodes }) => nodes.length > 0)) figures.laterAttempts++;
  const began = new Set(events.flatMap((event) => ('node' in event ? [event.node] : [])));
  for (const [node, count] of counted.runsOf(id)) {
    const isNoResponse = !began.has(node) && log.isFenced(node);
    if (count > 1) figures.ranTwice++;
    if (isNoResponse && count > 0) figures.wronglyNoResponse++;
    if (count > 1 || (isNoResponse && count > 0)) {
      process.stderr.write(`${id}: ${node} ran ${count} times: ${JSON.stringify(events)}\n`);
    }
    if (began.has(node)) figures.responded++;
    else if (isNoResponse) figures.noResponse++;
    else figures.notKnown++;
  }
}
