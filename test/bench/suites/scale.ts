import { startFleet } from '../../fleet/fleet.ts';
import { type Figures, MB, median, printTable, rounded } from '../figures.ts';
import type { ForgedFleet } from '../forgedFleet.ts';
import { type CliRun, cliForgedRun, type OurRun, ourForgedRun } from '../forgedRuns.ts';
import { startRelay } from '../relay.ts';

const BYTES_PER_NODE = 1024;
/** Number of runs of each size; the last size is a stress case. */
const SIZES = [
  { nodes: 100, runs: 5 },
  { nodes: 1000, runs: 5 },
  { nodes: 10_000, runs: 3 },
  { nodes: 30_000, runs: 1 },
];

/** Measures from a hundred to thirty thousand nodes, each with 1 KiB of output, ours and the CLI in turns. */
export async function scale(): Promise<Figures> {
  const sizes: Figures[] = [];
  for (const { nodes, runs } of SIZES) {
    // A fresh server for each size, so that the log of one size doesn't slow down the next.
    const fleet = await startFleet({ clients: [] });
    try {
      const forged = { nodes, bytesPerNode: BYTES_PER_NODE };
      const ours: OurRun[] = [];
      const cli: CliRun[] = [];
      for (let i = 0; i < runs; i++) {
        ours.push(await ourForgedRun(fleet.address, forged, false));
        cli.push(await cliForgedRun(fleet.address, forged));
      }
      const counted = await countedCliRun(fleet.address, forged);
      sizes.push({ nodes, runs, ...ourFigures(ours), ...cliFigures(cli, counted) });
    } finally {
      await fleet.stop();
    }
  }
  printTable('scale: times in ms after the last exit was written; memory in MB', sizes);
  return { bytesPerNode: BYTES_PER_NODE, sizes };
}

function ourFigures(runs: readonly OurRun[]): Figures {
  const of = (figure: (run: OurRun) => number) => rounded(median(runs.map(figure)));
  const nodes = runs[0]?.nodes ?? 1;
  return {
    writing: of(({ written }) => written.to - written.from),
    inLedger: of((run) => run.lastExit - run.written.to),
    finished: of((run) => run.to - run.written.to),
    perNode: of((run) => (run.to - run.from) / nodes),
    cpuPerNode: of((run) => run.cpu / nodes),
    requests: of((run) => run.requests),
    readPerByte: of((run) => run.bytesRead / run.outputBytes),
    peak: of((run) => run.peakRss / MB),
    overIdle: of((run) => (run.peakRss - run.idleRss) / MB),
    longestBlock: of((run) => run.longestBlock),
    block99: of((run) => run.block99),
  };
}

function cliFigures(runs: readonly CliRun[], counted: Counted): Figures {
  const of = (figure: (run: CliRun) => number) => rounded(median(runs.map(figure)));
  return {
    cliFinished: of((run) => run.to - run.written.to),
    cliExits: of((run) => run.exits),
    cliRequests: counted.requests,
    cliReadPerByte: rounded(counted.readPerByte),
    cliPeak: of((run) => run.peakRss / MB),
  };
}

interface Counted {
  readonly requests: number;
  readonly readPerByte: number;
}

/** Runs the CLI once more, through a relay that counts; its times aren't used. */
async function countedCliRun(address: string, fleet: ForgedFleet): Promise<Counted> {
  const relay = await startRelay(address);
  try {
    await cliForgedRun(address, fleet, relay.address);
    const output = fleet.nodes * fleet.bytesPerNode;
    return { requests: relay.requests, readPerByte: relay.bytesRead / output };
  } finally {
    relay.stop();
  }
}
