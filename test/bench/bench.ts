import { cpus, loadavg, totalmem } from 'node:os';
import { PlainError } from '../setup/plainError.ts';
import type { Figures } from './figures.ts';
import { editor } from './suites/editor.ts';
import { groups } from './suites/groups.ts';
import { latency } from './suites/latency.ts';
import { load } from './suites/load.ts';
import { output } from './suites/output.ts';
import { scale } from './suites/scale.ts';
import { start } from './suites/start.ts';

const suites: Readonly<Record<string, () => Promise<Figures>>> = {
  latency,
  scale,
  output,
  load,
  groups,
  editor,
  start,
};

/** Runs the named suites, or all. Prints a table for each, and all figures as JSON in the last line. */
async function bench(names: readonly string[]): Promise<void> {
  const unknown = names.find((name) => !(name in suites));
  if (unknown !== undefined) {
    const known = Object.keys(suites).join(', ');
    throw new PlainError(`There is no suite "${unknown}". Use one of: ${known}.`);
  }
  const chosen = names.length > 0 ? names : Object.keys(suites);
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model ?? 'CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
  process.stdout.write(`${machine}, load ${loadavg()[0]?.toFixed(1)}, Node ${process.version}\n`);
  const figures: Record<string, Figures> = {};
  for (const name of chosen) figures[name] = (await suites[name]?.()) ?? {};
  const [only] = chosen;
  const all = chosen.length === 1 && only !== undefined ? figures[only] : figures;
  process.stdout.write(`\n${JSON.stringify(all)}\n`);
}

try {
  await bench(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof PlainError ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
