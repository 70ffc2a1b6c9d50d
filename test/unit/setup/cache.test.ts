import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { cached } from '../../setup/cache.ts';
import { PlainError } from '../../setup/plainError.ts';
import { type TemporaryFolder, temporaryFolder } from '../../setup/temporaryFolder.ts';
import { Program } from '../../support/program.ts';

let folder: TemporaryFolder;
let cache: string;

beforeEach(() => {
  folder = temporaryFolder('cache');
  cache = join(folder.path, 'cache');
  process.env['CONSUL_EXEC_CACHE'] = cache;
});
afterEach(() => folder.remove());

/** Builds `thing`, and prints when it starts; finishes once the file `go` exists. */
const builder = () =>
  Program.run(`
    const { cached } = await load('setup/cache.ts');
    const { existsSync, appendFileSync, writeFileSync } = await import('node:fs');
    console.log(await cached('thing', async (folder) => {
      writeFileSync(folder + '/part', 'part');
      appendFileSync('${folder.path}/builds', process.pid + '\\n');
      console.log('building');
      while (!existsSync('${folder.path}/go')) await new Promise((r) => setTimeout(r, 10));
    }));
  `);

test('a killed builder blocks no other, and its files are removed', async () => {
  const killed = builder();
  await killed.printed('building');
  killed.kill('SIGKILL');
  await killed.end();
  assert.equal(readdirSync(cache).length, 1);
  writeFileSync(join(folder.path, 'go'), '');
  const next = builder();
  assert.equal(await next.end(), 0);
  assert.deepEqual(readdirSync(cache), ['thing']);
});

test('a builder that is interrupted leaves nothing', async () => {
  const interrupted = builder();
  await interrupted.printed('building');
  interrupted.kill('SIGINT');
  assert.equal(await interrupted.end(), 130);
  assert.deepEqual(readdirSync(cache), []);
});

test('two at once build once', async () => {
  const first = builder();
  await first.printed('building');
  const second = builder();
  await second.printed(`waiting for process ${first.child.pid}`);
  writeFileSync(join(folder.path, 'go'), '');
  assert.deepEqual([await first.end(), await second.end()], [0, 0]);
  assert.match(second.output, /\/cache\/thing\n$/);
  assert.equal(readFileSync(join(folder.path, 'builds'), 'utf8'), `${first.child.pid}\n`);
});

test('if another process was faster despite the lock, its folder is used', async () => {
  const found = await cached('thing', (building) => {
    writeFileSync(join(building, 'mine'), '');
    mkdirSync(join(cache, 'thing'));
    writeFileSync(join(cache, 'thing', 'theirs'), '');
    return Promise.resolve();
  });
  assert.deepEqual(readdirSync(found), ['theirs']);
  assert.deepEqual(readdirSync(cache), ['thing']);
});

test('a build that fails leaves nothing, and can be repeated', async () => {
  const failing = cached('thing', () => Promise.reject(new PlainError('No network.')));
  await assert.rejects(failing, { message: 'No network.' });
  assert.deepEqual(readdirSync(cache), []);
  assert.ok(existsSync(await cached('thing', () => Promise.resolve())));
});

test('if the cache cannot be written, the message says what to set', async () => {
  writeFileSync(cache, 'a file');
  const failing = cached('thing', () => Promise.resolve());
  await assert.rejects(failing, (error) => {
    assert.ok(error instanceof PlainError);
    assert.match(
      error.message,
      /^Couldn't write to the cache in .*cache: .*CONSUL_EXEC_CACHE to a writable folder\.$/,
    );
    return true;
  });
});
