import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import type { Job } from '../../src/exec/protocol/job.ts';
import type { ConsulConfig } from '../fleet/config.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';

/** Agents that count, each in a file of its own, how often a job ran on them. */
export interface CountedFleet {
  readonly fleet: Fleet;
  readonly names: readonly string[];
  connect(): Consul;
  /** A job that nodes count under an id of its own, then work for a while. */
  countedJob(seconds?: number): { readonly id: string; readonly job: Job };
  /** How often each node ran the job with this id. */
  runsOf(id: string): ReadonlyMap<string, number>;
  stop(): Promise<void>;
}

/** Gossip settings are Consul's own defaults: they decide which events miss a node. */
export async function startCountedFleet(
  count: number,
  options: { readonly servers?: number; readonly config?: ConsulConfig } = {},
): Promise<CountedFleet> {
  const folder = temporaryFolder('counts');
  const names = Array.from({ length: count }, (_, i) => `n${i}`);
  const servers = Array.from({ length: options.servers ?? 1 }, (_, i) => ({
    name: `server-${i + 1}`,
    remoteExec: false,
  }));
  const fleet = await startFleet({
    servers,
    clients: names.map((name) => ({ name, env: { COUNT_FILE: join(folder.path, name) } })),
    defaultTimings: true,
    config: { performance: { raft_multiplier: 1 }, ...options.config },
  });
  return {
    fleet,
    names,
    connect: () => new Consul({ endpoint: parseAddress(fleet.address) }),
    countedJob(seconds = 0) {
      const id = randomUUID();
      const work = seconds > 0 ? `; sleep ${seconds}` : '';
      return { id, job: { kind: 'command', text: `echo ${id} >>"$COUNT_FILE"; echo done${work}` } };
    },
    runsOf: (id) =>
      new Map(names.map((name) => [name, countLines(join(folder.path, name), id)] as const)),
    async stop() {
      await fleet.stop();
      folder.remove();
    },
  };
}

function countLines(file: string, line: string): number {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((text) => text === line).length;
  } catch {
    return 0; // nothing ran on this node yet
  }
}
