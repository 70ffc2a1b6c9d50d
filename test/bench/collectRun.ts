import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Consul } from '../../src/consul/consul.ts';
import { parseAddress } from '../../src/consul/address.ts';
import type { EventFilters } from '../../src/consul/event.ts';
import { readInventory } from '../../src/consul/inventory.ts';
import { ANY, type Choice, chosenTargets, choiceFilters } from '../../src/exec/choice.ts';
import { WHOLE } from '../../src/exec/sight.ts';
import type { Job } from '../../src/exec/job.ts';
import { payloadSize, runJob } from '../../src/exec/runJob.ts';
import { Journal } from '../../src/runs/journal.ts';
import { outputLines } from '../../src/runs/outputLines.ts';
import { Run } from '../../src/runs/run.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';
import { clock } from './clock.ts';
import { forgedCode, type ForgedFleet, forgedNames, forgedOutput, NOBODY } from './forgedFleet.ts';

/** A run to collect and measure. */
export interface CollectOrder {
  readonly address: string;
  readonly prefix: string;
  readonly job: Job;
  readonly quietMs: number;
  /** Who is to answer: these nodes, a forged fleet, or the nodes of a service as the catalog has them. */
  readonly targets:
    | { readonly kind: 'nodes'; readonly names: readonly string[]; readonly filters: EventFilters }
    | { readonly kind: 'forged'; readonly fleet: ForgedFleet }
    | { readonly kind: 'service'; readonly service: string };
  /** Whether all of it is written to disk as it comes, as in the editor. */
  readonly journal: boolean;
}

/** Times are on the shared clock, in milliseconds; sizes in bytes. */
export interface CollectFigures {
  readonly from: number;
  /** When the ledger held the exit of the last node. */
  readonly lastExit: number;
  /** When the run was over, its session and keys removed. */
  readonly to: number;
  readonly end: string | undefined;
  readonly nodes: number;
  readonly answered: number;
  readonly outputBytes: number;
  readonly requests: number;
  readonly bytesRead: number;
  /** Whole lines, as they are shown; counted for forged fleets only. */
  readonly lines: number;
  /** Processor time of this process from `from` to `to`, in milliseconds. */
  readonly cpu: number;
  readonly peakRss: number;
  /** The longest that the event loop was held up. */
  readonly longestBlock: number;
  /** Of the time it was held up, the 99th percentile. */
  readonly block99: number;
  /** What was lost, came twice or came wrong; empty when all is well. */
  readonly faults: readonly string[];
}

const BACKLOG_BYTES = 8 * 1024 * 1024;

/** Runs a job as the editor does: `runJob` folded into a `Run`, in a process with nothing else. */
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
    if (run.output.backlog > BACKLOG_BYTES) await run.output.flushed();
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
  await run.output.close();
  folder?.remove();
  const { counts, end, size } = run.ledger;
  return {
    from,
    lastExit,
    to,
    end,
    nodes: size,
    answered: counts.ok + counts.failed,
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
      return { targets: forgedNames(targets.fleet), announcements: [{ node: NOBODY }] };
    case 'service': {
      // What the review does: read the catalog, and find filters for just these nodes.
      const nodes = await readInventory(consul);
      const service = { kind: 'exactly', names: [targets.service] } as const;
      const choice: Choice = { service, tag: ANY, node: ANY };
      const names = chosenTargets(choice, nodes).reached.map(({ name }) => name);
      const announcements = await choiceFilters(choice, names, nodes, payloadSize(prefix), WHOLE);
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
    datacenter: 'dc1',
    connection: '',
    createdAt: Date.now(),
  };
  return new Run(info, { journal });
}

/** Compares byte by byte what was collected with what was written. */
async function forgedFaults(run: Run, fleet: ForgedFleet): Promise<string[]> {
  const faults: string[] = [];
  for (const [i, name] of forgedNames(fleet).entries()) {
    const code = run.ledger.get(name)?.code;
    if (code !== forgedCode(i)) faults.push(`${name} exited ${code}`);
    const bytes = Buffer.from(await run.output.read(name));
    if (!bytes.equals(forgedOutput(i, fleet.bytesPerNode))) {
      faults.push(`${name}: ${bytes.length} bytes are not what it wrote`);
    }
    if (faults.length > 5) break;
  }
  return faults;
}

async function countLines({ ledger, output }: Run): Promise<number> {
  let lines = 0;
  for (const { node } of ledger.nodes) {
    for await (const some of outputLines(output, node)) lines += some.length;
  }
  return lines;
}
