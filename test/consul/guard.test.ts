import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consul } from '../../src/consul/consul.ts';
import type { RunEvent } from '../../src/exec/events/runEvent.ts';
import { type Guard, sentJob } from '../../src/exec/guard/guardJob.ts';
import { noteLimits } from '../../src/exec/guard/limitNotes.ts';
import { recoverAtEnd } from '../../src/exec/guard/recoverResults.ts';
import type { Job } from '../../src/exec/protocol/job.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { Ledger } from '../../src/runs/model/ledger.ts';
import { missingResults } from '../../src/runs/model/missingResults.ts';
import { describeState, summarize } from '../../src/runs/text/stateText.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { GUARDED_JOBS } from '../support/guardedJobs.ts';
import { assertNothingLeft } from './support/nothingLeft.ts';
import { consulAt, requestFor } from './support/runs.ts';

interface Outcome {
  readonly ledger: Ledger;
  readonly events: readonly RunEvent[];
  readonly output: ReadonlyMap<string, Buffer>;
  readonly ms: number;
}

/** Runs a job guarded, as the editor does: results that are lost are recovered at the end. */
async function runGuarded(
  consul: Consul,
  nodes: readonly string[],
  chosen: Job,
  guard: Guard | undefined,
  onEvent: (event: RunEvent) => void = () => undefined,
  quietMs = 2000,
): Promise<Outcome> {
  const started = performance.now();
  const runId = randomUUID();
  const ledger = new Ledger();
  const request = requestFor(nodes, sentJob(chosen, runId, guard), { quietMs });
  const { options } = request;
  const missing = () => {
    const lost = missingResults(ledger);
    const part = { datacenter: 'dc1', request: { consul, runId, nodes: lost, options } };
    return guard && lost.size > 0 ? [part] : [];
  };
  const noted = noteLimits(runJob(consul, request), runId, guard?.timeLimitSeconds);
  const events: RunEvent[] = [];
  const chunks = new Map<string, Uint8Array[]>(nodes.map((node) => [node, []]));
  for await (const event of recoverAtEnd(noted, missing, false)) {
    events.push(event);
    ledger.apply(event);
    if (event.kind === 'output') chunks.get(event.node)?.push(event.bytes);
    onEvent(event);
  }
  const output = new Map([...chunks].map(([node, parts]) => [node, Buffer.concat(parts)]));
  return { ledger, events, output, ms: performance.now() - started };
}

/** The name of the script's file is never the same. */
function withoutName(output: Buffer | undefined): string {
  return (output ?? Buffer.alloc(0))
    .toString('latin1')
    .replace(/\/\S*\/(?:rexec-?\d+|consul-exec-[\w-]+\/job)/g, 'script');
}

const printing = (seconds: number, code: number): Job => ({
  kind: 'script',
  text: `#!/bin/sh\ni=0\nwhile [ $i -lt ${seconds * 5} ]; do\n  i=$((i + 1))\n  seq $((i * 100)) $((i * 100 + 99))\n  sleep 0.2\ndone\nexit ${code}\n`,
});

function printed(seconds: number): string {
  return Array.from({ length: seconds * 500 }, (_, i) => `${i + 100}\n`).join('');
}

