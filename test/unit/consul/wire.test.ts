import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { NotConsulError, UnreachableError } from '../../../src/consul/errors.ts';
import { fireEvent } from '../../../src/consul/event.ts';
import { acquireKey, listKeys, readTree } from '../../../src/consul/kv.ts';
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

test('bodies have a content length, answers come zipped, and sockets are few and kept', async () => {
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

test('however many reads wait, a renewal does not wait for them', async () => {
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
    while (waiting.length < reads.length) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(await renewSession(consul, 's'), true);
    for (const response of waiting) response.end('[]');
    await Promise.all(reads);
  });
});

test('the time for an answer counts from the call, also in a queue for a socket', async () => {
  await withAgent(
    () => undefined,
    async ({ consul }) => {
      const calls = Array.from({ length: 13 }, () =>
        consul.call({ method: 'GET', path: '/v1/x', timeoutMs: 300 }),
      );
      // Were they to queue first, the last would take three times as long as the first.
      const order: number[] = [];
      const late = consul.call({ method: 'GET', path: '/v1/x', timeoutMs: 800 });
      const all = [...calls, late].map((call, i) => call.finally(() => order.push(i)));
      for (const outcome of await Promise.allSettled(all)) {
        assert.equal(outcome.status, 'rejected');
        assert.ok(outcome.reason instanceof UnreachableError, String(outcome.reason));
        assert.match(outcome.reason.message, /no answer came within 1 s/);
      }
      assert.equal(order.at(-1), 13);
    },
  );
});

test('an abort ends a call that waits for a socket, with the reason given', async () => {
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

test('a session is gone only when Consul itself says so', async () => {
  let body = "Session id 'f9642bd0-a046-bc68-577a-4962b8c06efa' not found";
  const answer = (_: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(404).end(body);
  await withAgent(answer, async ({ consul }) => {
    assert.equal(await renewSession(consul, 's'), false);
    body = '404 page not found';
    await assert.rejects(renewSession(consul, 's'), NotConsulError);
  });
});

test('no key is there only when Consul itself says so, by its index', async () => {
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
