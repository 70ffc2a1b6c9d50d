import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consul } from '../../src/consul/consul.ts';
import {
  ConsulError,
  ServerError,
  UnreachableError,
} from '../../src/consul/errors/consulErrors.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { summarize } from '../../src/runs/text/stateText.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { gather } from '../support/runToEnd.ts';
import { type Fault, type FaultProxy, startFaultProxy } from './support/faultProxy.ts';
import { assertNothingLeft } from './support/nothingLeft.ts';
import { command, consulAt, requestFor, watch } from './support/runs.ts';

const NODES = ['a', 'b'];
/** Enough for the collector to list keys and to fetch the new ones in batches. */
const LONG = command('for i in 1 2 3 4 5; do seq 60000; sleep 0.6; done');

const isFire = (url: string) => url.startsWith('/v1/event/fire/');
const isRead = (method: string, url: string) =>
  (method === 'GET' && url.startsWith('/v1/kv/')) || url.startsWith('/v1/txn');

const FAULTS: readonly [string, Fault][] = [
  ['cut before the agent hears of it', { kind: 'cutBefore' }],
  ['cut instead of an answer', { kind: 'cutAfter' }],
  ['cut in the middle of an answer', { kind: 'cutWithin' }],
  ['answered with 429', { kind: 'answer', status: 429, body: '' }],
  [
    'answered with 500 No cluster leader',
    { kind: 'answer', status: 500, body: 'No cluster leader' },
  ],
  [
    'answered with 500 and a text that nobody has seen before',
    { kind: 'answer', status: 500, body: 'rpc error making call: i/o deadline reached: oops' },
  ],
  ['answered with a proxy’s 404', { kind: 'answer', status: 404, body: '404 page not found' }],
  ['answered with an error page', { kind: 'answer', status: 500, body: '<html>oops</html>' }],
  [
    'answered with a gateway’s 502 page',
    { kind: 'answer', status: 502, body: '<html>Bad Gateway</html>' },
  ],
  ['late', { kind: 'delay', ms: 400 }],
];

