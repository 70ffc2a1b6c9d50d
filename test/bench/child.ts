import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import { repository } from '../setup/repository.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';
import type { ForgeOrder, ForgeReport } from './children/forge.ts';
import type { CollectFigures, CollectOrder } from './collectRun.ts';
import type { Answer } from './serve.ts';

/** The orders and reports of the files in `children`. */
interface Works {
  readonly collect: {
    readonly order: CollectOrder;
    readonly report: CollectFigures & { readonly idleRss: number };
  };
  readonly forge: { readonly order: ForgeOrder; readonly report: ForgeReport };
}

/** A separate process for one kind of work. */
export class Child<Kind extends keyof Works> {
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#process = child;
  }

  static async start<Kind extends keyof Works>(kind: Kind): Promise<Child<Kind>> {
    const child = fork(await bundled(kind), { execArgv: [], serialization: 'json' });
    await message(child);
    return new Child<Kind>(child);
  }

  /** @throws Error with the child's error */
  async do(order: Works[Kind]['order']): Promise<Works[Kind]['report']> {
    const answer = message(this.#process);
    this.#process.send(order);
    const got = (await answer) as Answer<Works[Kind]['report']>;
    if ('error' in got) throw new Error(got.error);
    return got.report;
  }

  end(): void {
    if (this.#process.connected) this.#process.disconnect();
  }
}

/** Executes one order in a separate process. */
export async function inChild<Kind extends keyof Works>(
  kind: Kind,
  order: Works[Kind]['order'],
): Promise<Works[Kind]['report']> {
  const child = await Child.start(kind);
  try {
    return await child.do(order);
  } finally {
    child.end();
  }
}

const bundles = new Map<string, Promise<string>>();

/** Children run the code as it ships: bundled and minified like the extension, with the same parts left out. */
function bundled(name: string): Promise<string> {
  let bundle = bundles.get(name);
  if (!bundle) bundles.set(name, (bundle = buildChild(name)));
  return bundle;
}

async function buildChild(name: string): Promise<string> {
  const buildScript = pathToFileURL(join(repository, 'esbuild.mjs')).href;
  const { bundling } = (await import(buildScript)) as { bundling: BuildOptions };
  const outfile = join(temporaryFolder('bench').path, `${name}.cjs`);
  const entry = join(import.meta.dirname, 'children', `${name}.ts`);
  await build({ ...bundling, entryPoints: [entry], outfile, minify: true });
  return outfile;
}

function message(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a child ended with code ${code}`));
    child.once('exit', ended);
    child.once('message', (value) => {
      child.off('exit', ended);
      resolve(value);
    });
  });
}
