import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../../setup/temporaryFolder.ts';
import { Program } from '../../support/program.ts';

const folder = temporaryFolder('shutdown');
after(() => folder.remove());

test('Ctrl-C that arrives three times cleans up once and completely', async () => {
  const program = Program.run(`
    const { onShutdown } = await load('setup/shutdown.ts');
    onShutdown(() => console.log('second'));
    onShutdown(() => {
      console.log('first');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    });
    setInterval(() => {}, 1000);
    console.log('ready');
  `);
  await program.printed('ready');
  for (let time = 0; time < 3; time++) {
    program.kill('SIGINT');
    await sleep(20);
  }
  assert.equal(await program.end(), 130);
  assert.equal(program.output, 'ready\nfirst\nsecond\n');
});

test('interruptible work gets a signal, and time to finish', async () => {
  const program = Program.run(`
    const { onShutdown, untilInterrupted } = await load('setup/shutdown.ts');
    onShutdown(() => console.log('cleaned up'));
    await untilInterrupted(async (signal) => {
      const timer = setInterval(() => {}, 1000);
      console.log('ready');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await new Promise((resolve) => setTimeout(resolve, 100));
      clearInterval(timer);
      console.log('wound down');
    });
  `);
  await program.printed('ready');
  program.kill('SIGINT');
  await sleep(20);
  program.kill('SIGINT');
  assert.equal(await program.end(), 0);
  assert.equal(program.output, 'ready\nwound down\ncleaned up\n');
});

test('a command ends with this process, and so do its children', async () => {
  const program = Program.run(`
    const { runCommand } = await load('setup/command.ts');
    const script = 'sleep 300 & echo $! > "$0.new"; mv "$0.new" "$0"; wait';
    const running = runCommand('sh', ['-c', script, '${join(folder.path, 'pid')}']);
    console.log('ready');
    await running;
  `);
  await program.printed('ready');
  const pid = Number(await contentOf(join(folder.path, 'pid')));
  program.kill('SIGTERM');
  assert.equal(await program.end(), 143);
  await gone(pid);
});

test('an uninterruptible program runs to its end', async () => {
  const file = join(folder.path, 'done');
  const program = Program.run(`
    const { runUninterrupted } = await load('setup/command.ts');
    const script = 'echo begun > "$0.begun"; sleep 0.5; echo still here; echo whole > "$0"';
    await runUninterrupted('sh', ['-c', script, '${file}'], process.env);
  `);
  await contentOf(`${file}.begun`);
  program.kill('SIGINT');
  assert.equal(await program.end(), 130);
  assert.equal(await contentOf(file), 'whole');
});

/** Waits for a file with text in it. */
async function contentOf(file: string): Promise<string> {
  for (;;) {
    const text = existsSync(file) ? (await readFile(file, 'utf8')).trim() : '';
    if (text !== '') return text;
    await sleep(10);
  }
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    // If no parent reads its exit code, it stays as a zombie.
    if (stat === undefined || stat.includes(' Z ')) return;
    await sleep(10);
  }
}
