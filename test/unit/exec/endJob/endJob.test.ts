import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { endJob, type EndJobOptions } from '../../../../src/exec/endJob/endJob.ts';
import { type EndReport, parseEndReport } from '../../../../src/exec/endJob/endReport.ts';
import type { Job } from '../../../../src/exec/protocol/job.ts';
import { findOnPath } from '../../../setup/command.ts';
import { isAlive, processesWith, ShellAgent, type ShellAgentOptions } from './shellAgent.ts';

const RUN = '6d1f0a52-0c1e-4c7e-9b58-3f0a2f0f7a11';
const NONCE = 'abc123';
const BUSYBOX = process.env['BUSYBOX'] ?? findOnPath('busybox');
const SHELLS = ['dash', 'bash', ...(BUSYBOX ? [`${BUSYBOX} sh`] : [])].filter(
  (shell) => existsSync(shell.split(' ')[0]!) || findOnPath(shell.split(' ')[0]!),
);
const script = (text: string): Job => ({ kind: 'script', text: `#!/bin/sh\n${text}\n` });
const command = (text: string): Job => ({ kind: 'command', text });

const agents: ShellAgent[] = [];
after(() => {
  for (const agent of agents) agent.stop();
});
function newAgent(options?: ShellAgentOptions): ShellAgent {
  const agent = new ShellAgent(options);
  agents.push(agent);
  return agent;
}

type Ending = Partial<EndJobOptions> & { readonly shell?: string; readonly runId?: string };

/** @param since when the job was started; it began within 0.2 s */
async function end(
  agent: ShellAgent,
  job: Job,
  since: number,
  more: Ending = {},
): Promise<EndReport> {
  const { shell, runId = RUN, ...options } = more;
  const began = { earliest: since, latest: since + 200 };
  const ending = endJob(
    { runId, job, began },
    { nonce: NONCE, now: Date.now(), delayMs: 500, graceSeconds: 1, ...options },
  );
  const output = await agent.run(ending, shell);
  const report = parseEndReport(Buffer.from(output, 'latin1'), NONCE);
  assert.ok(report, `no report: ${output}`);
  return report;
}

