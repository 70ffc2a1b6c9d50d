import { setTimeout as sleep } from 'node:timers/promises';
import { heartbeatPeriod } from '../../../src/exec/protocol/heartbeat.ts';
import { startFleet } from '../../fleet/fleet.ts';
import { inChild } from '../child.ts';
import { runCli } from '../cli.ts';
import { type Figures, printTable } from '../figures.ts';

const NODES = 8;
const SILENT_SECONDS = 31;
const QUIET_MS = 2000;
const LARGE = { nodes: 1000, seconds: 60 };

/**
 * Measures Raft writes while nodes work without output. Counted on a few real agents that send heartbeats
 * as rarely as a thousand would; and calculated for the thousand.
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
    // The other targets don't exist; they only make the run as large as intended.
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
  const title = `load: Raft writes of ${NODES} nodes without output for ${SILENT_SECONDS} s, and calculated for ${LARGE.nodes} for ${LARGE.seconds} s`;
  printTable(title, [our, its]);
  return { nodes: NODES, seconds: SILENT_SECONDS, ours: our, cli: its };
}

function row(client: string, heartbeatMs: number, counted: number) {
  const byNodes = NODES * writesPerNode(SILENT_SECONDS, heartbeatMs);
  return {
    client,
    heartbeatMs,
    counted,
    byNodes,
    byClient: counted - byNodes,
    large: LARGE.nodes * writesPerNode(LARGE.seconds, heartbeatMs) + counted - byNodes,
  };
}

/** An acknowledgment, a heartbeat at each full period, and an exit. */
function writesPerNode(seconds: number, heartbeatMs: number): number {
  return 2 + Math.ceil((seconds * 1000) / heartbeatMs) - 1;
}

/** A cluster that has just started writes for a while by itself. */
async function untilQuiet(address: string): Promise<void> {
  const QUIET_FOR_MS = 10_000;
  for (let before = -1; ;) {
    const now = await appliedIndex(address);
    if (now === before) return;
    before = now;
    await sleep(QUIET_FOR_MS);
  }
}

/** The number of entries that the server has applied from its Raft log. */
async function appliedIndex(address: string): Promise<number> {
  const response = await fetch(`${address}/v1/agent/self`);
  const self = (await response.json()) as { Stats: { raft: { applied_index: string } } };
  return Number(self.Stats.raft.applied_index);
}
