import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Consul } from '../../src/consul/consul.ts';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import type { EventFilters } from '../../src/consul/event.ts';
import { readInventory } from '../../src/consul/catalog/inventory.ts';
import {
  ANY,
  type TargetSelection,
  selectTargets,
  filtersForSelection,
} from '../../src/exec/targeting/targetSelection.ts';
import { FULL_VISIBILITY } from '../../src/exec/targeting/catalogVisibility.ts';
import type { Job } from '../../src/exec/protocol/job.ts';
import { payloadSize } from '../../src/exec/protocol/execEvent.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { Journal } from '../../src/runs/journal/journal.ts';
import { outputLines } from '../../src/runs/output/outputLines.ts';
import { Run } from '../../src/runs/run.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';
import { clock } from './clock.ts';
import {
  forgedCode,
  type ForgedFleet,
  forgedNames,
  forgedOutput,
  NO_AGENT,
} from './forgedFleet.ts';

/** A run to collect and measure. */
export interface CollectOrder {
  readonly address: string;
  readonly prefix: string;
  readonly job: Job;
  readonly quietMs: number;
  /** The targets: these nodes, a forged fleet, or the nodes of a service according to the catalog. */
  readonly targets:
    | { readonly kind: 'nodes'; readonly names: readonly string[]; readonly filters: EventFilters }
    | { readonly kind: 'forged'; readonly fleet: ForgedFleet }
    | { readonly kind: 'service'; readonly service: string };
  /** Whether the run is written to disk as it arrives, as in the editor. */
  readonly journal: boolean;
}

/** Times are on the shared clock, in milliseconds; sizes in bytes. */
export interface CollectFigures {
  readonly from: number;
  /** When the exit of the last node was in the ledger. */
  readonly lastExit: number;
  /** When the run was over, and its session and keys removed. */
  readonly to: number;
  readonly end: string | undefined;
  readonly nodes: number;
  readonly exited: number;
  readonly outputBytes: number;
  readonly requests: number;
  readonly bytesRead: number;
  /** Complete lines as shown; counted for forged fleets only. */
  readonly lines: number;
  /** Processor time of this process from `from` to `to`, in milliseconds. */
  readonly cpu: number;
  readonly peakRss: number;
  /** The longest time that the event loop was blocked. */
  readonly longestBlock: number;
  /** The 99th percentile of the times that it was blocked. */
  readonly block99: number;
  /** What was lost, duplicated, or wrong; empty if everything is correct. */
  readonly faults: readonly string[];
}

const BACKLOG_BYTES = 8 * 1024 * 1024;

/** Runs a job as the editor does: `runJob` folded into a `Run`, in a process that does nothing else. */
export async function collectRun(order: CollectOrder): Promise<CollectFigures> {
  const folder = order.journal ? temporaryFolder('bench') : undefined;
  const journal = folder && new Journal(join(folder.path, 'journal'));
  const consul = new Consul({ endpoint: parseAddress(order.address) });
  const block = monitorEventLoopDelay({ resolution: 1 });
  block.enable();
  const from = clock();
  const cpuBefore = process.cpuUsage();
  const { targets, announcements } = await resolveTargets(consul, order);
  const run = newRun(order, targets, announcements, journal);
  const request = {
    job: order.job,
    announcements,
    targets,
    options: { prefix: order.prefix, quietMs: order.quietMs, replicationWaitMs: 0 },
  };
  let lastExit = 0;
  let exits = 0;
  for await (const event of runJob(consul, request)) {
    run.apply(event);
    if (event.kind === 'exited') {
      exits++;
      lastExit = clock();
    }
    if (run.backlog > BACKLOG_BYTES) await run.flushed();
  }
  const to = clock();
  const { user, system } = process.cpuUsage(cpuBefore);
  block.disable();
  const peakRss = process.resourceUsage().maxRSS * 1024;
  const { requests, bytesRead } = consul.transport.traffic;
  await consul.close();
  const faults = [
    ...(exits === targets.length ? [] : [`${exits} exits of ${targets.length} nodes`]),
    ...(order.targets.kind === 'forged' ? await forgedFaults(run, order.targets.fleet) : []),
  ];
  const lines = order.targets.kind === 'forged' ? await countLines(run) : 0;
  await run.close();
  folder?.remove();
  const { counts, end, size } = run.ledger;
  return {
    from,
    lastExit,
    to,
    end,
    nodes: size,
    exited: counts.ok + counts.failed,
    outputBytes: run.output.bytes,
    requests,
    bytesRead,
    lines,
    cpu: (user + system) / 1000,
    peakRss,
    longestBlock: block.max / 1e6,
    block99: block.percentile(99) / 1e6,
    faults,
  };
}

interface Resolved {
  readonly targets: readonly string[];
  readonly announcements: readonly EventFilters[];
}

async function resolveTargets(
  consul: Consul,
  { targets, prefix }: CollectOrder,
): Promise<Resolved> {
  switch (targets.kind) {
    case 'nodes':
      return { targets: targets.names, announcements: [targets.filters] };
    case 'forged':
      return { targets: forgedNames(targets.fleet), announcements: [{ node: NO_AGENT }] };
    case 'service': {
      // Like the review: read the catalog, and find filters for exactly these nodes.
      const nodes = await readInventory(consul);
      const service = { kind: 'exactly', names: [targets.service] } as const;
      const choice: TargetSelection = { service, tag: ANY, node: ANY };
      const names = selectTargets(choice, nodes).reached.map(({ name }) => name);
      const announcements = await filtersForSelection(
        choice,
        names,
        nodes,
        payloadSize(prefix),
        FULL_VISIBILITY,
      );
      return { targets: names, announcements };
    }
  }
}

function newRun(
  { job }: CollectOrder,
  targets: readonly string[],
  announcements: readonly EventFilters[],
  journal: Journal | undefined,
): Run {
  const info = {
    id: randomUUID(),
    job,
    title: 'bench',
    announcements,
    targets,
    choice: '',
    datacenters: ['dc1'],
    connection: '',
    createdAt: Date.now(),
  };
  return new Run(info, { journal });
}

/** Compares the collected bytes with the written ones. */
async function forgedFaults(run: Run, fleet: ForgedFleet): Promise<string[]> {
  const faults: string[] = [];
  for (const [i, name] of forgedNames(fleet).entries()) {
    const code = run.ledger.get(name)?.code;
    if (code !== forgedCode(i)) faults.push(`${name} exited ${code}`);
    const bytes = Buffer.from(await run.output.read(name));
    if (!bytes.equals(forgedOutput(i, fleet.bytesPerNode))) {
      faults.push(`${name}: ${bytes.length} bytes differ from what it wrote`);
    }
    if (faults.length > 5) break;
  }
  return faults;
}

async function countLines({ ledger, output }: Run): Promise<number> {
  let lines = 0;
  for (const { node } of ledger.nodes) {
    for await (const batch of outputLines(output, node)) lines += batch.length;
  }
  return lines;
}
