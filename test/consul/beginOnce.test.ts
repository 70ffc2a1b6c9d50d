import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consul } from '../../src/consul/consul.ts';
import type { RunEvent } from '../../src/exec/events/runEvent.ts';
import { ServerError } from '../../src/consul/errors/consulErrors.ts';
import { acquireKey } from '../../src/consul/kv.ts';
import { announce } from '../../src/exec/attempt/announce.ts';
import { eventPayload } from '../../src/exec/protocol/execEvent.ts';
import { BEGUN_VALUE, WITHDRAWN_JOB } from '../../src/exec/protocol/keys.ts';
import { Detach } from '../../src/exec/run/detach.ts';
import { resumeRun } from '../../src/exec/run/resumeRun.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { Ledger } from '../../src/runs/model/ledger.ts';
import { summarize } from '../../src/runs/text/stateText.ts';
import { type CountedFleet, startCountedFleet } from '../certainty/countedFleet.ts';
import { gather } from '../support/runToEnd.ts';
import { startFaultProxy } from './support/faultProxy.ts';
import { assertNothingLeft } from './support/nothingLeft.ts';
import { attemptsOf, consulAt, requestFor, watch } from './support/runs.ts';

/** `npm run certainty -- restarts 100` does the same with agents that are killed and started again. */
describe('a node that has begun does not begin again', () => {
  let counted: CountedFleet;
  let consul: Consul;
  const TARGETS = ['n0', 'n1', 'n2'];
  const ALL = { node: '^n[0-2]$' };

  before(async () => {
    counted = await startCountedFleet(3);
    consul = counted.connect();
  });
  after(async () => {
    await consul.close();
    await assertNothingLeft(counted.fleet.address);
    await counted.stop();
  });

  const request = (seconds: number, quietMs = 1500) => {
    const { id, job } = counted.countedJob(seconds);
    const counts = () => TARGETS.map((node) => counted.runsOf(id).get(node));
    return { counts, request: requestFor(TARGETS, job, { quietMs }) };
  };

  /** What a key has; undefined if it doesn't exist. */
  async function valueOf(key: string): Promise<string | undefined> {
    const response = await fetch(`${counted.fleet.address}/v1/kv/${key}?raw`);
    return response.ok ? response.text() : undefined;
  }
  const jobAt = (tree: string) => valueOf(`${tree}/job`);

  async function until(key: string, value: Buffer): Promise<void> {
    const deadline = performance.now() + 10_000;
    while ((await valueOf(key)) !== value.toString()) {
      assert.ok(performance.now() < deadline, `${key} does not become ${value.toString()}`);
      await sleep(50);
    }
  }
  const untilWithdrawn = (tree: string) => until(`${tree}/job`, WITHDRAWN_JOB);
  const treeOf = (event: RunEvent) =>
    event.kind === 'started' ? `_rexec/${event.sessions[0]?.session}` : undefined;
  const announceAgain = (tree: string) =>
    announce(consul, eventPayload('_rexec', tree.slice('_rexec/'.length)), ALL, undefined);

  test('once every node has begun, the job is withdrawn', async () => {
    const { counts, request: job } = request(4);
    let again: Promise<unknown> | undefined;
    const run = watch(runJob(consul, job), (event) => {
      const tree = treeOf(event);
      if (tree !== undefined) again = untilWithdrawn(tree).then(() => announceAgain(tree));
    });
    const { ledger } = await gather(run);
    await again;
    assert.ok(ledger.succeeded, summarize(ledger));
    await sleep(1000);
    assert.deepEqual(counts(), [1, 1, 1]);
  });

  test('a run that is over at once writes its job once', async () => {
    const proxy = await startFaultProxy(counted.fleet.address);
    const through = consulAt(proxy.address);
    const { ledger } = await gather(runJob(through, request(0).request));
    assert.ok(ledger.succeeded, summarize(ledger));
    const isJob = (url: string) => url.includes('/job?acquire=');
    assert.equal(proxy.seen.filter(({ url }) => isJob(url)).length, 1);
    await through.close();
    await proxy.close();
  });

  test('the first job is withdrawn while a node that missed it is awaited', async () => {
    const { counts, request: job } = request(6);
    counted.fleet.agent('n2').freeze();
    const seen: (string | undefined)[] = [];
    let tree = '';
    let announced = 0;
    const run = watch(runJob(consul, job), async (event) => {
      tree = treeOf(event) ?? tree;
      if (event.kind === 'announced') announced++;
      if (event.kind !== 'attempted' || event.attempt !== 3) return;
      // The second job is still there for n2, the first for nobody.
      const [, second] = await sessionsOf(tree);
      seen.push(await jobAt(tree), await jobAt(`${tree}/${second ?? ''}`));
    });
    const { ledger } = await gather(run);
    counted.fleet.agent('n2').resume();
    assert.equal(ledger.get('n2')?.state, 'noResponse', summarize(ledger));
    assert.equal(announced, 3);
    const [first, second] = seen;
    assert.equal(first, WITHDRAWN_JOB.toString());
    assert.notEqual(second, WITHDRAWN_JOB.toString());
    await sleep(2000);
    assert.deepEqual(counts(), [1, 1, 0]);
  });

  test('while a node is awaited, a session keeps those that have begun', async () => {
    const { counts, request: job } = request(3);
    counted.fleet.agent('n2').freeze();
    let tree = '';
    let again: Promise<unknown> | undefined;
    const run = watch(runJob(consul, job), (event) => {
      tree = treeOf(event) ?? tree;
      if (event.kind !== 'kept') return;
      const kept = ['n0', 'n1'].map((node) => until(`${tree}/${node}/ack`, BEGUN_VALUE));
      again = Promise.all(kept).then(async () => {
        assert.notEqual(await jobAt(tree), WITHDRAWN_JOB.toString());
        await announceAgain(tree);
      });
    });
    const { ledger } = await gather(run);
    await again;
    counted.fleet.agent('n2').resume();
    assert.ok(again);
    assert.deepEqual([ledger.counts.ok, ledger.counts.noResponse], [2, 1], summarize(ledger));
    await sleep(2000);
    assert.deepEqual(counts(), [1, 1, 0]);
  });

  test('where targets are not known, every node is kept', async () => {
    const { counts, request: job } = request(3, 5000);
    let again: Promise<unknown> | undefined;
    let tree = '';
    const run = watch(runJob(consul, { ...job, targets: undefined }), (event) => {
      tree = treeOf(event) ?? tree;
      if (event.kind !== 'kept') return;
      const kept = TARGETS.map((node) => until(`${tree}/${node}/ack`, BEGUN_VALUE));
      again = Promise.all(kept).then(() => announceAgain(tree));
    });
    await gather(run);
    await again;
    assert.ok(again);
    assert.deepEqual(counts(), [1, 1, 1]);
  });

  test('a run that is resumed knows the nodes that are kept, also before they print anything', async () => {
    const { counts, request: job } = request(6);
    assert.ok(job.job.kind === 'command');
    const silent = { kind: 'command', text: job.job.text.replace('; echo done', '') } as const;
    counted.fleet.agent('n2').freeze();
    const leave = new AbortController();
    const ledger = new Ledger();
    let tree = '';
    let heartbeatMs = 0;
    for await (const event of runJob(consul, { ...job, job: silent }, leave.signal)) {
      ledger.apply(event);
      tree = treeOf(event) ?? tree;
      if (event.kind === 'started') heartbeatMs = event.heartbeatMs;
      if (event.kind !== 'attempted') continue;
      await Promise.all(['n0', 'n1'].map((node) => until(`${tree}/${node}/ack`, BEGUN_VALUE)));
      leave.abort(new Detach());
    }
    const keepers = ledger.attempts.keepers('dc1');
    assert.equal(keepers.length, 1);
    assert.deepEqual(ledger.copy().attempts.keepers('dc1'), keepers);
    const part = {
      datacenter: 'dc1',
      consul,
      attempts: [{ session: tree.slice('_rexec/'.length), nodes: [] }, ...ledger.attempts.further],
      job: silent,
      prefix: '_rexec',
      targets: TARGETS,
      fenced: [],
      keepers,
      quietMs: 1500,
      heartbeatMs,
    };
    for await (const event of resumeRun([part], [])) ledger.apply(event);
    counted.fleet.agent('n2').resume();
    assert.deepEqual([ledger.counts.ok, ledger.counts.noResponse], [2, 1], summarize(ledger));
    await sleep(2000);
    assert.deepEqual(counts(), [1, 1, 0]);
  });

  test('a run whose keeping session is gone is not resumed', async () => {
    const { counts, request: job } = request(4);
    counted.fleet.agent('n2').freeze();
    const leave = new AbortController();
    const ledger = new Ledger();
    let tree = '';
    for await (const event of runJob(consul, job, leave.signal)) {
      ledger.apply(event);
      tree = treeOf(event) ?? tree;
      if (event.kind === 'kept') leave.abort(new Detach());
    }
    const [keeper = ''] = ledger.attempts.keepers('dc1');
    await fetch(`${counted.fleet.address}/v1/session/destroy/${keeper}`, { method: 'PUT' });
    const part = {
      datacenter: 'dc1',
      consul,
      attempts: [{ session: tree.slice('_rexec/'.length), nodes: [] }, ...ledger.attempts.further],
      job: job.job,
      prefix: '_rexec',
      targets: TARGETS,
      fenced: [],
      keepers: [keeper],
      quietMs: 1500,
      heartbeatMs: 1000,
    };
    for await (const event of resumeRun([part], [])) ledger.apply(event);
    counted.fleet.agent('n2').resume();
    assert.equal(ledger.end, 'sessionLost');
    await sleep(2000);
    assert.deepEqual(counts(), [1, 1, 0]);
  });

  test('keys that the session of an attempt does not hold are left as they are', async () => {
    const { job } = request(0).request;
    const attempts = attemptsOf(consul, job);
    const { tree, lease } = await attempts.open(undefined);
    const keeper = await attempts.openKeeper(undefined);
    await acquireKey(consul, `${tree}n0/ack`, lease.session, new Uint8Array());
    await acquireKey(consul, `${tree}n1/ack`, keeper.session, Buffer.from('other'));
    await attempts.keepBegun(TARGETS, keeper);
    const ack = (node: string) => valueOf(`${tree}${node}/ack`);
    assert.deepEqual(await Promise.all(TARGETS.map(ack)), ['begun', 'other', undefined]);
    assert.ok(!(await acquireKey(consul, `${tree}n0/ack`, lease.session, new Uint8Array())));
    await keeper.destroy();
    await assert.rejects(attempts.keepBegun(['n0'], keeper), ServerError);
    await attempts.close(false, 5000);
  });

  /** The sessions that have a job below a run's tree, the run's own first. */
  async function sessionsOf(tree: string): Promise<string[]> {
    const response = await fetch(`${counted.fleet.address}/v1/kv/${tree}/?keys`);
    const keys = (await response.json()) as string[];
    const jobs = keys.filter((key) => key.endsWith('/job'));
    return jobs.map((key) => key.split('/').at(-2) ?? '').toSorted((a, b) => order(a) - order(b));
    function order(session: string): number {
      return tree.endsWith(session) ? 0 : 1;
    }
  }

  test('a job that could not be withdrawn is withdrawn a little later', async () => {
    const proxy = await startFaultProxy(counted.fleet.address);
    const through = consulAt(proxy.address);
    let writes = 0;
    proxy.faults = ({ url }) =>
      url.includes('/job?acquire=') && ++writes > 1 && writes < 4
        ? { kind: 'answer', status: 503, body: 'busy' }
        : undefined;
    const { counts, request: job } = request(5);
    let withdrawn: Promise<void> | undefined;
    const run = watch(runJob(through, job), (event) => {
      const tree = treeOf(event);
      if (tree !== undefined) withdrawn = untilWithdrawn(tree);
    });
    const { ledger } = await gather(run);
    await withdrawn;
    assert.equal(writes, 4);
    assert.ok(ledger.succeeded, summarize(ledger));
    assert.deepEqual(counts(), [1, 1, 1]);
    await through.close();
    await proxy.close();
  });
});
