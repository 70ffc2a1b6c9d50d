import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Consul } from '../../src/consul/consul.ts';
import { NotConsulError, UnreachableError } from '../../src/consul/errors/consulErrors.ts';
import { JobTooLargeError } from '../../src/exec/protocol/job.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { describeProgress, summarize } from '../../src/runs/text/stateText.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { gather } from '../support/runToEnd.ts';
import { assertNothingLeft } from './support/nothingLeft.ts';
import { atFirstOutput, command, consulAt, requestFor, watch } from './support/runs.ts';

describe('how runs end when things go wrong', () => {
  let fleet: Fleet;
  let consul: Consul;

  before(async () => {
    fleet = await startFleet({
      servers: [{ name: 'server-1', remoteExec: false }],
      clients: [{ name: 'a' }, { name: 'b' }, { name: 'off', remoteExec: false }],
      config: { session_ttl_min: '5m', limits: { kv_max_value_size: 2000 } },
    });
    consul = consulAt(fleet.agent('off').httpAddress);
  });
  after(async () => {
    await consul.close();
    await fleet.stop();
  });
  afterEach(() => assertNothingLeft(fleet.address));

  test('a least TTL above ours is taken over', async () => {
    const ttls: string[] = [];
    const run = atFirstOutput(runJob(consul, requestFor(['a'], command('echo hi'))), async () => {
      const list = await fetch(`${fleet.address}/v1/session/list`);
      for (const { TTL } of (await list.json()) as { TTL: string }[]) ttls.push(TTL);
    });
    assert.ok((await gather(run)).ledger.succeeded);
    assert.deepEqual(ttls, ['300s']);
  });

  test('when nobody answers, the run is quiet and never a success', async () => {
    const request = requestFor(['off'], command('echo hi'), { quietMs: 1500 });
    const { ledger } = await gather(runJob(consul, request));
    assert.equal(ledger.end, 'quiet');
    assert.equal(ledger.succeeded, false);
    assert.equal(describeProgress(ledger), 'no response from any node · 1 no response');
  });

  test('a job over the limit is told how long it may be, also when only the server knows', async () => {
    const job = { kind: 'script', text: `# ${'x'.repeat(3000)}` } as const;
    for (const kvLimit of [2000, undefined]) {
      const run = runJob(consul, requestFor(['a'], job, kvLimit ? { kvLimit } : {}));
      await assert.rejects(gather(run), (error) => {
        assert.ok(error instanceof JobTooLargeError, String(error));
        const most = Number(/accepts (\d+)/.exec(error.message)?.[1]);
        return most > 1400 && most < 1500;
      });
    }
    const fitting = { kind: 'script', text: `# ${'x'.repeat(1400)}` } as const;
    assert.ok((await gather(runJob(consul, requestFor(['a'], fitting)))).ledger.succeeded);
  });

  test('a session that is destroyed under us ends the run, keeping what was read', async () => {
    const job = command('echo begun; sleep 20');
    let session = '';
    const run = atFirstOutput(runJob(consul, requestFor(['a'], job)), () =>
      fetch(`${fleet.address}/v1/session/destroy/${session}`, { method: 'PUT' }),
    );
    const seen = (async function* () {
      for await (const event of run) {
        if (event.kind === 'started') session = event.sessions[0]?.session ?? '';
        yield event;
      }
    })();
    const { ledger, output } = await gather(seen);
    assert.equal(ledger.end, 'sessionLost');
    assert.match(ledger.reason ?? '', /session ended/);
    assert.equal(ledger.get('a')?.state, 'lost');
    assert.equal(output.get('a'), 'begun\n');
  });

  test('a node killed while it works is lost, and the others are not held up by it', async () => {
    const request = requestFor(['a', 'b'], command('echo begun; sleep 2; echo done'), {
      quietMs: 1000,
    });
    const run = atFirstOutput(runJob(consul, request), () => fleet.agent('b').kill());
    const { ledger, output } = await gather(run);
    assert.equal(ledger.get('a')?.code, 0, summarize(ledger));
    assert.ok(['lost', 'noResponse'].includes(ledger.get('b')?.state ?? ''), summarize(ledger));
    assert.equal(output.get('a'), 'begun\ndone\n');
    assert.equal(ledger.succeeded, false);
    await fleet.restart('b');
  });

  test('a frozen node is lost, and taken back when it goes on', async () => {
    const kinds: string[] = [];
    // The other one keeps the run going meanwhile.
    const job = command('echo begun; sleep 8; echo done');
    const run = watch(runJob(consul, requestFor(['a', 'b'], job, { quietMs: 1000 })), (event) => {
      if (!('node' in event) || event.node !== 'a') return;
      if (event.kind === 'output' && !kinds.includes('output')) fleet.agent('a').freeze();
      if (event.kind === 'lost') fleet.agent('a').resume();
      kinds.push(event.kind);
    });
    const { ledger } = await gather(run);
    fleet.agent('a').resume();
    assert.ok(kinds.includes('lost'), kinds.join());
    assert.equal(ledger.get('a')?.code, 0, summarize(ledger));
    assert.ok(ledger.succeeded);
  });

  test(
    'a server that restarts in mid-run costs nothing that was read, and the end is honest',
    { timeout: 90_000 },
    async () => {
      // Nobody writes while the server is away: an agent whose write fails gives up (PROTOCOL.md §2.5).
      const request = requestFor(['a', 'b'], command('echo begun; sleep 15; echo done'), {
        quietMs: 20_000,
      });
      const begun = new Set<string>();
      let restart: Promise<void> | undefined;
      const run = watch(runJob(consul, request), (event) => {
        if (event.kind !== 'output') return;
        begun.add(event.node);
        // Not waited for: the run is to read on while there is no server.
        if (begun.size === 2) restart ??= restartServer(fleet);
      });
      const { ledger, output, events } = await gather(run);
      await restart;
      for (const { node, state } of ledger.nodes) {
        assert.ok(state === 'exited' || state === 'lost', summarize(ledger));
        assert.ok(output.get(node)?.startsWith('begun\n'), summarize(ledger));
      }
      // A leader that has just begun may take the nodes for gone, and their sessions with them.
      const honest = ledger.counts.ok === 2 ? ['complete'] : ['complete', 'quiet', 'sessionLost'];
      assert.ok(honest.includes(ledger.end ?? ''), summarize(ledger));
      assert.equal(ledger.succeeded, ledger.counts.ok === 2);
      assert.equal(events.filter(({ kind }) => kind === 'acknowledged').length, 2);
    },
  );
});