describe('guarded runs on real agents', () => {
  let fleet: Fleet;
  let consul: Consul;
  const NODES = ['plain', 'bash'];

  before(async () => {
    fleet = await startFleet({
      clients: [{ name: 'plain' }, { name: 'bash', env: { SHELL: '/bin/bash' } }],
    });
    consul = consulAt(fleet.address);
  });
  after(async () => {
    await consul.close();
    await fleet.stop();
  });

  for (const [what, job] of Object.entries(GUARDED_JOBS)) {
    test(`the same bytes and code as without a guard: ${what}`, async () => {
      const plain = await runGuarded(consul, NODES, job, undefined);
      const guarded = await runGuarded(consul, NODES, job, { timeLimitSeconds: 600 });
      for (const node of NODES) {
        const [before, now] = [plain, guarded].map(({ ledger, output }) => ({
          state: ledger.get(node)?.state,
          code: ledger.get(node)?.code,
          output: withoutName(output.get(node)),
        }));
        assert.equal(before?.state, 'exited');
        assert.deepEqual(now, before, node);
      }
    });
  }

  test('a time limit of 2 s ends the job, and the state says so', async (t) => {
    const job: Job = {
      kind: 'script',
      text: "trap '' TERM; setsid sleep 60 & echo begun; sleep 60",
    };
    const { ledger, output } = await runGuarded(consul, NODES, job, { timeLimitSeconds: 2 });
    // On a busy machine a job that does nothing takes long, too.
    const idle = await runGuarded(consul, NODES, { kind: 'script', text: ':' }, {});
    for (const node of NODES) {
      const result = ledger.get(node);
      assert.ok(result);
      assert.match(output.get(node)?.toString() ?? '', /^begun\n/);
      assert.deepEqual([result.code, result.limitSeconds], [124, 2]);
      const tookMs = (result.exitedAt ?? 0) - result.since;
      t.diagnostic(`ended after ${tookMs} ms; a job that does nothing: ${Math.round(idle.ms)} ms`);
      assert.match(
        describeState(result, 'complete', 0),
        /^ended by its time limit of 2.0 s after /,
      );
    }
  });

  test('exit code 124 alone is not taken for a time limit', async () => {
    const job: Job = { kind: 'script', text: 'exit 124' };
    const { ledger } = await runGuarded(consul, ['plain'], job, { timeLimitSeconds: 2 });
    assert.equal(ledger.get('plain')?.limitSeconds, undefined);
    assert.equal(ledger.get('plain')?.code, 124);
  });

  /** Refuses the upload of a chunk, as a server does that limits requests: the agent gives up. */
  async function refuse(prefix: string, node: string, chunk: number): Promise<void> {
    const put = (path: string, body: string) =>
      fetch(`${fleet.address}/v1/${path}`, { method: 'PUT', body });
    const spec = JSON.stringify({ NodeChecks: [], Behavior: 'delete', TTL: '30s' });
    const created = await put('session/create', spec);
    const { ID } = (await created.json()) as { ID: string };
    blockers.push(ID);
    const name = chunk.toString(16).padStart(5, '0');
    const locked = await put(`kv/${prefix}/${node}/out/${name}?acquire=${ID}`, '');
    assert.equal((await locked.text()).trim(), 'true');
  }
  const blockers: string[] = [];
  afterEach(async () => {
    for (const id of blockers.splice(0)) {
      await fetch(`${fleet.address}/v1/session/destroy/${id}`, { method: 'PUT' });
    }
    await assertNothingLeft(fleet.address);
  });

  test('results are recovered when uploads are refused, also while the job still runs', async () => {
    // Five chunks; with heartbeats in between, more.
    const job = printing(8, 3);
    const { ledger, output, events } = await runGuarded(consul, NODES, job, {}, (event) => {
      if (event.kind !== 'started') return;
      const tree = `_rexec/${event.sessions[0]?.session}`;
      void refuse(tree, 'plain', 2);
      void refuse(tree, 'bash', 3);
    });
    assert.equal(ledger.end, 'complete');
    for (const node of NODES) {
      assert.equal(output.get(node)?.toString(), printed(8), node);
      const result = ledger.get(node);
      assert.deepEqual([result?.code, result?.recovery], [3, 'all'], summarize(ledger));
    }
    assert.ok(events.some(({ kind }) => kind === 'recovering'));
    await stopped();
  });

  test('the true code replaces the 255 of an agent that failed', async () => {
    // The refusal must be there before the output.
    const job: Job = { kind: 'script', text: 'sleep 2; head -c 5000 /dev/zero; exit 0' };
    const { ledger, output } = await runGuarded(consul, ['plain'], job, {}, (event) => {
      if (event.kind === 'started') {
        void refuse(`_rexec/${event.sessions[0]?.session}`, 'plain', 1);
      }
    });
    const result = ledger.get('plain');
    assert.deepEqual([result?.code, result?.recovery], [0, 'all']);
    assert.equal(output.get('plain')?.length, 5000);
    assert.ok(ledger.succeeded);
    await stopped();
  });

  test('a job that exits 255 by itself keeps its code, and its output comes once', async () => {
    const job: Job = { kind: 'script', text: 'echo hi; exit 255' };
    const { ledger, output } = await runGuarded(consul, ['plain'], job, {});
    assert.deepEqual([ledger.get('plain')?.code, ledger.get('plain')?.recovery], [255, 'all']);
    assert.equal(output.get('plain')?.toString(), 'hi\n');
  });

  test('results survive an agent that is killed and started again', async () => {
    let killing: Promise<void> | undefined;
    const { ledger, output } = await runGuarded(consul, ['bash'], printing(4, 7), {}, (event) => {
      if (event.kind === 'output') killing ??= restart('bash');
    });
    await killing;
    const result = ledger.get('bash');
    assert.deepEqual([result?.code, result?.recovery], [7, 'all'], summarize(ledger));
    assert.equal(output.get('bash')?.toString(), printed(4));
  });

  async function restart(name: string): Promise<void> {
    // Only the agent: "kill" also ends its process group, as a machine that loses power does.
    process.kill(fleet.agent(name).pid, 'SIGKILL');
    await sleep(500);
    await fleet.restart(name);
  }

  /** Nothing of the jobs and their guards is left but the folders, which have no processes. */
  async function stopped(): Promise<void> {
    await sleep(300);
    const running = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && isGuard(pid));
    assert.deepEqual(running, []);
  }
  function isGuard(pid: string): boolean {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'latin1').includes('CONSUL_EXEC_RUN=');
    } catch {
      return false;
    }
  }
});

test('the leader is killed while 8 nodes print for 20 s: every byte and code is there', async (t) => {
  const names = Array.from({ length: 8 }, (_, i) => `n${i + 1}`);
  const fleet = await startFleet({
    servers: ['s1', 's2', 's3'].map((name) => ({ name })),
    clients: names.map((name) => ({ name })),
  });
  try {
    const leader = (await (await fetch(`${fleet.address}/v1/status/leader`)).json()) as string;
    const servers = fleet.agents.slice(0, 3);
    const leading = servers.find(
      ({ httpAddress }) => new URL(httpAddress).hostname === leader.split(':')[0],
    );
    const other = servers.find((server) => server !== leading);
    assert.ok(leading && other);
    const consul = consulAt(other.httpAddress);
    let killing: Promise<void> | undefined;
    const outcome = await runGuarded(
      consul,
      names,
      printing(20, 5),
      { timeLimitSeconds: 120 },
      (event) => {
        if (event.kind === 'output') killing ??= sleep(3000).then(() => leading.kill());
      },
    );
    await killing;
    await consul.close();
    const { ledger, output, events, ms } = outcome;
    const recovered = events.filter(({ kind }) => kind === 'recovered').length;
    t.diagnostic(`${recovered} of 8 nodes were lost and recovered; ${Math.round(ms / 1000)} s`);
    for (const node of names) {
      assert.equal(ledger.get(node)?.code, 5, summarize(ledger));
      assert.equal(output.get(node)?.toString(), printed(20), node);
    }
    assert.equal(ledger.end, 'complete');
  } finally {
    await fleet.stop();
  }
});
