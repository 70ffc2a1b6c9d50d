import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { guardJob, type GuardOptions } from '../../../../src/exec/guard/guardJob.ts';
import { type Job, scriptBytes } from '../../../../src/exec/protocol/job.ts';
import { ensureDebianPackage } from '../../../setup/debianPackage.ts';
import { GUARDED_JOBS } from '../../../support/guardedJobs.ts';

const RUN = '0f8fad5b-d9cb-469f-a165-70867728950e';
const SHELLS = [['dash'], ['bash'], ['bash', '--posix'], ['busybox', 'sh']];

interface Result {
  readonly code: number;
  readonly output: Buffer;
  readonly ms: number;
}

let root: string;
let folder: string;

before(async () => {
  await ensureDebianPackage('busybox', 'busybox');
  root = mkdtempSync(join(tmpdir(), 'guard-'));
});
after(() => rmSync(root, { recursive: true }));
beforeEach(() => {
  folder = mkdtempSync(join(root, 'node-'));
});

/** Runs a job as an agent does (PROTOCOL.md §2.2). */
async function runAsAgent(
  job: Job,
  env: NodeJS.ProcessEnv = {},
  by: readonly string[] = [],
  place = folder,
): Promise<Result> {
  const shell = env['SHELL'] ?? '/bin/sh';
  const [program = '', ...args] =
    by.length > 0 ? [...by, scriptFile(job, place)] : programOf(job, shell, place);
  const started = performance.now();
  const merged = ['-c', 'exec "$@" 2>&1', 'sh', program, ...args];
  const child = spawn('/bin/dash', merged, {
    cwd: place,
    env: { PATH: process.env['PATH'], TMPDIR: place, ...env },
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = await new Promise<[number | null]>((resolve) =>
    child.on('close', (...result) => resolve([result[0]])),
  );
  return { code: code ?? -1, output: Buffer.concat(chunks), ms: performance.now() - started };
}

function programOf(job: Job, shell: string, place: string): string[] {
  if (job.kind === 'arguments') return [...job.args];
  return [shell, '-c', job.kind === 'command' ? job.text : scriptFile(job, place)];
}

function scriptFile(job: Job, place = folder): string {
  assert.equal(job.kind, 'script');
  const file = join(place, 'rexec123456789');
  writeFileSync(file, scriptBytes(job));
  chmodSync(file, 0o750);
  return file;
}

function guarded(job: Job, options: Partial<GuardOptions> = {}): Job {
  return guardJob(job, { runId: RUN, keepsOutput: true, ...options });
}

const left = (place = folder) =>
  readdirSync(place).filter((name) => name.startsWith('consul-exec-'));
const kept = (name: string, place = folder) =>
  readFileSync(join(place, left(place)[0] ?? '', name));

/** The name of the file differs, as it does between nodes. */
function withoutName({ output, code }: Result) {
  const text = output
    .toString('latin1')
    .replace(/\/\S*\/(?:rexec\d+|consul-exec-[\w-]+\/job)/g, 'script');
  return { code, text };
}

/** Processes that run with this text in their command line or environment. */
function processesWith(text: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return false;
    try {
      return ['cmdline', 'environ'].some((file) =>
        readFileSync(`/proc/${pid}/${file}`, 'latin1').includes(text),
      );
    } catch {
      return false;
    }
  });
}

describe('a guarded job gives the bytes and the exit code of an unguarded one', () => {
  for (const [what, job] of Object.entries(GUARDED_JOBS)) {
    test(what, async () => {
      const shells = what === 'a command' ? ['/bin/sh'] : ['/bin/sh', '/bin/bash'];
      for (const SHELL of shells) {
        const plain = await runAsAgent(job, { SHELL });
        // An agent gives 255 where the shell that this test puts before the job gives 127.
        if (job.kind === 'arguments' && plain.code === 127) {
          assert.equal((await runAsAgent(guarded(job), { SHELL })).code, 255);
          rmSync(join(folder, left()[0] ?? ''), { recursive: true });
          continue;
        }
        const result = await runAsAgent(guarded(job), { SHELL });
        assert.deepEqual(withoutName(result), withoutName(plain));
        assert.ok(kept('out').equals(result.output));
        assert.equal(kept('code').toString(), `${result.code}\n`);
        rmSync(join(folder, left()[0] ?? ''), { recursive: true });
        assert.deepEqual(processesWith(folder), []);
      }
    });
  }

  for (const by of SHELLS) {
    test(`all exit codes, by ${by.join(' ')}`, async () => {
      for (const code of [0, 1, 124, 125, 127, 128, 130, 137, 255]) {
        const job = guarded({ kind: 'script', text: `printf ${code}; exit ${code}` });
        const result = await runAsAgent(job, {}, by);
        assert.deepEqual([result.code, result.output.toString()], [code, `${code}`]);
        rmSync(join(folder, left()[0] ?? ''), { recursive: true });
      }
      const killed = await runAsAgent(
        guarded({ kind: 'script', text: '#!/bin/sh\nkill -9 $$' }),
        { SHELL: '/bin/bash' },
        by,
      );
      assert.equal(killed.code, -1);
    });
  }
});

