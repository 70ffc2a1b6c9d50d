import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consul } from '../../src/consul/consul.ts';
import { NO_LIMITS, OutputLimit } from '../../src/exec/cap/outputLimit.ts';
import type { RunEvent } from '../../src/exec/events/runEvent.ts';
import { Detach } from '../../src/exec/run/detach.ts';
import { resumeRun } from '../../src/exec/run/resumeRun.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { Resumption } from '../../src/runs/history/resumption.ts';
import { Run } from '../../src/runs/run.ts';
import { describeState, summarize } from '../../src/runs/text/stateText.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { gather } from '../support/runToEnd.ts';
import { assertNothingLeft } from './support/nothingLeft.ts';
import { command, consulAt, requestFor, watch } from './support/runs.ts';

const NODES = ['a', 'b', 'c'];
const CHUNK = 4096;
const LIMIT = 256 * 1024;
/** So much that a node is fenced. */
const NEAR = LIMIT - 6 * CHUNK;
/**
 * Beyond the limit: what a node can write until its fence is placed, also on a machine with much else to
 * do. Without a limit it writes several times this.
 */
const LATE_CHUNKS = 256;

/** What was written, by the index of the servers' log. */
async function logIndex({ address }: Fleet): Promise<number> {
  const response = await fetch(`${address}/v1/agent/self`);
  const { Stats } = (await response.json()) as { Stats: { raft: { last_log_index: string } } };
  return Number(Stats.raft.last_log_index);
}

