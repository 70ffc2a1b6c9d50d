import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Consul } from '../../../src/consul/consul.ts';
import { NotConsulError, UnreachableError } from '../../../src/consul/errors/consulErrors.ts';
import { fireEvent } from '../../../src/consul/event.ts';
import { acquireKey, listKeys, readTree, readTrees } from '../../../src/consul/kv.ts';
import { destroySession, renewSession } from '../../../src/consul/session.ts';
import { type LoopbackAgent, startLoopbackAgent } from '../../support/loopbackAgent.ts';

async function withAgent(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  use: (agent: LoopbackAgent) => Promise<void>,
): Promise<void> {
  const agent = await startLoopbackAgent(answer);
  try {
    await use(agent);
  } finally {
    await agent.close();
  }
}

test('bodies have a content length, responses are compressed, and a few sockets are reused', async () => {
  const seen: IncomingMessage[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    seen.push(request);
    response.setHeader('content-encoding', 'gzip').end(gzipSync('true'));
  };
  await withAgent(answer, async (agent) => {
    const { consul } = agent;
    await fireEvent(consul, '_rexec', '{"Prefix":"_rexec"}', {});
    assert.equal(await acquireKey(consul, '_rexec/s/job', 's', Buffer.from('job')), true);
    await Promise.all(Array.from({ length: 40 }, () => destroySession(consul, 's')));
    await destroySession(consul, 's');
    assert.ok(agent.connections <= 6, `${agent.connections} sockets`);
    assert.equal(seen.length, 43);
    for (const { headers } of seen) {
      assert.equal(headers['accept-encoding'], 'gzip');
      assert.equal(headers['transfer-encoding'], undefined);
    }
    assert.deepEqual(
      seen.slice(0, 2).map(({ headers }) => headers['content-length']),
      ['19', '3'],
    );
  });
});

test('waiting reads never delay a renewal', async () => {
  const waiting: ServerResponse[] = [];
  const answer = ({ url = '' }: IncomingMessage, response: ServerResponse) => {
    response.setHeader('x-consul-index', '5');
    if (!url.includes('index=')) response.end('[]');
    else waiting.push(response);
  };
  await withAgent(answer, async ({ consul }) => {
    const reads = Array.from({ length: 12 }, () =>
      readTree(consul, '_rexec/s/', { index: 5, waitMs: 30_000 }),
    );
    while (waiting.length < 10) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(await renewSession(consul, 's'), { alive: true, ttlSeconds: undefined });
    const answering = setInterval(() => waiting.splice(0).forEach((one) => one.end('[]')), 5);
    await Promise.all(reads);
    clearInterval(answering);
  });
});

test('half of the waiting reads wait long, and the others change places', async () => {
  const waits: string[] = [];
  const answer = ({ url = '' }: IncomingMessage, response: ServerResponse) => {
    response.setHeader('x-consul-index', '5');
    const wait = new URL(url, 'http://agent').searchParams.get('wait') ?? '';
    waits.push(wait);
    if (wait === '1000ms') response.end('[]');
  };
  await withAgent(answer, async ({ consul }) => {
    const closing = new AbortController();
    const read = () => readTree(consul, '_rexec/s/', { index: 5, waitMs: 30_000 }, closing.signal);
    const long = Array.from({ length: 5 }, read);
    await Promise.all(Array.from({ length: 20 }, read));
    assert.deepEqual(waits.sort(), [
      ...Array.from({ length: 20 }, () => '1000ms'),
      ...long.map(() => '30000ms'),
    ]);
    closing.abort();
    await Promise.allSettled(long);
  });
});

test('clients of the same agent share its sockets', async () => {
  const answer = (_: IncomingMessage, response: ServerResponse) => void response.end('true');
  await withAgent(answer, async (agent) => {
    const clients = Array.from(
      { length: 8 },
      () => new Consul({ endpoint: agent.consul.transport.endpoint }),
    );
    await Promise.all(clients.map((client) => destroySession(client, 's')));
    assert.ok(agent.connections <= 6, `${agent.connections} sockets`);
    // One that closes doesn't take the sockets from the others.
    const [first, second] = clients;
    assert.ok(first && second);
    const pending = destroySession(second, 's');
    await first.close();
    await pending;
    await Promise.all(clients.map((client) => client.close()));
  });
});