/** The clients are told, since a server that was killed knows only itself at first. */
async function restartServer(fleet: Fleet): Promise<void> {
  const server = fleet.agent('server-1');
  await server.kill();
  await server.start();
  for (const { httpAddress } of fleet.clients) {
    const join = () => fetch(`${httpAddress}/v1/agent/join/${server.ip}`, { method: 'PUT' });
    while (!(await join()).ok) await sleep(100);
  }
}

describe('what is not a Consul agent', () => {
  const ANSWERS: readonly [string, number, string][] = [
    ['a web page', 200, '<!doctype html><title>Hello</title>'],
    ['a page that is not found', 404, 'Not Found'],
    ['JSON of something else', 200, '{"status":"ok"}'],
    ['a redirect', 301, ''],
    ['an error page', 500, '<html>oops</html>'],
  ];
  for (const [what, status, body] of ANSWERS) {
    test(`${what} is told from one`, async () => {
      const server = createServer((_, response) => response.writeHead(status).end(body));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const consul = consulAt(`127.0.0.1:${(server.address() as AddressInfo).port}`);
      try {
        await assert.rejects(
          gather(runJob(consul, requestFor(['a'], command('x')))),
          NotConsulError,
        );
      } finally {
        await consul.close();
        server.close();
      }
    });
  }

  test('a port where nobody listens is said to be that', async () => {
    const consul = consulAt('127.0.0.1:1');
    const run = gather(runJob(consul, requestFor(['a'], command('x'))));
    await assert.rejects(run, (error) => {
      return error instanceof UnreachableError && error.message.includes('http://127.0.0.1:1');
    });
    await consul.close();
  });
});