describe('the time limit', () => {
  const BAD: readonly [string, string][] = [
    ['sleeps', 'echo begun; sleep 60'],
    ['ignores TERM', `trap '' TERM; echo begun; while :; do sleep 0.1; done`],
    ['has a child that keeps the output open', 'echo begun; sleep 60 & exit 0'],
    ['makes a session of its own', 'echo begun; setsid sleep 60; sleep 60'],
    ['forks twice', `echo begun; (setsid sh -c 'trap "" TERM; sleep 60 & sleep 60' &) & sleep 60`],
    ['writes without end', 'echo begun; while :; do echo x; sleep 0.1; done'],
  ];
  for (const by of SHELLS) {
    test(`of 2 s ends every job in 4 s, by ${by.join(' ')}`, async (t) => {
      const figures: number[] = [];
      const idle = runAsAgent(guarded({ kind: 'script', text: ':' }), {}, by);
      const results = BAD.map(async ([what, text]) => {
        const place = mkdtempSync(join(root, 'node-'));
        const job: Job = { kind: 'script', text: `#!/bin/bash\n${text}` };
        const result = await runAsAgent(guarded(job, { timeLimitSeconds: 2 }), {}, by, place);
        assert.equal(result.code, 124, what);
        // On a busy machine a job that does nothing takes long, too.
        assert.ok(result.ms >= 2000, `${what}: ${result.ms} ms`);
        figures.push(Math.round(result.ms));
        const lines = result.output.toString().split('\n');
        assert.equal(lines[0], 'begun', what);
        assert.equal(lines.at(-2), `consul-exec: ended by its time limit of 2 s (run ${RUN})`);
        assert.ok(kept('out', place).equals(result.output));
        assert.deepEqual(processesWith(place), [], what);
      });
      await Promise.all(results);
      t.diagnostic(
        `ended after ${figures.join(', ')} ms; a job that does nothing: ${(await idle).ms} ms`,
      );
    });
  }

  test('leaves a job that is faster alone, and no process', async () => {
    const job: Job = {
      kind: 'script',
      text: 'trap "echo cleaned; exit 3" TERM; sleep 0.3; exit 0',
    };
    const result = await runAsAgent(guarded(job, { timeLimitSeconds: 30 }));
    assert.deepEqual([result.code, result.output.length], [0, 0]);
    assert.deepEqual(processesWith(folder), []);
    assert.equal(execFileSync('ps', ['-eo', 'args']).toString().includes('sleep 30\n'), false);
  });
});