describe('a run over a bad line', () => {
  let fleet: Fleet;
  let proxy: FaultProxy;
  let consul: Consul;

  before(async () => {
    fleet = await startFleet({ clients: NODES.map((name) => ({ name })) });
  });
  after(() => fleet.stop());

  beforeEach(async () => {
    proxy = await startFaultProxy(fleet.address);
    consul = consulAt(proxy.address);
  });
  afterEach(async () => {
    await consul.close();
    await proxy.close();
    await assertNothingLeft(fleet.address);
  });

  const fires = () => proxy.seen.filter(({ url }) => isFire(url)).length;
  const start = (job = command('echo hi'), signal?: AbortSignal) =>
    runJob(consul, requestFor(NODES, job, { quietMs: 3000 }), signal);

  for (const [what, fault] of FAULTS) {
    test(`loses nothing when every third read is ${what}`, { timeout: 60_000 }, async () => {
      let reads = 0;
      proxy.faults = ({ method, url }) =>
        isRead(method, url) && ++reads % 3 === 2 ? fault : undefined;
      const { ledger, output } = await gather(start(LONG));
      assert.ok(ledger.succeeded, summarize(ledger));
      const once = Array.from({ length: 60_000 }, (_, i) => `${i + 1}\n`).join('');
      for (const node of NODES) assert.ok(output.get(node) === once.repeat(5), node);
      assert.ok(proxy.seen.some((seen) => seen.fault === fault));
      assert.equal(fires(), 1);
    });
  }

  for (const fault of [
    { kind: 'cutAfter' },
    { kind: 'cutWithin' },
    { kind: 'answer', status: 502, body: '<html>Bad Gateway</html>' },
    { kind: 'answer', status: 503, body: '<html>busy</html>' },
    { kind: 'answer', status: 504, body: '' },
    { kind: 'answer', status: 500, body: 'rpc error making call: EOF' },
  ] satisfies Fault[]) {
    test(`an announcement that ends in ${JSON.stringify(fault)} is recovered by a second attempt`, async () => {
      let left = 1;
      proxy.faults = ({ url }) => (isFire(url) && left-- > 0 ? fault : undefined);
      const { ledger, output } = await gather(start(command('echo ran')));
      assert.ok(ledger.succeeded, summarize(ledger));
      assert.deepEqual(ledger.warnings, []);
      assert.deepEqual([...output.values()], ['ran\n', 'ran\n']);
      assert.equal(fires(), fault.kind === 'answer' ? 2 : 1);
    });
  }

  test('a 503 for an announcement that was carried out does not run the job twice', async () => {
    proxy.faults = ({ url }) =>
      isFire(url) ? { kind: 'replace', status: 503, body: '<html>busy</html>' } : undefined;
    const { ledger, output } = await gather(start(command('echo ran')));
    assert.ok(ledger.succeeded, summarize(ledger));
    assert.deepEqual([...output.values()], ['ran\n', 'ran\n']);
    assert.equal(fires(), 1);
  });

  test('announcements that are never confirmed are reported, and nothing runs afterwards', async () => {
    proxy.faults = ({ url }) =>
      isFire(url) ? { kind: 'answer', status: 504, body: '' } : undefined;
    const { ledger } = await gather(start());
    assert.equal(ledger.end, 'quiet');
    assert.equal(ledger.counts.noResponse, 2);
    assert.match(ledger.warnings.join('\n'), /didn't confirm the announcements/);
    assert.equal(fires(), 3);
  });

  for (const [status, body] of [
    [429, ''],
    [500, 'No cluster leader'],
    [
      503,
      'rate limit exceeded for operation that can only be performed by the leader, try again later',
    ],
  ] as const) {
    test(`an announcement refused with ${status} ${body} is made again, since no node received it`, async () => {
      let left = 2;
      proxy.faults = ({ url }) =>
        isFire(url) && left-- > 0 ? { kind: 'answer', status, body } : undefined;
      const { ledger, output } = await gather(start());
      assert.ok(ledger.succeeded, summarize(ledger));
      assert.deepEqual([...output.values()], ['hi\n', 'hi\n']);
      assert.equal(fires(), 3);
    });
  }

  test('an announcement that is refused again and again fails the run', async () => {
    proxy.faults = ({ url }) =>
      isFire(url) ? { kind: 'answer', status: 429, body: '' } : undefined;
    await assert.rejects(gather(start()), ServerError);
    assert.equal(fires(), 4);
  });

  test('an announcement that is wrong as such is not made again', async () => {
    const request = { ...requestFor(NODES, command('true')), announcements: [{ node: '^a$' }] };
    proxy.faults = ({ url }) =>
      isFire(url) ? { kind: 'answer', status: 500, body: 'Invalid node filter: no' } : undefined;
    await assert.rejects(gather(runJob(consul, request)), ServerError);
    assert.equal(fires(), 1);
  });

  test('when one of several announcements is refused, the others run and a warning says so', async () => {
    proxy.faults = ({ url }) =>
      isFire(url) && url.includes(encodeURIComponent('^b$'))
        ? { kind: 'answer', status: 429, body: '' }
        : undefined;
    const announcements = [{ node: '^a$' }, { node: '^b$' }];
    const request = { ...requestFor(NODES, command('true'), { quietMs: 4000 }), announcements };
    const { ledger, events } = await gather(runJob(consul, request));
    assert.equal(ledger.get('a')?.code, 0);
    assert.equal(ledger.get('b')?.state, 'noResponse');
    assert.match(ledger.warnings[0]!, /Couldn't announce the job to some nodes/);
    assert.equal(events.filter(({ kind }) => kind === 'announced').length, 1);
  });

  test('the connection is dead for longer than the quiet time, and no node is given up', async () => {
    let dead = false;
    proxy.faults = () => (dead ? { kind: 'cutBefore' } : undefined);
    const run = watch(start(command('echo begun; sleep 12; echo done')), ({ kind }) => {
      if (kind !== 'acknowledged' || dead) return;
      dead = true;
      setTimeout(() => (dead = false), 11_000);
    });
    const { ledger, events, output } = await gather(run);
    assert.ok(ledger.succeeded, summarize(ledger));
    assert.match(ledger.warnings[0]!, /Can't read from Consul/);
    assert.ok(!events.some(({ kind }) => kind === 'lost'));
    for (const node of NODES) assert.equal(output.get(node), 'begun\ndone\n');
  });

  test('cleaning up is tried again until it works', async () => {
    let refused = 0;
    proxy.faults = ({ method, url }) => {
      const closing = url.includes('/session/destroy/') || method === 'DELETE';
      return closing && ++refused <= 2
        ? { kind: 'answer', status: 500, body: 'No cluster leader' }
        : undefined;
    };
    const { ledger } = await gather(start());
    assert.ok(ledger.succeeded);
    assert.deepEqual(ledger.warnings, []);
  });

  test('a cleanup that fails is reported', async () => {
    proxy.faults = ({ url }) =>
      url.includes('/session/destroy/') ? { kind: 'answer', status: 400, body: 'no' } : undefined;
    const { ledger } = await gather(start());
    assert.match(ledger.warnings[0]!, /Couldn't clean up/);
    await destroySessions(fleet.address);
  });

  test('a stop while the session is being made leaves no session', async () => {
    const stop = new AbortController();
    proxy.faults = ({ url }) => {
      if (!url.startsWith('/v1/session/create')) return undefined;
      setTimeout(() => stop.abort(), 50);
      return { kind: 'delay', ms: 500 };
    };
    await assert.rejects(gather(start(undefined, stop.signal)), { name: 'AbortError' });
    await sleep(100);
    await assertNothingLeft(fleet.address);
    assert.equal(fires(), 0);
  });

  test('a stop while the announcement hangs keeps the nodes from running it', async () => {
    const stop = new AbortController();
    proxy.faults = ({ url }) => {
      if (!isFire(url)) return undefined;
      setTimeout(() => stop.abort(), 50);
      return { kind: 'hang' };
    };
    const { ledger } = await gather(start(undefined, stop.signal));
    assert.equal(ledger.end, 'stopped');
    assert.deepEqual(ledger.warnings, []);
    assert.equal(ledger.counts.noResponse, 2);
    assert.equal(fires(), 1);
  });

  test('a stop is over soon although the agent hangs, and cleans up once it is back', async () => {
    const stop = new AbortController();
    let hangs = false;
    proxy.faults = () => (hangs ? { kind: 'hang' } : undefined);
    const run = start(command('echo begun; sleep 20'), stop.signal);
    const heard = watch(run, ({ kind }) => {
      if (kind === 'output' && !hangs) {
        hangs = true;
        stop.abort();
      }
      // It is told before anything was cleaned up: only then does the agent come back.
      if (kind === 'finished') {
        assert.ok(hangs);
        hangs = false;
      }
    });
    const { ledger } = await gather(heard);
    assert.equal(ledger.end, 'stopped');
    assert.match(ledger.warnings.join('\n'), /Consul didn't respond in time/);
    assert.match(ledger.warnings.join('\n'), /continues in the background/);
  });

  for (const [what, fault, tries] of [
    ['cut', { kind: 'cutBefore' }, 1],
    ['refused again and again', { kind: 'answer', status: 500, body: 'No cluster leader' }, 5],
  ] satisfies [string, Fault, number][]) {
    test(`a session that is ${what} fails the run before anything is written`, async () => {
      proxy.faults = ({ url }) => (url.startsWith('/v1/session/create') ? fault : undefined);
      await assert.rejects(gather(start()), ConsulError);
      const writes = proxy.seen.filter(({ method }) => method === 'PUT');
      assert.deepEqual(
        writes.map(({ url }) => url),
        Array.from({ length: tries }, () => '/v1/session/create'),
      );
    });
  }

  for (const [status, body] of [
    [429, ''],
    [
      503,
      'rate limit exceeded for operation that can only be performed by the leader, try again later',
    ],
    [500, 'No cluster leader'],
  ] as const) {
    test(`a start that is refused twice with ${status} ${body} waits for its turn`, async () => {
      const left = new Map([
        ['/v1/session/create', 2],
        ['/job?acquire=', 2],
      ]);
      proxy.faults = ({ url }) => {
        const [part, count] = [...left].find(([text]) => url.includes(text)) ?? [];
        if (part === undefined || !count) return undefined;
        left.set(part, count - 1);
        return { kind: 'answer', status, body };
      };
      const { ledger } = await gather(start());
      assert.ok(ledger.succeeded, summarize(ledger));
    });
  }

  test('a session whose answer is cut off is found, and nothing stays behind', async () => {
    let left = 1;
    proxy.faults = ({ url }) =>
      url.startsWith('/v1/session/create') && left-- > 0 ? { kind: 'cutAfter' } : undefined;
    const { ledger } = await gather(start());
    assert.ok(ledger.succeeded, summarize(ledger));
  });

  for (const [what, fault] of [
    ['locked by another session', { kind: 'answer', status: 200, body: 'false' }],
    ['cut off', { kind: 'cutAfter' }],
    ['refused', { kind: 'answer', status: 403, body: 'Permission denied' }],
  ] satisfies [string, Fault][]) {
    test(`a job key that is ${what} fails the run, and nothing stays behind`, async () => {
      proxy.faults = ({ url }) => (url.includes('acquire=') ? fault : undefined);
      await assert.rejects(gather(start()), ConsulError);
      assert.equal(fires(), 0);
    });
  }

  test('an agent that does not answer at all is said not to', async () => {
    proxy.faults = () => ({ kind: 'cutBefore' });
    await assert.rejects(gather(start()), UnreachableError);
  });
});

async function destroySessions(address: string): Promise<void> {
  const list = (await (await fetch(`${address}/v1/session/list`)).json()) as { ID: string }[];
  for (const { ID } of list) await fetch(`${address}/v1/session/destroy/${ID}`, { method: 'PUT' });
}
