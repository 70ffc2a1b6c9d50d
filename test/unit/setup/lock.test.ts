import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { takeLock } from '../../setup/lock.mjs';
import { Program } from '../../support/program.ts';

const holding = (name: string) =>
  Program.run(`
    const { takeLock } = await load('setup/lock.mjs');
    await takeLock('${name}', (owner) => console.log('waits for', owner));
    console.log('has it');
    setInterval(() => {}, 1000);
  `);

test('who comes second waits for the first, and is told its process', async () => {
  const name = randomUUID();
  const release = await takeLock(name);
  const other = holding(name);
  await other.said(`waits for ${process.pid}`);
  assert.doesNotMatch(other.output, /has it/);
  release();
  await other.said('has it');
  other.kill('SIGKILL');
  await other.end();
});

test('an owner that was killed leaves nothing to wait for', async () => {
  const name = randomUUID();
  const owner = holding(name);
  await owner.said('has it');
  const next = takeLock(name);
  owner.kill('SIGKILL');
  (await next)();
  (await takeLock(name))();
});

test('of many, one at a time has it', async () => {
  const name = randomUUID();
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      const release = await takeLock(name);
      most = Math.max(most, ++inside);
      await new Promise(setImmediate);
      inside--;
      release();
    }),
  );
  assert.equal(most, 1);
});

test('holding a lock keeps no process running', async () => {
  const program = Program.run(`
    const { takeLock } = await load('setup/lock.mjs');
    await takeLock('${randomUUID()}');
  `);
  assert.equal(await program.end(), 0);
});
