import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consul } from '../../src/consul/consul.ts';
import { endOnNodes, type NodeEnding } from '../../src/exec/endJob/endOnNodes.ts';
import { END_NAME } from '../../src/exec/endJob/endScript.ts';
import type { Job } from '../../src/exec/protocol/job.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { Ledger } from '../../src/runs/model/ledger.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { assertNothingLeft } from './support/nothingLeft.ts';
import { command, consulAt, requestFor } from './support/runs.ts';

const OPTIONS = { prefix: '_rexec', replicationWaitMs: 0 };

describe('ending a job on real agents', () => {
  let fleet: Fleet;
  let consul: Consul;

  before(async () => {
    fleet = await startFleet({
      clients: [
        { name: 'n0', env: { NODE: 'n0' } },
        { name: 'n1', env: { NODE: 'n1' } },
        { name: 'no-shell', env: { NODE: 'no-shell', SHELL: '/bin/false' } },
      ],
      servers: [{ name: 'server-1', remoteExec: false }],
    });
    consul = consulAt(fleet.address);
  });
  after(async () => {
    await consul.close();
    await fleet.stop();
  });

  /** Starts a job, waits until it is at work, acts, and waits for the end of its run. */
  async function during(
    targets: readonly string[],
    job: Job,
    act: (ledger: Ledger) => Promise<void>,
    stop = new AbortController(),
  ): Promise<Ledger> {
    const ledger = new Ledger();
    const begun = new Set<string>();
    let acting: Promise<void> | undefined;
    for await (const event of runJob(consul, requestFor(targets, job), stop.signal)) {
      ledger.apply(event);
      if (event.kind === 'acknowledged') begun.add(event.node);
      if (begun.size === targets.length) {
        acting ??= untilAtWork(targets).then(() => act(ledger));
      }
    }
    await acting;
    return ledger;
  }

  async function end(ledger: Ledger, job: Job, all = false): Promise<Map<string, NodeEnding>> {
    const nodes = new Map(
      [...ledger.nodes].map(({ node }) => [node, ledger.attempts.beganBetween(node)!] as const),
    );
    const request = { runId: randomUUID(), job, nodes, options: OPTIONS, all };
    const endings = await Array.fromAsync(endOnNodes(consul, request));
    assert.equal(endings.length, nodes.size, 'each node has one ending');
    return new Map(endings.map((ending) => [ending.node, ending]));
  }

  for (const [what, job] of [
    ['a command', command('sleep 300')],
    ['a script', { kind: 'script', text: 'sleep 300 &\nsetsid sleep 300 &\nsleep 300\n:\n' }],
    ['a script whose child holds the output', { kind: 'script', text: 'sleep 300 &\n' }],
  ] as const) {
    test(`${what} ends, and its run is told so by the agents`, async () => {
      const ledger = await during(['n0', 'n1'], job, async (run) => {
        const endings = await end(run, job);
        for (const { report } of endings.values()) {
          assert.deepEqual([report?.outcome, report?.signal], ['ended', 'SIGTERM']);
        }
      });
      assert.equal(ledger.end, 'complete');
      assert.deepEqual(sleepsOn('n0', 'n1'), []);
      await assertNothingLeft(fleet.address);
    });
  }

  test('arguments end where the agent has no shell', async () => {
    const job: Job = { kind: 'arguments', args: ['sleep', '300'] };
    const ledger = await during(['no-shell'], job, async (run) => {
      assert.equal((await end(run, job)).get('no-shell')?.report?.outcome, 'ended');
    });
    assert.equal(ledger.get('no-shell')?.code, -1);
    assert.deepEqual(sleepsOn('no-shell'), []);
  });

  test('of two runs of the same text, none ends unless both are meant', async () => {
    const job = command('sleep 299');
    const both = await Promise.all([
      during(['n0'], job, () => Promise.resolve()),
      during(['n0'], job, async (run) => {
        while (sleepsOn('n0').length < 2) await sleep(20);
        const ambiguous = (await end(run, job)).get('n0')?.report;
        assert.deepEqual([ambiguous?.outcome, ambiguous?.candidates], ['ambiguous', 2]);
        assert.equal(sleepsOn('n0').length, 2);
        assert.equal((await end(run, job, true)).get('n0')?.report?.outcome, 'ended');
      }),
    ]);
    for (const ledger of both) assert.equal(ledger.get('n0')?.code, -1);
  });

  test('a script ends whose run was stopped, so that its agent has deleted the file', async () => {
    const job: Job = { kind: 'script', text: 'echo begun\nsleep 297\n:\n' };
    const stop = new AbortController();
    const ledger = await during(['n0', 'n1'], job, stopAtOnce(stop), stop);
    const files = scriptsOn('n0', 'n1');
    assert.ok(files.length >= 2);
    // Agents notice that the run was stopped when they next write.
    while (files.some((file) => existsSync(file))) await sleep(100);
    assert.equal(sleepsOn('n0', 'n1').length, 2);
    for (const { report } of (await end(ledger, job)).values()) {
      assert.deepEqual([report?.outcome, report?.signal], ['ended', 'SIGTERM']);
    }
    assert.deepEqual(sleepsOn('n0', 'n1'), []);
    await assertNothingLeft(fleet.address);
  });

  test('an agent that is down has no response, and does not end anything later', async () => {
    const job = command('sleep 298');
    const stop = new AbortController();
    await during(
      ['n0', 'n1'],
      job,
      async (run) => {
        fleet.agent('n1').freeze();
        const endings = await end(run, job);
        fleet.agent('n1').resume();
        assert.equal(endings.get('n0')?.report?.outcome, 'ended');
        assert.equal(endings.get('n1')?.failure, 'noResponse');
        assert.equal(sleepsOn('n1').length, 1);
        stop.abort();
      },
      stop,
    );
    await assertNothingLeft(fleet.address);
  });
});

function stopAtOnce(stop: AbortController): () => Promise<void> {
  return () => {
    stop.abort();
    return Promise.resolve();
  };
}

/** An agent acknowledges a job before it starts its processes. */
async function untilAtWork(nodes: readonly string[]): Promise<void> {
  while (!nodes.every((node) => sleepsOn(node).length > 0)) await sleep(20);
}

/** The programs of jobs that are alive on these nodes, with their arguments. */
function sleepsOn(...nodes: readonly string[]): string[][] {
  return processesOn(nodes).filter(
    (args) => args[0] === 'sleep' && !args.includes(END_NAME) && args[1] !== '0.1',
  );
}

/** The paths of the scripts that run on these nodes. */
function scriptsOn(...nodes: readonly string[]): string[] {
  return processesOn(nodes)
    .flat()
    .filter((arg) => /\/rexec\d+$/.test(arg));
}

/** The arguments of each process of a job on these nodes. */
function processesOn(nodes: readonly string[]): string[][] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
      if (!nodes.some((node) => environment.includes(`NODE=${node}`))) return [];
      return [readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0')];
    } catch {
      return [];
    }
  });
}
