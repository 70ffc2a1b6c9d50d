import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { Program } from '../support/program.ts';

describe('a fleet of real agents', () => {
  let fleet: Fleet;

  before(async () => {
    fleet = await startFleet({
      clients: Array.from({ length: 12 }, (_, index) => ({
        name: `web-${String(index + 1).padStart(2, '0')}`,
        services: [{ id: `nginx-${index + 1}`, name: 'web', tags: [index % 2 ? 'even' : 'odd'] }],
        ...(index === 11 && { remoteExec: false }),
      })),
    });
  });

  after(() => fleet.stop());

  test('runs a command on every node but the one that refuses remote exec', async (t) => {
    const { stdout, stderr } = await fleet.exec(['-node', '^web-', 'uptime']);
    t.diagnostic(`13 agents were ready after ${Math.round(fleet.startMs)} ms`);
    assert.match(stdout + stderr, /11 \/ 11 node\(s\) completed \/ acknowledged/);
    assert.doesNotMatch(stdout, /web-12/);
  });

  test('filters by service id and tag', async () => {
    const { stdout, stderr } = await fleet.exec([
      '-service',
      '^nginx-[1-4]$',
      '-tag',
      'even',
      'id',
    ]);
    assert.match(stdout + stderr, /2 \/ 2 node\(s\)/);
  });

  test('gives a script to the nodes on stdin', async () => {
    const { stdout } = await fleet.exec(['-node', '^web-03$', '-'], {
      input: 'echo one\necho two\n',
    });
    assert.match(stdout, /web-03: one\s+web-03: two/);
  });

  test('a killed agent comes back', async () => {
    const before = fleet.agent('web-05').pid;
    await fleet.restart('web-05');
    assert.notEqual(fleet.agent('web-05').pid, before);
    const { stdout } = await fleet.exec(['-node', '^web-05$', 'echo back']);
    assert.match(stdout, /web-05: back/);
  });

  test('leaves no process and no file behind, not even frozen ones and running jobs', async () => {
    const pidFile = join(fleet.agent('web-01').workFolder, 'pid');
    void fleet.exec(['-node', '^web-01$', 'echo $$ > pid.new; mv pid.new pid; exec sleep 300']);
    while (!existsSync(pidFile)) await sleep(50);
    const job = Number(readFileSync(pidFile, 'utf8'));
    fleet.agent('web-02').freeze();
    const { agents } = fleet;
    const pids = [job, ...agents.map((agent) => agent.pid)];
    await fleet.stop();
    for (const pid of pids) await assertGone(pid);
    for (const agent of agents) assert.ok(!existsSync(agent.workFolder));
  });
});

test('Ctrl-C that arrives twice ends agents and jobs and removes their files', async () => {
  const program = Program.run(`
    const { startFleet } = await load('fleet/fleet.ts');
    const { existsSync, readFileSync } = await import('node:fs');
    const fleet = await startFleet({ clients: [{ name: 'web-01' }] });
    const folder = fleet.agent('web-01').workFolder;
    void fleet.exec(['-node', '^web-01$', 'echo $$ > pid.new; mv pid.new pid; exec sleep 300']);
    while (!existsSync(folder + '/pid')) await new Promise((resolve) => setTimeout(resolve, 20));
    const job = Number(readFileSync(folder + '/pid', 'utf8'));
    console.log(JSON.stringify({ pids: [job, ...fleet.agents.map(({ pid }) => pid)], folder }) + '.');
    setInterval(() => {}, 1000);
  `);
  await program.printed('}.');
  const [line = ''] = /\{.*\}/.exec(program.output) ?? [];
  const { pids, folder } = JSON.parse(line) as { pids: number[]; folder: string };
  assert.equal(pids.length, 3);
  program.kill('SIGINT');
  await sleep(20);
  program.kill('SIGINT');
  assert.equal(await program.end(), 130);
  for (const pid of pids) await assertGone(pid);
  // Of all the fleet, where scripts are as well.
  assert.ok(!existsSync(dirname(dirname(folder))));
});

/** Init reaps a job whose agent is dead, in its own time. */
async function assertGone(pid: number): Promise<void> {
  for (let round = 0; round < 100; round++) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(20);
  }
  assert.fail(`process ${pid} is still there`);
}
