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

test('the second process waits for the first, and learns its process id', async () => {
  const name = randomUUID();
  const release = await takeLock(name);
  const other = holding(name);
  await other.printed(`waits for ${process.pid}`);
  assert.doesNotMatch(other.output, /has it/);
  release();
  await other.printed('has it');
  other.kill('SIGKILL');
  await other.end();
});

test('the lock of a killed owner is free', async () => {
  const name = randomUUID();
  const owner = holding(name);
  await owner.printed('has it');
  const next = takeLock(name);
  owner.kill('SIGKILL');
  (await next)();
  (await takeLock(name))();
});

test('only one process at a time has the lock', async () => {
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

test('holding a lock does not keep a process running', async () => {
  const program = Program.run(`
    const { takeLock } = await load('setup/lock.mjs');
    await takeLock('${randomUUID()}');
  `);
  assert.equal(await program.end(), 0);
});
