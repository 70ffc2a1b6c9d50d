import { setTimeout as sleep } from 'node:timers/promises';
import { heartbeatPeriod } from '../../../src/exec/runJob.ts';
import { startFleet } from '../../fleet/fleet.ts';
import { inChild } from '../child.ts';
import { runCli } from '../cli.ts';
import { type Figures, printTable } from '../figures.ts';

const NODES = 8;
const SILENT_SECONDS = 31;
const QUIET_MS = 2000;
const LARGE = { nodes: 1000, seconds: 60 };

/**
 * Raft writes while nodes work without a word. Counted on a few real agents, which are told to beat
 * as a thousand would be; and worked out for the thousand.
 */
export async function load(): Promise<Figures> {
  const names = Array.from({ length: NODES }, (_, i) => `node-${i + 1}`);
  const config = { disable_coordinates: true };
  const fleet = await startFleet({ clients: names.map((name) => ({ name })), config });
  const count = async (work: () => Promise<unknown>) => {
    const before = await appliedIndex(fleet.address);
    await work();
    return (await appliedIndex(fleet.address)) - before;
  };
  try {
    await untilQuiet(fleet.address);
    const job = `sleep ${SILENT_SECONDS}`;
    // The others never answer; they only make the run as large as it is told to be.
    const absent = Array.from({ length: LARGE.nodes - NODES }, (_, i) => `absent-${i}`);
    const ours = await count(() =>
      inChild('collect', {
        address: fleet.address,
        prefix: '_rexec',
        job: { kind: 'command', text: job },
        quietMs: QUIET_MS,
        targets: { kind: 'nodes', names: [...names, ...absent], filters: { node: '^node-' } },
        journal: false,
      }),
    );
    const cli = await count(() => runCli(fleet.address, ['-node', '^node-', job]));
    return report(ours, cli);
  } finally {
    await fleet.stop();
  }
}

function report(ours: number, cli: number): Figures {
  const our = row('ours', heartbeatPeriod(QUIET_MS, LARGE.nodes), ours);
  const its = row('consul exec', QUIET_MS, cli);
  const title = `load: Raft writes of ${NODES} nodes silent for ${SILENT_SECONDS} s, and worked out for ${LARGE.nodes} silent for ${LARGE.seconds} s`;
  printTable(title, [our, its]);
  return { nodes: NODES, seconds: SILENT_SECONDS, ours: our, cli: its };
}

function row(who: string, heartbeatMs: number, counted: number) {
  const byNodes = NODES * writesPerNode(SILENT_SECONDS, heartbeatMs);
  return {
    who,
    heartbeatMs,
    counted,
    byNodes,
    byClient: counted - byNodes,
    large: LARGE.nodes * writesPerNode(LARGE.seconds, heartbeatMs) + counted - byNodes,
  };
}

/** An acknowledgement, a heartbeat at each full period, and an exit. */
function writesPerNode(seconds: number, heartbeatMs: number): number {
  return 2 + Math.ceil((seconds * 1000) / heartbeatMs) - 1;
}

/** A cluster that has just started still writes for a while by itself. */
async function untilQuiet(address: string): Promise<void> {
  const QUIET_FOR_MS = 10_000;
  for (let before = -1; ;) {
    const now = await appliedIndex(address);
    if (now === before) return;
    before = now;
    await sleep(QUIET_FOR_MS);
  }
}

/** How many entries the server has taken from its Raft log so far. */
async function appliedIndex(address: string): Promise<number> {
  const response = await fetch(`${address}/v1/agent/self`);
  const self = (await response.json()) as { Stats: { raft: { applied_index: string } } };
  return Number(self.Stats.raft.applied_index);
}
