import { startFleet } from '../../fleet/fleet.ts';
import { type Figures, MB, median, printTable, rounded } from '../figures.ts';
import { type ForgedFleet, linesOf } from '../forgedFleet.ts';
import { type CliRun, cliForgedRun, type OurRun, ourForgedRun } from '../forgedRuns.ts';

interface Case {
  readonly name: string;
  readonly fleet: ForgedFleet;
  readonly runs: number;
}

const CASES: readonly Case[] = [
  { name: '14 nodes, 0.6 MB each', fleet: { nodes: 14, bytesPerNode: 600_000 }, runs: 5 },
  { name: 'one node, 100 MB', fleet: { nodes: 1, bytesPerNode: 100_000_000 }, runs: 1 },
];

/** Measures large output: whether lines and bytes arrive complete, how fast, and in how much memory. */
export async function output(): Promise<Figures> {
  const rows: Figures[] = [];
  for (const { name, fleet: forged, runs } of CASES) {
    const fleet = await startFleet({ clients: [] });
    try {
      const ours: OurRun[] = [];
      const cli: CliRun[] = [];
      for (let i = 0; i < runs; i++) {
        // With a journal, as in the editor: output that is too large for memory is read back from there.
        ours.push(await ourForgedRun(fleet.address, forged, true));
        cli.push(await cliForgedRun(fleet.address, forged));
      }
      rows.push({ case: name, runs, ...compare(ours, cli, forged) });
    } finally {
      await fleet.stop();
    }
  }
  printTable('output: times in ms, memory in MB', rows);
  return { cases: rows };
}

function compare(ours: readonly OurRun[], cli: readonly CliRun[], fleet: ForgedFleet): Figures {
  const our = (figure: (run: OurRun) => number) => rounded(median(ours.map(figure)));
  const its = (figure: (run: CliRun) => number) => rounded(median(cli.map(figure)));
  const total = our((run) => run.to - run.from);
  const cliTotal = its((run) => run.to - run.from);
  return {
    total,
    cliTotal,
    ratio: rounded(total / cliTotal),
    afterLastExit: our((run) => run.to - run.written.to),
    cliAfterLastExit: its((run) => run.to - run.written.to),
    brokenLines: our((run) => run.lines - fleet.nodes * linesOf(fleet.bytesPerNode)),
    cliBrokenLines: its((run) => run.brokenLines),
    readPerByte: our((run) => run.bytesRead / run.outputBytes),
    requests: our((run) => run.requests),
    overIdle: our((run) => (run.peakRss - run.idleRss) / MB),
    cliPeak: its((run) => run.peakRss / MB),
    longestBlock: our((run) => run.longestBlock),
    block99: our((run) => run.block99),
  };
}