describe('output beyond the limit', () => {
  let fleet: Fleet;
  let consul: Consul;

  before(async () => {
    fleet = await startFleet({ clients: NODES.map((name) => ({ name })) });
    consul = consulAt(fleet.address);
  });
  after(async () => {
    await consul.close();
    await fleet.stop();
  });
  afterEach(() => assertNothingLeft(fleet.address));

  const run = (text: string, outputLimit: OutputLimit, nodes = NODES) =>
    runJob(consul, requestFor(nodes, command(text), { outputLimit, quietMs: 1000 }));
  const limitOf = (perNode: number, perRun = 0) => new OutputLimit({ perNode, perRun });
  const idleRate = async () => {
    const before = await logIndex(fleet);
    await sleep(2000);
    return ((await logIndex(fleet)) - before) / 2;
  };

  test('endless output is cut at the limit, and Consul is idle at once', async () => {
    const idle = await idleRate();
    const before = await logIndex(fleet);
    const cuts: number[] = [];
    const endless = watch(run('timeout 5 yes; exit 3', limitOf(LIMIT)), (event) => {
      if (event.kind === 'cut') cuts.push(event.bytes);
    });
    const { ledger, output } = await gather(endless);
    const writes = (await logIndex(fleet)) - before;
    const rate = await idleRate();
    for (const node of NODES) {
      const result = ledger.get(node)!;
      assert.equal(result.state, 'cut', summarize(ledger));
      assert.equal(result.code, undefined);
      assert.match(
        describeState(result, ledger.end, 0),
        /^output cut at \d+(\.\d)? [KM]B; its exit code is not known$/,
      );
      const { length } = output.get(node)!;
      assert.equal(length % CHUNK, 0);
      assert.ok(length >= LIMIT, `${node} was cut at ${length}`);
      assert.ok(length <= LIMIT + LATE_CHUNKS * CHUNK, `${node} was cut at ${length}`);
      assert.match(output.get(node)!, /^(y\n)+$/);
    }
    assert.equal(cuts.length, 3);
    assert.equal(ledger.end, 'complete');
    assert.ok(!ledger.succeeded);
    assert.ok(writes <= 3 * (LIMIT / CHUNK + LATE_CHUNKS), `${writes} writes`);
    assert.ok(rate <= idle + 2, `${rate} writes a second, ${idle} before`);
    await sleep(4000); // until yes ends: its agents must not write again
    assert.ok((await logIndex(fleet)) - before <= writes + 30 * (idle + 2));
  });

  test('output that stays far from the limit costs no session and no fence', async () => {
    const { ledger, events } = await gather(
      run('head -c 60000 /dev/zero | tr "\\0" x', limitOf(LIMIT)),
    );
    assert.ok(ledger.succeeded, summarize(ledger));
    assert.ok(!events.some(({ kind }) => kind === 'limited'));
  });

  test('output just below the limit arrives whole, with its exit code', async () => {
    const size = LIMIT - 100;
    const text = `head -c ${size} /dev/zero | tr "\\0" x; exit 7`;
    const { ledger, output } = await gather(run(text, limitOf(LIMIT)));
    for (const node of NODES) {
      assert.equal(output.get(node)?.length, size);
      assert.equal(ledger.get(node)?.code, 7, summarize(ledger));
    }
  });

  test('exit 255 of a job below its limit is its own', async () => {
    const text = `head -c ${LIMIT - 5 * CHUNK} /dev/zero | tr "\\0" x; sleep 2; exit 255`;
    const { ledger } = await gather(run(text, limitOf(LIMIT)));
    for (const node of NODES) assert.equal(ledger.get(node)?.code, 255, summarize(ledger));
  });

  test('a quiet job near its limit keeps its heartbeats, and its exit code', async () => {
    const text = `head -c ${LIMIT - CHUNK} /dev/zero | tr "\\0" x; sleep 14; echo end; exit 4`;
    const { ledger, output, events } = await gather(run(text, limitOf(LIMIT), ['a']));
    assert.ok(events.filter(({ kind }) => kind === 'heartbeat').length > 5);
    assert.equal(ledger.get('a')?.code, 4, summarize(ledger));
    assert.ok(output.get('a')?.endsWith('xend\n'));
  });

  test('the limit of the run is shared by its nodes', async () => {
    const perRun = 3 * LIMIT;
    const { ledger, output } = await gather(run('timeout 3 yes', limitOf(0, perRun)));
    const total = [...output.values()].reduce((sum, { length }) => sum + length, 0);
    assert.ok(total >= 0.8 * perRun, String(total));
    assert.ok(total <= perRun + 3 * LATE_CHUNKS * CHUNK, String(total));
    for (const node of NODES) assert.equal(ledger.get(node)?.state, 'cut', summarize(ledger));
  });

  test('a raised limit moves the fence before the node comes to it', async () => {
    const limit = limitOf(LIMIT);
    const size = 2 * LIMIT;
    const text = `head -c ${NEAR} /dev/zero | tr "\\0" x; sleep 3; head -c ${size - NEAR} /dev/zero | tr "\\0" x`;
    const raised = watch(run(text, limit), (event) => {
      if (event.kind === 'limited' && limit.limits.perNode === LIMIT) {
        limit.raise({ perNode: 4 * LIMIT, perRun: 0 });
      }
    });
    const { ledger, output } = await gather(raised);
    assert.ok(ledger.succeeded, summarize(ledger));
    for (const node of NODES) assert.equal(output.get(node)?.length, size);
    assert.equal(ledger.outputLimits?.perNode, 4 * LIMIT);
  });

  test('a limit that is removed frees the fenced chunks', async () => {
    const limit = limitOf(LIMIT);
    const text = `head -c ${NEAR} /dev/zero | tr "\\0" x; sleep 2; head -c ${LIMIT} /dev/zero | tr "\\0" x`;
    const raised = watch(run(text, limit), (event) => {
      if (event.kind === 'limited' && event.perNode > 0) limit.raise(NO_LIMITS);
    });
    const { ledger, output } = await gather(raised);
    assert.ok(ledger.succeeded, summarize(ledger));
    for (const node of NODES) assert.equal(output.get(node)?.length, NEAR + LIMIT);
  });

  test('a run that resumes finds its fences, and what was cut stays cut', async () => {
    const text = `head -c ${NEAR} /dev/zero | tr "\\0" x; sleep 4; timeout 3 yes`;
    const targets = ['a', 'b'];
    const job = command(text);
    const info = {
      id: '6d1f0a52-0c1e-4c7e-9b58-3f0a2f0f7a11',
      job,
      title: '',
      announcements: [],
      targets,
      choice: '',
      datacenters: ['dc1'],
      connection: '',
      createdAt: 0,
    };
    const before = new Run(info);
    const closing = new AbortController();
    const request = requestFor(targets, job, { outputLimit: limitOf(LIMIT), quietMs: 1000 });
    const limited = new Set<string>();
    for await (const event of runJob(consul, request, closing.signal)) {
      before.apply(event);
      if (event.kind === 'limited') for (const node of event.nodes) limited.add(node);
      if (limited.size === 2) setTimeout(() => closing.abort(new Detach()), 500);
    }
    assert.equal(before.ledger.end, undefined);
    const session = before.session!.sessions[0]!.session;
    const part = {
      datacenter: 'dc1',
      consul,
      attempts: [{ session, nodes: [] }],
      job,
      prefix: '_rexec',
      targets,
      fenced: [],
      quietMs: 1000,
      heartbeatMs: 1000,
      outputLimit: limitOf(before.ledger.outputLimits!.perNode),
      capSession: before.ledger.capSession('dc1'),
      keepers: before.ledger.attempts.keepers('dc1'),
    };
    const resumption = new Resumption(before);
    const further: RunEvent[] = [];
    for await (const event of resumeRun([part], [])) {
      const news = resumption.newPart(event);
      if (!news) continue;
      further.push(news);
      before.apply(news);
    }
    for (const node of targets) {
      const result = before.ledger.get(node)!;
      assert.equal(result.state, 'cut', summarize(before.ledger));
      // Heartbeats before the reload take numbers of chunks, too.
      assert.ok(Math.abs(result.bytes - LIMIT) <= 8 * CHUNK, String(result.bytes));
    }
    assert.ok(!further.some(({ kind }) => kind === 'limited' || kind === 'warning'));
    await sleep(1000);
  });
});
