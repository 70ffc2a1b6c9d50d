import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { findSessionNode } from '../../src/consul/catalog/datacenters.ts';
import { LiveInventory } from '../../src/consul/catalog/liveInventory.ts';
import type { Consul } from '../../src/consul/consul.ts';
import { announce } from '../../src/exec/attempt/announce.ts';
import { eventPayload } from '../../src/exec/protocol/execEvent.ts';
import { catchUp } from '../../src/exec/run/catchUp.ts';
import { Detach } from '../../src/exec/run/detach.ts';
import { resumeRun } from '../../src/exec/run/resumeRun.ts';
import type { RunEvent } from '../../src/exec/events/runEvent.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { Ledger } from '../../src/runs/model/ledger.ts';
import { summarize } from '../../src/runs/text/stateText.ts';
import { type CountedFleet, startCountedFleet } from '../certainty/countedFleet.ts';
import { gather } from '../support/runToEnd.ts';
import { startFaultProxy } from './support/faultProxy.ts';
import { assertNothingLeft } from './support/nothingLeft.ts';
import { atFirstOutput, attemptsOf, command, consulAt, requestFor, watch } from './support/runs.ts';

describe('every node runs a job at most once', () => {
  let counted: CountedFleet;
  let consul: Consul;
  const TARGETS = ['n0', 'n1', 'n2'];

  before(async () => {
    counted = await startCountedFleet(4);
    consul = counted.connect();
  });
  after(async () => {
    await consul.close();
    await counted.stop();
  });

  const nothingLeft = () => assertNothingLeft(counted.fleet.address);
  const request = (job = counted.countedJob().job, targets = TARGETS, quietMs = 1500) =>
    requestFor(targets, job, { quietMs });

  test('a node that missed the event is told again, and each runs it once', async () => {
    const { id, job } = counted.countedJob(2);
    // As if gossip had missed n2: the event of the first attempt does not reach it.
    const missing = { ...request(job), announcements: [{ node: '^n[01]$' }] };
    const { ledger, events } = await gather(runJob(consul, missing));
    assert.ok(ledger.succeeded, summarize(ledger));
    assert.deepEqual(
      TARGETS.map((node) => counted.runsOf(id).get(node)),
      [1, 1, 1],
    );
    assert.equal(ledger.get('n2')?.attempts, 2);
    assert.equal(ledger.get('n0')?.attempts, undefined);
    const acknowledged = events.find((e) => e.kind === 'acknowledged' && e.node === 'n2');
    assert.ok(acknowledged?.kind === 'acknowledged' && acknowledged.attempt === 2);
    await nothingLeft();
  });

  test('a frozen node has no response, and does not run the job when it wakes up', async () => {
    const { id, job } = counted.countedJob();
    counted.fleet.agent('n2').freeze();
    const { ledger, events } = await gather(runJob(consul, request(job)));
    assert.equal(ledger.end, 'quiet');
    assert.equal(ledger.get('n2')?.state, 'noResponse', summarize(ledger));
    assert.equal(events.filter(({ kind }) => kind === 'attempted').length, 3);
    counted.fleet.agent('n2').resume();
    await sleep(3000);
    assert.deepEqual(
      TARGETS.map((node) => counted.runsOf(id).get(node)),
      [1, 1, 0],
    );
    await nothingLeft();
  });

  test('a run on which every node responds at once uses one session', async () => {
    const { ledger, events } = await gather(runJob(consul, request()));
    assert.ok(ledger.succeeded);
    assert.deepEqual(
      events.filter(({ kind }) => kind === 'attempted' || kind === 'fenced'),
      [],
    );
  });

  test('stopping keeps nodes from beginning, and says which', async () => {
    const { id, job } = counted.countedJob(5);
    counted.fleet.agent('n2').freeze();
    const stop = new AbortController();
    const acknowledged = new Set<string>();
    const run = watch(runJob(consul, request(job), stop.signal), (event) => {
      if (event.kind === 'acknowledged') acknowledged.add(event.node);
      if (acknowledged.size === 2) stop.abort();
    });
    const { ledger } = await gather(run);
    counted.fleet.agent('n2').resume();
    assert.equal(ledger.end, 'stopped');
    assert.equal(ledger.get('n2')?.state, 'noResponse');
    assert.equal(ledger.counts.lost, 2);
    await sleep(2000);
    assert.equal(counted.runsOf(id).get('n2'), 0);
    await nothingLeft();
  });

  test('where no fence can be placed, a node is not known', async () => {
    const proxy = await startFaultProxy(counted.fleet.address);
    const through = consulAt(proxy.address);
    const isFence = (body: string) => body.startsWith('/v1/txn');
    proxy.faults = ({ url }) =>
      isFence(url) ? { kind: 'answer', status: 403, body: 'Permission denied' } : undefined;
    counted.fleet.agent('n2').freeze();
    const { ledger } = await gather(runJob(through, request()));
    counted.fleet.agent('n2').resume();
    assert.equal(ledger.get('n2')?.state, 'unknown', summarize(ledger));
    assert.match(ledger.warnings.join('\n'), /Couldn't confirm that the job didn't run on n2/);
    await through.close();
    await proxy.close();
    await nothingLeft();
  });

  for (const [what, remove] of [
    ['whose session is gone', (address, session) => `${address}/v1/session/destroy/${session}`],
    [
      'whose keys were deleted',
      (address, session) => `${address}/v1/kv/_rexec/${session}/?recurse`,
    ],
  ] as const satisfies readonly [string, (address: string, session: string) => string][]) {
    test(`a node that began an attempt ${what} can't be fenced from it`, async () => {
      const { id, job } = counted.countedJob();
      const attempts = attemptsOf(consul, job);
      const first = await attempts.open(undefined);
      await attempts.writeJob(first, undefined);
      const fencer = await attempts.open(undefined);
      const { session } = first.lease;
      await announce(consul, eventPayload('_rexec', session), { node: '^n0$' }, undefined);
      while (counted.runsOf(id).get('n0') === 0) await sleep(50);
      const method = what.includes('keys') ? 'DELETE' : 'PUT';
      await fetch(remove(counted.fleet.address, session), { method });
      // Its ack key is gone, so it could be locked as if the node had never begun.
      const [result] = await attempts.fence(['n0', 'n1'], fencer, 1000);
      assert.deepEqual([result?.fenced, result?.unknown], [[], ['n0', 'n1']]);
      await attempts.close(false, 5000);
      await nothingLeft();
    });
  }

  test('a resumed run tells only the nodes that it fenced', async () => {
    const { id, job } = counted.countedJob(1);
    counted.fleet.agent('n2').freeze();
    const leave = new AbortController();
    const events: RunEvent[] = [];
    for await (const event of runJob(consul, request(job), leave.signal)) {
      events.push(event);
      // The second attempt is recorded; whether its fences and its event went out is not.
      if (event.kind === 'attempted') leave.abort(new Detach());
    }
    const ledger = new Ledger();
    for (const event of events) ledger.apply(event);
    const started = events.find((event) => event.kind === 'started');
    assert.ok(started && ledger.end === undefined);
    const part = {
      datacenter: 'dc1',
      consul,
      attempts: [
        { session: started.sessions[0]?.session ?? '', nodes: [] },
        ...ledger.attempts.further,
      ],
      job,
      prefix: '_rexec',
      targets: TARGETS,
      fenced: [],
      keepers: ledger.attempts.keepers('dc1'),
      quietMs: 1500,
      heartbeatMs: started.heartbeatMs,
    };
    setTimeout(() => counted.fleet.agent('n2').resume(), 500);
    for await (const event of resumeRun([part], [])) ledger.apply(event);
    await sleep(1500);
    const runs = counted.runsOf(id);
    assert.deepEqual([runs.get('n0'), runs.get('n1')], [1, 1]);
    assert.ok((runs.get('n2') ?? 0) <= 1);
    assert.equal(ledger.get('n2')?.state === 'exited', runs.get('n2') === 1, summarize(ledger));
    await nothingLeft();
  });

  test('a run survives a graceful restart of the contacted agent', async () => {
    const agent = counted.fleet.agent('n3');
    const through = consulAt(agent.httpAddress);
    const self = { datacenter: 'dc1', nodeName: 'n3' };
    const sessionNode = await findSessionNode(through, self);
    assert.equal(sessionNode, 'server-1');
    const job = command('echo begun; sleep 6; echo done');
    const run = atFirstOutput(
      runJob(through, requestFor(['n0', 'n1'], job, { quietMs: 5000, sessionNode })),
      async () => {
        await agent.stop();
        await agent.start();
      },
    );
    const { ledger, output } = await gather(run);
    assert.ok(ledger.succeeded, summarize(ledger));
    assert.deepEqual([...output.values()], ['begun\ndone\n', 'begun\ndone\n']);
    await through.close();
    await nothingLeft();
  });

  test('keys that are deleted in mid-run are reported, and are no success', async () => {
    const job = command('for i in 1 2 3 4; do seq 3000; sleep 0.5; done');
    const proxy = await startFaultProxy(counted.fleet.address);
    const through = consulAt(proxy.address);
    let session = '';
    let isDeaf = false;
    let isDeleted = false;
    proxy.faults = () => (isDeaf ? { kind: 'cutBefore' } : undefined);
    const run = watch(runJob(through, requestFor(['n0'], job)), async (event) => {
      if (event.kind === 'started') session = event.sessions[0]?.session ?? '';
      if (event.kind !== 'output' || isDeleted) return;
      isDeleted = true;
      // While nothing is read, chunks are written and deleted.
      isDeaf = true;
      const chunks = `${counted.fleet.address}/v1/kv/_rexec/${session}/n0/out/`;
      const written = async () => (await (await fetch(`${chunks}?keys`)).json()) as string[];
      while ((await written()).length < 6) await sleep(50);
      await fetch(`${chunks}?recurse`, { method: 'DELETE' });
      isDeaf = false;
    });
    const { ledger } = await gather(run);
    assert.equal(ledger.get('n0')?.code, 0);
    assert.ok((ledger.get('n0')?.missingChunks ?? 0) > 0, summarize(ledger));
    assert.equal(ledger.succeeded, false);
    assert.match(ledger.warnings.join('\n'), /Output from n0 is incomplete/);
    await through.close();
    await proxy.close();
    await nothingLeft();
  });

  test('a proxy that cuts waiting reads after a second ends no run and prolongs none', async () => {
    const proxy = await startFaultProxy(counted.fleet.address);
    const through = consulAt(proxy.address);
    proxy.faults = ({ url }) => (/[?&]wait=/.test(url) ? { kind: 'cutAt', ms: 1100 } : undefined);
    const job = command('echo begun; sleep 5; echo done');
    const began = performance.now();
    const { ledger, output } = await gather(runJob(through, requestFor(['n0', 'n1'], job)));
    assert.ok(ledger.succeeded, summarize(ledger));
    assert.deepEqual([...output.values()], ['begun\ndone\n', 'begun\ndone\n']);
    assert.ok(performance.now() - began < 12_000);
    await through.close();
    await proxy.close();
    await nothingLeft();
  });

  test('a node that was away runs the job once when it returns', async () => {
    const { id, job } = counted.countedJob();
    const agent = counted.fleet.agent('n2');
    await agent.kill();
    const inventory = new LiveInventory(consul);
    await inventory.ready();
    const ledger = new Ledger();
    const options = { prefix: '_rexec', quietMs: 1500, replicationWaitMs: 0 };
    const awaited = { consul, watch: inventory, job, nodes: ['n2'], forMs: 60_000, options };
    setTimeout(() => void agent.start(), 2000);
    for await (const event of catchUp(awaited)) ledger.apply(event);
    inventory.dispose();
    assert.equal(ledger.get('n2')?.code, 0, summarize(ledger));
    await sleep(1000);
    assert.equal(counted.runsOf(id).get('n2'), 1);
    await nothingLeft();
  });
});