test('the timeout starts with the call, even while it queues for a socket', async () => {
  await withAgent(
    () => undefined,
    async ({ consul }) => {
      const calls = Array.from({ length: 13 }, () =>
        consul.call({ method: 'GET', path: '/v1/x', timeoutMs: 300 }),
      );
      // If the time in the queue didn't count, the last would take three times as long as the first.
      const order: number[] = [];
      const late = consul.call({ method: 'GET', path: '/v1/x', timeoutMs: 800 });
      const all = [...calls, late].map((call, i) => call.finally(() => order.push(i)));
      for (const outcome of await Promise.allSettled(all)) {
        assert.equal(outcome.status, 'rejected');
        assert.ok(outcome.reason instanceof UnreachableError, String(outcome.reason));
        assert.match(outcome.reason.message, /no response within 1 s/);
      }
      assert.equal(order.at(-1), 13);
    },
  );
});

test('an abort ends a call that waits for a socket, and its error is the reason', async () => {
  await withAgent(
    () => undefined,
    async ({ consul }) => {
      const stop = new AbortController();
      const calls = Array.from({ length: 8 }, () =>
        consul.call({ method: 'GET', path: '/v1/x', signal: stop.signal }),
      );
      stop.abort(new Error('enough'));
      for (const outcome of await Promise.allSettled(calls)) {
        assert.equal(outcome.status, 'rejected');
        assert.match(String(outcome.reason), /enough/);
      }
    },
  );
});

test('a session is gone only if Consul itself reports it', async () => {
  let body = "Session id 'f9642bd0-a046-bc68-577a-4962b8c06efa' not found";
  const answer = (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(404).end(body);
  await withAgent(answer, async ({ consul }) => {
    assert.deepEqual(await renewSession(consul, 's'), { alive: false });
    body = '404 page not found';
    await assert.rejects(renewSession(consul, 's'), NotConsulError);
  });
});

test('a response with the wrong shape is a NotConsulError', async () => {
  let body = '';
  const answer = (_: IncomingMessage, response: ServerResponse) =>
    void response.setHeader('x-consul-index', '7').end(body);
  await withAgent(answer, async ({ consul }) => {
    const entry = { Key: '_rexec/s/a', Value: 'YQ==', Session: 's' };
    const wrong = [{ Key: entry.Key }, { ...entry, Value: 1 }, { Value: 'YQ==' }, 'a', null];
    const valid = [entry, { Key: '_rexec/s/b', Value: null }];

    body = JSON.stringify(valid);
    const { items } = await readTree(consul, '_rexec/s/');
    assert.deepEqual(
      items?.map(({ key, value, session }) => [key, value.toString(), session]),
      [
        ['_rexec/s/a', 'a', 's'],
        ['_rexec/s/b', '', undefined],
      ],
    );
    for (const tree of [null, {}, ...wrong.map((item) => [entry, item])]) {
      body = JSON.stringify(tree);
      await assert.rejects(readTree(consul, '_rexec/s/'), NotConsulError, body);
    }

    body = JSON.stringify({ Results: valid.map((KV) => ({ KV })), Errors: null });
    assert.equal((await readTrees(consul, ['_rexec/s/']))().length, 2);
    body = JSON.stringify({ Results: null, Errors: null });
    assert.deepEqual((await readTrees(consul, ['_rexec/s/']))(), []);
    const results = [null, {}, { Results: {} }, { Results: [null] }, { Results: [{}] }];
    for (const result of [...results, ...wrong.map((KV) => ({ Results: [{ KV }] }))]) {
      body = JSON.stringify(result);
      const unpack = await readTrees(consul, ['_rexec/s/']);
      assert.throws(unpack, NotConsulError, body);
    }

    body = JSON.stringify(['_rexec/s/a', 1]);
    const { slices = [] } = await listKeys(consul, '_rexec/s/');
    await assert.rejects(async () => {
      for await (const slice of slices) assert.ok(slice);
    }, NotConsulError);
  });
});

test('there is no key only if Consul itself reports it, with its index', async () => {
  let headers: Record<string, string> = { 'x-consul-index': '7' };
  const answer = (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(404, headers).end();
  await withAgent(answer, async ({ consul }) => {
    assert.equal((await readTree(consul, '_rexec/s/')).items, undefined);
    assert.equal((await listKeys(consul, '_rexec/s/')).slices, undefined);
    headers = {};
    await assert.rejects(readTree(consul, '_rexec/s/'), NotConsulError);
    await assert.rejects(listKeys(consul, '_rexec/s/'), NotConsulError);
  });
});
