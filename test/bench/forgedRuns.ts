import { Child, inChild } from './child.ts';
import type { ForgeReport } from './children/forge.ts';
import { type CliFigures, runCli } from './cli.ts';
import type { CollectFigures } from './collectRun.ts';
import { type ForgedFleet, linesOf, NO_AGENT } from './forgedFleet.ts';

const PREFIX = '_rexec';
/** Thousands of agents write one key each at the same time; this batch size gets a single forger close to that. */
const KEYS_AT_ONCE = 48;
const QUIET_MS = 2000;

export interface OurRun extends CollectFigures {
  readonly idleRss: number;
  readonly written: ForgeReport;
}

/** Collects one run in a separate process, over a fleet forged by another process. */
export async function ourForgedRun(
  address: string,
  fleet: ForgedFleet,
  journal: boolean,
): Promise<OurRun> {
  const child = await Child.start('collect');
  try {
    const forging = forge(address, fleet);
    const figures = await child.do({
      address,
      prefix: PREFIX,
      job: { kind: 'command', text: 'true' },
      quietMs: QUIET_MS,
      targets: { kind: 'forged', fleet },
      journal,
    });
    if (figures.faults.length > 0) throw new Error(figures.faults.join('; '));
    return { ...figures, written: await forging };
  } finally {
    child.end();
  }
}

export interface CliRun extends CliFigures {
  readonly written: ForgeReport;
  /** The number of nodes whose exit it printed. */
  readonly exits: number;
  /** The number of lines it printed in addition to the written ones. */
  readonly brokenLines: number;
}

/**
 * Runs the CLI over the same keys. Its errors are figures too: it might miss nodes.
 * @param via the address to connect to, if not the agent itself
 */
export async function cliForgedRun(
  address: string,
  fleet: ForgedFleet,
  via = address,
): Promise<CliRun> {
  const forging = forge(address, fleet);
  let exits = 0;
  let output = 0;
  const figures = await runCli(via, ['-node', NO_AGENT, 'true'], (line) => {
    if (line.includes('finished with exit code')) exits++;
    else if (/^ +ip-\S+: \S/.test(line)) output++;
  });
  const brokenLines = output - fleet.nodes * linesOf(fleet.bytesPerNode);
  return { ...figures, written: await forging, exits, brokenLines };
}

function forge(address: string, fleet: ForgedFleet): Promise<ForgeReport> {
  return inChild('forge', {
    ...fleet,
    address,
    prefix: PREFIX,
    keysAtOnce: KEYS_AT_ONCE,
  });
}
