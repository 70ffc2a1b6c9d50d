import { setTimeout as sleep } from 'node:timers/promises';
import { startFleet } from '../../fleet/fleet.ts';
import { Child } from '../child.ts';
import { runCli } from '../cli.ts';
import { clock } from '../clock.ts';
import type { CollectOrder } from '../collectRun.ts';
import { type Figures, median, printTable, rounded } from '../figures.ts';

const NODES = 13;
const RUNS = 9;
const NAMES = Array.from({ length: NODES }, (_, i) => `web-${i + 1}`);
const COMMAND = 'uptime';

/** Measures a trivial command on real agents, from the call to its end. */
export async function latency(): Promise<Figures> {
  const service = (i: number) => ({ id: `nginx-${i}`, name: 'web', tags: ['primary'] });
  const clients = NAMES.map((name, i) => ({ name, services: [service(i)] }));
  // Consul's default timings: users wait for gossip, too.
  const fleet = await startFleet({ clients, defaultTimings: true });
  const child = await Child.start('collect');
  const order = (targets: CollectOrder['targets']): CollectOrder => ({
    address: fleet.address,
    prefix: '_rexec',
    job: { kind: 'command', text: COMMAND },
    quietMs: 2000,
    targets,
    journal: false,
  });
  const known = order({ kind: 'nodes', names: NAMES, filters: { node: '^web-' } });
  const resolved = order({ kind: 'service', service: 'web' });
  try {
    await child.do(known); // warms up the code, as in an editor that has been open for a while
    const runs = [];
    for (let i = 0; i < RUNS; i++) {
      const watching = watchLastExit(fleet.address);
      const ours = await child.do(known);
      const lastExit = await watching;
      const withTargets = await child.do(resolved);
      const cli = await runCli(fleet.address, ['-node', '^web-', COMMAND]);
      for (const { faults, exited } of [ours, withTargets]) {
        if (faults.length > 0 || exited !== NODES) throw new Error(`faults: ${faults.join()}`);
      }
      runs.push({
        ours: ours.to - ours.from,
        afterLastExit: ours.to - lastExit,
        withTargets: withTargets.to - withTargets.from,
        cli: cli.to - cli.from,
        requests: ours.requests,
      });
    }
    return report(runs);
  } finally {
    child.end();
    await fleet.stop();
  }
}

interface Measured {
  readonly ours: number;
  readonly afterLastExit: number;
  readonly withTargets: number;
  readonly cli: number;
  readonly requests: number;
}

function report(runs: readonly Measured[]): Figures {
  const of = (key: keyof Measured) => rounded(median(runs.map((run) => run[key])));
  const [ours, withTargets, cli] = [of('ours'), of('withTargets'), of('cli')];
  const figures = {
    nodes: NODES,
    runs: runs.length,
    ours,
    withTargets,
    cli,
    ratio: rounded(ours / cli),
    ratioWithTargets: rounded(withTargets / cli),
    afterLastExit: of('afterLastExit'),
    requests: of('requests'),
  };
  printTable(`latency: ${COMMAND} on ${NODES} real agents, ms`, [figures]);
  return figures;
}

/** @returns when a client that only polls could see the last exit */
async function watchLastExit(address: string): Promise<number> {
  for (;;) {
    const response = await fetch(`${address}/v1/kv/_rexec/?keys`);
    const keys = response.status === 404 ? [] : ((await response.json()) as string[]);
    if (keys.filter((key) => key.endsWith('/exit')).length === NODES) return clock();
    await sleep(2);
  }
}
