import assert from 'node:assert/strict';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { repository } from '../../setup/repository.ts';
import { type TemporaryFolder, temporaryFolder } from '../../setup/temporaryFolder.ts';
import { Program } from '../../support/program.ts';

let clone: TemporaryFolder;

/** Creates a clone with one package, `node`, and a fake npm that installs it in moments. */
beforeEach(() => {
  clone = temporaryFolder('bootstrap clone');
  const setup = join(clone.path, 'test', 'setup');
  mkdirSync(setup, { recursive: true });
  for (const file of ['bootstrap.mjs', 'lock.mjs']) {
    cpSync(join(repository, 'test', 'setup', file), join(setup, file));
  }
  write(
    'package-lock.json',
    JSON.stringify({ packages: { 'node_modules/node': { version: '1' } } }),
  );
  write('test/run.ts', 'console.log("handed over to", process.argv.slice(2).join());');
  npm(`
    echo "npm $1" >> "${clone.path}/calls"
    sleep 0.3
    mkdir -p node_modules/node/bin
    ln -sf "${process.execPath}" node_modules/node/bin/node
    cp package-lock.json node_modules/.package-lock.json`);
});
afterEach(() => clone.remove());

const write = (file: string, text: string) => writeFileSync(join(clone.path, file), text);

function npm(script: string): void {
  mkdirSync(join(clone.path, 'bin'), { recursive: true });
  write('bin/npm', `#!/bin/sh\n${script}\n`);
  chmodSync(join(clone.path, 'bin', 'npm'), 0o755);
}

const bootstrap = (task: string, path = [join(clone.path, 'bin'), process.env['PATH']]) =>
  new Program(process.execPath, [join(clone.path, 'test', 'setup', 'bootstrap.mjs'), task], {
    PATH: path.join(delimiter),
  });

test('two commands at once in a fresh clone install the packages once', async () => {
  const both = [bootstrap('unit'), bootstrap('unit')];
  for (const program of both) {
    assert.equal(await program.end(), 0);
    assert.match(program.output, /handed over to unit\n$/);
  }
  assert.equal(readFileSync(join(clone.path, 'calls'), 'utf8'), 'npm ci\n');
});

test('if npm ignores install scripts, the message names the setting and the remedy', async () => {
  npm(`
    if [ "$1" = config ]; then echo true; exit; fi
    mkdir -p node_modules/node
    cp package-lock.json node_modules/.package-lock.json`);
  const program = bootstrap('start');
  assert.equal(await program.end(), 1);
  assert.match(program.output, /"ignore-scripts"/);
  assert.match(program.output, /npm rebuild node --ignore-scripts=false/);
});

test('an interrupted installation ends npm and reports it', async () => {
  npm(`echo $$ > "${clone.path}/pid"; echo begun >&2; exec sleep 300`);
  const program = bootstrap('install');
  await program.printed('Installing');
  let pid = 0;
  while (pid === 0) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    pid = Number(readFileIfThere(join(clone.path, 'pid')));
  }
  program.kill('SIGTERM');
  assert.equal(await program.end(), 1);
  assert.match(program.output, /Interrupted\. The next start installs the packages again\.\n$/);
  assert.throws(() => process.kill(pid, 0));
});

test('tests that could not start still end with a count', async () => {
  npm('echo "npm ERR! ENOTFOUND" >&2; exit 1');
  const offline = bootstrap('test');
  assert.equal(await offline.end(), 1);
  assert.match(offline.output, /can't be reached.*try again\.\n\n0 passed, 1 failed\n$/);

  rmSync(join(clone.path, 'bin', 'npm'));
  const without = bootstrap('consul', [join(clone.path, 'bin')]);
  assert.equal(await without.end(), 1);
  assert.match(without.output, /^npm wasn't found\. .*\n\n0 passed, 1 failed\n$/m);
});

function readFileIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