for (const shell of SHELLS) {
  describe(`ending a job with ${shell}`, { concurrency: 4 }, () => {
    // What differs between shells runs in each of them, the rest in the first.
    const inFirst = { skip: shell !== SHELLS[0] };

    test('a script and everything below it, with a trap and a session of its own', async () => {
      const agent = newAgent();
      const other = newAgent({ tmp: agent.tmp });
      const job = script(
        "trap '' TERM\nsleep 1000 &\nsetsid sleep 1000 &\n(sleep 1000 >/dev/null 2>&1 &)\nwhile :; do sleep 1; done",
      );
      const since = Date.now();
      await agent.start(job, `${shell} trap`);
      const bystanders = [
        await other.start(job),
        await agent.start(script('sleep 1000; :')),
        await agent.start(command('sleep 1000')),
      ];
      await sleep(1000);
      const report = await end(agent, job, since, { shell });
      assert.equal(report.outcome, 'ended');
      assert.equal(report.signal, 'SIGKILL');
      // A child that has left the job and its output is named, and not touched.
      const left = processesWith('JOB', `${shell} trap`);
      assert.equal(left.length, 1);
      assert.deepEqual(report.loose, left);
      assert.ok(bystanders.every(isAlive));
    });

    test(
      'a command that the shell has replaced by its program, by SIGTERM alone',
      inFirst,
      async () => {
        const agent = newAgent();
        const job = command('sleep 1000');
        const since = Date.now();
        const pid = await agent.start(job);
        const report = await end(agent, job, since, { shell });
        assert.deepEqual([report.outcome, report.signal], ['ended', 'SIGTERM']);
        assert.equal(isAlive(pid), false);
      },
    );

    test('a child that holds the output after its script is over', async () => {
      const agent = newAgent();
      const job = script('sleep 1000 &');
      const since = Date.now();
      await agent.start(job, `${shell} orphan`);
      const bystander = await agent.start(script('sleep 1000\n# another'));
      await sleep(300);
      const report = await end(agent, job, since, { shell });
      assert.deepEqual([report.outcome, report.signal], ['ended', 'SIGTERM']);
      assert.deepEqual(processesWith('JOB', `${shell} orphan`), []);
      assert.ok(isAlive(bystander));
    });

    test(
      'a script that replaces itself, and one that begins others when it ends',
      inFirst,
      async () => {
        const agent = newAgent();
        for (const [name, job] of [
          ['exec', script('exec sleep 1000')],
          ['again', script("trap 'sleep 1000 & exit' TERM\nwhile :; do sleep 0.1; done")],
          ['storm', script('while :; do (sleep 300 &); sleep 0.05; done')],
        ] as const) {
          const since = Date.now();
          await agent.start(job, `${shell} ${name}`);
          await sleep(500);
          const report = await end(agent, job, since, { shell });
          assert.equal(report.outcome, 'ended', name);
          assert.deepEqual(processesWith('JOB', `${shell} ${name}`), [], name);
        }
      },
    );

    test('arguments', inFirst, async () => {
      const agent = newAgent();
      const job: Job = { kind: 'arguments', args: ['sleep', '1000', '1'] };
      const since = Date.now();
      const pid = await agent.start(job);
      const bystander = await agent.start({ kind: 'arguments', args: ['sleep', '1000', '2'] });
      const report = await end(agent, job, since, { shell });
      assert.equal(report.outcome, 'ended');
      assert.equal(isAlive(pid), false);
      assert.ok(isAlive(bystander));
    });

    test('two runs that cannot be told apart: none, unless all are meant', inFirst, async () => {
      const agent = newAgent();
      const job = script('sleep 1000; :');
      const since = Date.now();
      const pids = [await agent.start(job), await agent.start(job)];
      const report = await end(agent, job, since, { shell });
      assert.equal(report.outcome, 'ambiguous');
      assert.equal(report.candidates, 2);
      assert.ok(pids.every(isAlive));
      const all = await end(agent, job, since, { shell, all: true });
      assert.equal(all.outcome, 'ended');
      assert.ok(!pids.some(isAlive));
    });

    test('two runs at different times: only the right one', inFirst, async () => {
      const agent = newAgent();
      const job = script('sleep 1000; :');
      const first = Date.now();
      const a = await agent.start(job);
      await sleep(4500);
      const second = Date.now();
      const b = await agent.start(job);
      const file = fileOf(b, agent);
      assert.equal((await end(agent, job, second, { shell })).outcome, 'ended');
      assert.deepEqual([isAlive(a), isAlive(b)], [true, false]);
      // The second run is over, and the file that is left belongs to the first.
      rmSync(file);
      assert.equal((await end(agent, job, second, { shell })).outcome, 'over');
      assert.ok(isAlive(a));
      assert.equal((await end(agent, job, first, { shell })).outcome, 'ended');
      assert.equal(isAlive(a), false);
    });

    test('a script whose file the agent has deleted, because the run was stopped', async () => {
      const agent = newAgent();
      const job = script('sleep 1000\n:');
      const since = Date.now();
      const pid = await agent.start(job, `${shell} deleted`);
      const bystander = await agent.start(script('sleep 1000\n: another'));
      await sleep(300);
      for (const started of [pid, bystander]) rmSync(fileOf(started, agent));
      const report = await end(agent, job, since, { shell });
      assert.deepEqual([report.outcome, report.signal], ['ended', 'SIGTERM']);
      assert.deepEqual(processesWith('JOB', `${shell} deleted`), []);
      assert.ok(isAlive(bystander));
    });

    test('a job of which only the age is known ends if the user says so', inFirst, async () => {
      const agent = newAgent();
      for (const job of [
        script('exec sleep 1000'),
        { kind: 'script', text: '#!/usr/bin/perl\nsleep 1000;\n' },
      ] as const) {
        const since = Date.now();
        const pid = await agent.start(job);
        // So that the text has been read.
        await sleep(500);
        for (const name of readdirSync(agent.tmp)) {
          if (name.startsWith('rexec')) rmSync(join(agent.tmp, name));
        }
        const report = await end(agent, job, since, { shell });
        assert.deepEqual([report.outcome, report.candidates], ['ambiguous', 1]);
        assert.ok(isAlive(pid));
        assert.equal((await end(agent, job, since, { shell, all: true })).outcome, 'ended');
        assert.equal(isAlive(pid), false);
      }
    });

    test('a guarded job, with what has become a daemon', async () => {
      const agent = newAgent();
      const mark = `${RUN}-${cksum(agent.folder.path)}`;
      const folder = join(agent.tmp, `consul-exec-${mark}`);
      mkdirSync(folder, { mode: 0o700 });
      const inner = `echo "$$ $(cut -d' ' -f22 </proc/$$/stat)" >${folder}/pid; (setsid sleep 1000 >/dev/null 2>&1 &); (sleep 1000 >/dev/null 2>&1 &); trap '' TERM; while :; do sleep 1; done`;
      const guard = script(
        `CONSUL_EXEC_RUN=${mark} setsid sh -c '${inner.replaceAll("'", `'\\''`)}' & wait $!; exit 7`,
      );
      const since = Date.now();
      await agent.start(guard, `${shell} guarded`);
      const bystander = await agent.start(command('sleep 1000'));
      await sleep(700);
      const report = await end(agent, script('the text without its guard'), since, { shell });
      assert.equal(report.outcome, 'ended');
      assert.equal(report.guarded, true);
      assert.deepEqual(processesWith('JOB', `${shell} guarded`), []);
      assert.ok(isAlive(bystander));
    });

    test('the id of a guarded leader that is now another process', inFirst, async () => {
      const agent = newAgent();
      const bystander = await agent.start(command('sleep 1000'));
      const folder = join(agent.tmp, `consul-exec-${RUN}-${cksum(agent.folder.path)}`);
      mkdirSync(folder);
      writeFileSync(join(folder, 'pid'), `${bystander} 12345\n`);
      const report = await end(agent, script('sleep 1000'), Date.now(), { shell });
      assert.equal(report.outcome, 'over');
      assert.ok(isAlive(bystander));
    });

    test('nodes without /proc', inFirst, async () => {
      const agent = newAgent();
      const job = script('sleep 1000 &\nsetsid sleep 1000 &\nwait');
      const since = Date.now();
      await agent.start(job, `${shell} ps`);
      const bystander = await agent.start(command('sleep 1000'));
      await sleep(300);
      assert.equal(
        (await end(agent, job, since, { shell, procFolder: '/nonexistent' })).outcome,
        'ended',
      );
      assert.deepEqual(processesWith('JOB', `${shell} ps`), []);
      assert.ok(isAlive(bystander));
    });

    test('nodes that can list nothing', inFirst, async () => {
      const agent = newAgent();
      const job = script('sleep 1000; :');
      const since = Date.now();
      const pid = await agent.start(job);
      const blind = endJob(
        { runId: RUN, job, began: { earliest: since, latest: since } },
        { nonce: NONCE, now: Date.now(), delayMs: 0, procFolder: '/nonexistent' },
      );
      assert.ok(blind.kind === 'arguments');
      // As on a node that has no ps either.
      const args = blind.args.map((arg) => arg.replaceAll('ps -', 'no-such-program -'));
      const output = await agent.run({ ...blind, args }, shell);
      assert.equal(parseEndReport(Buffer.from(output), NONCE)?.outcome, 'blind');
      assert.ok(isAlive(pid));
    });

    test('a job that is over, and an agent that began later than the job', inFirst, async () => {
      const agent = newAgent();
      const job = script('sleep 1000');
      assert.equal((await end(agent, job, Date.now(), { shell })).outcome, 'over');
      const report = await end(agent, job, Date.now() - 3_600_000, { shell });
      assert.deepEqual([report.outcome, report.restarted], ['missing', true]);
    });

    test('programs whose names look like other processes', async () => {
      const agent = newAgent();
      const names = [') S 1 1 1 (', '\n1 (a) S 1', 'a b) R'];
      for (const name of names) copyFileSync('/bin/sleep', join(agent.folder.path, name));
      const quoted = names.map((name) => `'./${name}' 1000 &`).join('\n');
      const job = script(`${quoted}\nwait`);
      const bystander = await agent.start(command(`exec './${names[1]!}' 1000`));
      const since = Date.now();
      await agent.start(job, `${shell} names`);
      await sleep(300);
      const report = await end(agent, job, since, { shell });
      assert.equal(report.outcome, 'ended');
      assert.equal(report.processes, 5);
      assert.deepEqual(processesWith('JOB', `${shell} names`), []);
      assert.ok(isAlive(bystander));
    });
  });
}

test('a process that the agent may not signal', async (context) => {
  const setpriv = findOnPath('setpriv');
  if (process.getuid?.() !== 0 || !setpriv) {
    context.skip('needs root and setpriv');
    return;
  }
  const agent = newAgent();
  const job = script(`setpriv --reuid 65534 --clear-groups sleep 1000 &\nwait`);
  const since = Date.now();
  await agent.start(job, 'refused');
  await sleep(500);
  const limited = endJob(
    { runId: RUN, job, began: { earliest: since, latest: since + 200 } },
    { nonce: NONCE, now: Date.now(), delayMs: 500, graceSeconds: 1 },
  );
  assert.ok(limited.kind === 'arguments');
  const args = [setpriv, '--bounding-set=-kill', '--inh-caps=-kill', ...limited.args];
  const report = parseEndReport(Buffer.from(await agent.run({ ...limited, args })), NONCE);
  assert.equal(report?.outcome, 'refused');
  assert.equal(report.left, 1);
  assert.equal(processesWith('JOB', 'refused').length, 1);
});

function cksum(folder: string): string {
  return execFileSync('cksum', { input: `${folder}\n`, encoding: 'utf8' }).split(' ')[0] ?? '';
}

/** The temporary file that a job runs. */
function fileOf(pid: number, agent: ShellAgent): string {
  const words = readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
  return words.find((word) => word.startsWith(agent.tmp)) ?? '';
}
