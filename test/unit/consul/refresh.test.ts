import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import type { ConnectionOptions } from '../../../src/consul/endpoint/connectionOptions.ts';
import { parseAddress } from '../../../src/consul/endpoint/address.ts';
import { BasicAuthError } from '../../../src/consul/errors/basicAuthError.ts';
import { PermissionError, UnknownTokenError } from '../../../src/consul/errors/consulErrors.ts';
import { fireEvent } from '../../../src/consul/event.ts';
import { readTree } from '../../../src/consul/kv.ts';
import { type LoopbackAgent, startLoopbackAgent } from '../../support/loopbackAgent.ts';

/** An agent that accepts one token, and a connection to it with the one that was valid before. */
async function withTokens(
  use: (
    agent: LoopbackAgent,
    state: { accepted: string; saved: string; readonly reads: number; readonly seen: string[] },
  ) => Promise<void>,
  { status = 403, text = 'ACL not found' } = {},
): Promise<void> {
  const state = { accepted: 'new', saved: 'new', reads: 0, seen: [] as string[] };
  const respond = ({ headers, url = '' }: IncomingMessage, response: ServerResponse) => {
    state.seen.push(`${String(headers['x-consul-token'])} ${url}`);
    response.setHeader('x-consul-index', '5');
    if (headers['x-consul-token'] === state.accepted) response.end('[]');
    else response.writeHead(status).end(text);
  };
  const agent: LoopbackAgent = await startLoopbackAgent(respond, {
    token: 'old',
    refresh: (): Promise<ConnectionOptions> => {
      state.reads++;
      const { endpoint } = agent.consul.transport;
      return Promise.resolve({ endpoint, token: state.saved });
    },
  });
  try {
    await use(agent, state);
  } finally {
    await agent.close();
  }
}

describe('refused credentials', () => {
  test('are read again, and the request is repeated once with the new ones', async () => {
    for (const refusal of [
      { status: 403, text: 'ACL not found' },
      { status: 403, text: 'Permission denied' },
      { status: 500, text: 'rpc error making call: ACL not found' },
      { status: 500, text: 'rpc error making call: Permission denied' },
    ]) {
      await withTokens(async ({ consul }, state) => {
        await fireEvent(consul, '_rexec', '{}', {});
        await readTree(consul.in('dc2'), '_rexec/s/');
        assert.deepEqual(state.seen, [
          'old /v1/event/fire/_rexec',
          'new /v1/event/fire/_rexec',
          'new /v1/kv/_rexec/s/?recurse&dc=dc2',
        ]);
        assert.equal(state.reads, 1);
      }, refusal);
    }
  });

  test('are read once for many requests, and not again for some seconds', async () => {
    await withTokens(async ({ consul }, state) => {
      state.saved = 'old';
      const calls = () =>
        Promise.allSettled(Array.from({ length: 20 }, () => readTree(consul, '_rexec/s/')));
      for (const outcome of [...(await calls()), ...(await calls())]) {
        assert.equal(outcome.status, 'rejected');
        assert.ok(outcome.reason instanceof UnknownTokenError);
      }
      assert.equal(state.reads, 1);
      assert.equal(state.seen.length, 40);
    });
  });

  test('stay refused if the new ones are as well', async () => {
    await withTokens(
      async ({ consul }, state) => {
        state.saved = 'newer';
        await assert.rejects(readTree(consul, '_rexec/s/'), PermissionError);
        assert.equal(state.seen.length, 2);
      },
      { text: 'Permission denied' },
    );
  });

  test('are never replaced by those for another agent, or if they cannot be read', async () => {
    const respond = (_: IncomingMessage, response: ServerResponse) =>
      void response.writeHead(403).end('ACL not found');
    for (const refresh of [
      () => Promise.resolve({ endpoint: parseAddress('127.0.0.1:1'), token: 'new' }),
      () => Promise.reject(new Error('no such file')),
    ]) {
      const agent = await startLoopbackAgent(respond, { token: 'old', refresh });
      await assert.rejects(readTree(agent.consul, '_rexec/s/'), UnknownTokenError);
      await agent.close();
    }
  });

  test('include the password for a gateway', async () => {
    const authorizations: (string | undefined)[] = [];
    const respond = ({ headers }: IncomingMessage, response: ServerResponse) => {
      authorizations.push(headers.authorization);
      const isKnown = headers.authorization === `Basic ${btoa('me:new')}`;
      if (isKnown) response.setHeader('x-consul-index', '5').end('[]');
      else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
    };
    const basicAuth = (password: string) => ({ basicAuth: { user: 'me', password } });
    const agent: LoopbackAgent = await startLoopbackAgent(respond, {
      ...basicAuth('old'),
      refresh: () =>
        Promise.resolve({ endpoint: agent.consul.transport.endpoint, ...basicAuth('new') }),
    });
    await readTree(agent.consul, '_rexec/s/');
    assert.equal(authorizations.length, 2);
    await agent.close();
    const without = await startLoopbackAgent(respond, basicAuth('old'));
    await assert.rejects(readTree(without.consul, '_rexec/s/'), BasicAuthError);
    await without.close();
  });

  test('do not disturb a waiting read with the earlier ones, which closing ends', async () => {
    let waiting: ServerResponse | undefined;
    const respond = ({ headers, url = '' }: IncomingMessage, response: ServerResponse) => {
      response.setHeader('x-consul-index', '5');
      if (url.includes('index=')) waiting = response;
      else if (headers['x-consul-token'] === 'new') response.end('[]');
      else response.writeHead(403).end('ACL not found');
    };
    const agent: LoopbackAgent = await startLoopbackAgent(respond, {
      token: 'old',
      refresh: () => Promise.resolve({ endpoint: agent.consul.transport.endpoint, token: 'new' }),
    });
    const wait = { index: 5, waitMs: 30_000 };
    const first = readTree(agent.consul, '_rexec/s/', wait);
    while (!waiting) await new Promise((resolve) => setTimeout(resolve, 5));
    await readTree(agent.consul, '_rexec/s/');
    waiting.end('[]');
    assert.deepEqual((await first).items, []);
    const second = readTree(agent.consul, '_rexec/s/', wait);
    await Promise.all([assert.rejects(second), agent.close()]);
  });
});