describe('the folder of a run', () => {
  const hello: Job = { kind: 'script', text: 'echo hello' };

  test('is private, and has the output and the exit code only', async () => {
    await runAsAgent(
      guarded({ kind: 'script', text: 'ls -ld $(dirname "$0"); ls -l "$0"; exit 3' }),
    );
    assert.deepEqual(readdirSync(join(folder, left()[0] ?? '')).sort(), [
      'code',
      'guard',
      'out',
      'pid',
    ]);
    assert.match(kept('out').toString(), /^drwx------ .*\n-rwx------ /);
  });

  test('is removed at the end if it is not needed', async () => {
    await runAsAgent(guarded(hello, { keepsOutput: false }));
    assert.deepEqual(left(), []);
  });

  test('has at most 10 MB of the output', async () => {
    const job: Job = { kind: 'script', text: 'head -c 12000000 /dev/zero; exit 2' };
    const result = await runAsAgent(guarded(job));
    assert.deepEqual([result.code, result.output.length], [2, 12_000_000]);
    assert.equal(kept('out').length, 10 * 1024 * 1024);
  });

  test('outlives an agent that can no longer be written to', async () => {
    const file = scriptFile(guarded({ kind: 'script', text: 'sleep 0.5; seq 100000; exit 3' }));
    const child = spawn(file, {
      cwd: folder,
      env: { ...process.env, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    child.stdout.destroy();
    await new Promise((resolve) => child.on('exit', resolve));
    assert.equal(kept('out').length, 588_895);
    assert.equal(kept('code').toString(), '3\n');
  });

  test('older than an hour is removed by the next run, unless its job still runs', async () => {
    const old = ['consul-exec-old-1', 'consul-exec-old-2', 'consul-exec-young'];
    for (const name of old) mkdirSync(join(folder, name));
    const [, , , ...stat] = readFileSync('/proc/self/stat', 'utf8').split(/[ ]/);
    writeFileSync(join(folder, 'consul-exec-old-2', 'pid'), `${process.pid} ${stat[18]}\n`);
    const before = Date.now() / 1000 - 3700;
    for (const name of old.slice(0, 2)) utimesSync(join(folder, name), before, before);
    await runAsAgent(guarded(hello, { keepsOutput: false }));
    assert.deepEqual(left().sort(), ['consul-exec-old-2', 'consul-exec-young']);
  });

  test('exists: the job does not run a second time', async () => {
    await runAsAgent(guarded(hello));
    const again = await runAsAgent(guarded(hello));
    assert.equal(again.code, 125);
    assert.match(again.output.toString(), /the job did not run: .*it ran before/);
    assert.equal(kept('out').toString(), 'hello\n');
  });

  test('cannot be made: the job does not run', async () => {
    for (const TMPDIR of [join(folder, 'missing'), '/proc', `${folder}/a b`]) {
      const result = await runAsAgent(guarded(hello), { TMPDIR });
      assert.equal(result.code, 125);
      assert.match(result.output.toString(), /consul-exec: the job did not run: /);
    }
  });

  test('is full: the job does not run', async (t) => {
    const small = join(folder, 'small');
    mkdirSync(small);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', small], { stdio: 'ignore' });
    } catch {
      t.skip('this user cannot mount');
      return;
    }
    try {
      const job: Job = { kind: 'script', text: `echo hello\n#${'x'.repeat(100_000)}\n` };
      const result = await runAsAgent(guarded(job), { TMPDIR: small });
      assert.equal(result.code, 125);
      assert.deepEqual(readdirSync(small), []);
    } finally {
      execFileSync('umount', [small]);
    }
  });
});

describe('the wrapper', () => {
  test('runs nothing if only a part of it arrives', async () => {
    const marker = join(folder, 'ran');
    const whole = scriptBytes(
      guarded({ kind: 'script', text: `touch ${marker}\ntouch ${marker}` }) as Extract<
        Job,
        { kind: 'script' }
      >,
    );
    for (let length = 100; length < whole.length; length += 397) {
      const part: Job = { kind: 'script', text: whole.subarray(0, length).toString() };
      const { code } = await runAsAgent(part);
      assert.notEqual(code, 0, `${length} bytes`);
    }
    assert.equal(existsSync(marker), false);
  });

  test('an agent whose shell is /bin/false runs nothing, as without a guard', async () => {
    const result = await runAsAgent(guarded({ kind: 'script', text: 'echo hi' }), {
      SHELL: '/bin/false',
    });
    assert.deepEqual([result.code, result.output.length], [1, 0]);
  });

  test('works without setsid and ps', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    for (const name of [
      'cksum',
      'cut',
      'mkdir',
      'tail',
      'wc',
      'rm',
      'chmod',
      'awk',
      'tee',
      'mv',
      'find',
      'cat',
      'sleep',
      'sh',
      'tr',
      'grep',
      'env',
    ]) {
      const path = execFileSync('sh', ['-c', `command -v ${name}`])
        .toString()
        .trim();
      execFileSync('ln', ['-s', path, join(bin, name)]);
    }
    const job: Job = { kind: 'script', text: 'echo begun; sleep 60' };
    const result = await runAsAgent(guarded(job, { timeLimitSeconds: 2 }), { PATH: bin });
    assert.equal(result.code, 124);
    await sleep(50);
    assert.deepEqual(processesWith(folder), []);
  });
});
