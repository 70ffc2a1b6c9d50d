import { statSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../setup/command.ts';
import { repository } from '../../setup/repository.ts';
import { temporaryFolder } from '../../setup/temporaryFolder.ts';
import { buildVsix } from '../../setup/vsix.ts';
import { type Figures, median, printTable, rounded } from '../figures.ts';
import { unpackedSize } from '../zip.ts';

const RUNS = 15;

interface Activation {
  /** Loading Node modules that an extension host has already loaded; not counted in the total. */
  readonly builtins: number;
  readonly require: number;
  readonly activate: number;
}

/** Measures what the extension costs a window that never uses it: activation time and size. */
export async function start(): Promise<Figures> {
  const vsix = await buildVsix();
  const bundle = join(repository, 'dist', 'extension.cjs');
  const activations: Activation[] = [];
  for (let i = 0; i < RUNS; i++) activations.push(await activate(bundle));
  const of = (time: (activation: Activation) => number) => rounded(median(activations.map(time)));
  const figures = {
    builtins: of((time) => time.builtins),
    require: of((time) => time.require),
    activate: of((time) => time.activate),
    total: of((time) => time.require + time.activate),
    vsixKb: rounded(statSync(vsix).size / 1000),
    installedKb: rounded(unpackedSize(vsix) / 1000),
    bundleKb: rounded(statSync(bundle).size / 1000),
  };
  printTable('start: ms to activate in a fresh process; sizes in kB', [figures]);
  return figures;
}

async function activate(bundle: string): Promise<Activation> {
  const script = join(import.meta.dirname, '..', 'children', 'activate.ts');
  const storage = temporaryFolder('storage');
  const printed = await runCommand(process.execPath, [script, bundle, storage.path]);
  storage.remove();
  return JSON.parse(printed) as Activation;
}
