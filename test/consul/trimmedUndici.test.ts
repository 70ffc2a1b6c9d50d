import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { build, type BuildOptions } from 'esbuild';
import { repository } from '../setup/repository.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';

const folder = temporaryFolder('undici');
after(() => folder.remove());

const buildScript = pathToFileURL(join(repository, 'esbuild.mjs')).href;
const { bundling } = (await import(buildScript)) as { bundling: BuildOptions };

test('what is left of undici in the bundle reaches agents in every way', async () => {
  const bundle = join(folder.path, 'undici.cjs');
  const hook = join(folder.path, 'hook.mjs');
  const entry = join(repository, 'node_modules', 'undici', 'index.js');
  await build({ ...bundling, entryPoints: [entry], outfile: bundle, minify: true });
  writeFileSync(
    hook,
    `import { registerHooks } from 'node:module';
    const url = ${JSON.stringify(pathToFileURL(bundle).href)};
    registerHooks({
      resolve: (specifier, context, next) =>
        specifier === 'undici' ? { url, format: 'commonjs', shortCircuit: true } : next(specifier, context),
    });`,
  );
  const tests = join(repository, 'test', 'consul', 'connections.test.ts');
  const { code, output } = await runNode(['--import', pathToFileURL(hook).href, '--test', tests]);
  assert.equal(code, 0, output);
});

function runNode(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  // The runner would take a child's tests for its own.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
