import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { test, type TestContext } from 'node:test';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { type McpServer, serveMcp } from '../../../src/assistants/mcp/mcpServer.ts';
import type { McpTool, McpTools } from '../../../src/assistants/mcp/mcpTool.ts';

const TOOL: McpTool = {
  name: 'list_runs',
  title: 'List Runs',
  description: 'Lists runs.',
  inputSchema: { type: 'object', properties: { cursor: { type: 'string' } } },
  outputSchema: { type: 'object', required: ['count'], properties: { count: { type: 'integer' } } },
  isReadOnly: true,
};
const ACTING: McpTool = { ...TOOL, name: 'propose_run', isReadOnly: false };

async function serve(context: TestContext, tools: Partial<McpTools> = {}): Promise<McpServer> {
  const server = await serveMcp(
    {
      version: '1.2.3',
      list: () => [TOOL, ACTING],
      call: () => Promise.resolve({ count: 3 }),
      ...tools,
    },
    () => undefined,
  );
  context.after(() => server.close());
  return server;
}

async function connect(context: TestContext, { url, bearer }: McpServer): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  const requestInit = { headers: { Authorization: `Bearer ${bearer}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  context.after(() => client.close());
  return client;
}

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  readonly headers: object;
}

/** Sends a request as it is: `fetch` would not let a header be another host. */
function send(url: string, headers: Record<string, string>, method = 'POST'): Promise<Answer> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} });
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => (text += String(chunk)));
      response.on('end', () =>
        resolve({ status: response.statusCode, body: text, headers: response.headers }),
      );
    });
    request.on('error', reject);
    request.end(method === 'GET' ? undefined : body);
  });
}

test('the official client lists the tools, with what they do, and gets their answers', async (t) => {
  const calls: unknown[] = [];
  const server = await serve(t, {
    call: (name, input) => {
      calls.push([name, input]);
      return Promise.resolve({ count: 3 });
    },
  });
  assert.match(server.url, /^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
  const client = await connect(t, server);
  assert.equal(client.getServerVersion()?.version, '1.2.3');
  const { tools } = await client.listTools();
  assert.deepEqual(
    tools.map(({ name, annotations }) => [
      name,
      annotations?.readOnlyHint,
      annotations?.destructiveHint,
    ]),
    [
      ['list_runs', true, false],
      ['propose_run', false, true],
    ],
  );
  const answer = await client.callTool({ name: 'list_runs', arguments: { cursor: '5' } });
  assert.deepEqual(answer.structuredContent, { count: 3 });
  assert.deepEqual(answer.content, [{ type: 'text', text: '{"count":3}' }]);
  assert.deepEqual(calls, [['list_runs', { cursor: '5' }]]);
});

test('a refusal reaches the client in words', async (t) => {
  const server = await serve(t, { call: () => Promise.reject(new Error('Not now.')) });
  const client = await connect(t, server);
  const answer = await client.callTool({ name: 'propose_run', arguments: {} });
  assert.equal(answer.isError, true);
  assert.deepEqual(answer.content, [{ type: 'text', text: 'Not now.' }]);
});

test('a tool that is not offered can not be called', async (t) => {
  const called: string[] = [];
  const server = await serve(t, {
    list: () => [TOOL],
    call: (name) => Promise.resolve({ count: called.push(name) }),
  });
  const client = await connect(t, server);
  const answer = await client
    .callTool({ name: 'propose_run', arguments: {} })
    .catch(() => ({ isError: true }));
  assert.equal(answer.isError, true);
  assert.deepEqual(called, []);
});

test('without the bearer token there is 401, and nothing else', async (t) => {
  const server = await serve(t);
  const wrong = [
    {},
    { Authorization: '' },
    { Authorization: 'Bearer ' },
    { Authorization: 'Bearer x' },
    { Authorization: `Bearer ${server.bearer.slice(0, -1)}x` },
    { Authorization: `bearer ${server.bearer}x` },
    { Authorization: `Basic ${server.bearer}` },
    { Authorization: server.bearer },
  ];
  for (const headers of wrong) {
    for (const method of ['POST', 'GET', 'DELETE', 'OPTIONS']) {
      for (const url of [server.url, new URL('/', server.url).href]) {
        const { status, body, headers: sent } = await send(url, headers, method);
        assert.equal(status, 401);
        assert.equal(body, '');
        assert.deepEqual(Object.keys(sent).toSorted(), ['connection', 'date', 'transfer-encoding']);
      }
    }
  }
});

test('a page in a browser is refused even with the token, and so is another path', async (t) => {
  const server = await serve(t);
  const Authorization = `Bearer ${server.bearer}`;
  const origin = await send(server.url, { Authorization, Origin: 'https://example.com' });
  assert.equal(origin.status, 403);
  const host = await send(server.url, { Authorization, Host: 'example.com' });
  assert.equal(host.status, 403);
  assert.equal((await send(`${server.url}/other`, { Authorization })).status, 404);
});

test('closing ends requests that wait, and frees the port', async (t) => {
  let signal: AbortSignal | undefined;
  const waiting = Promise.withResolvers<undefined>();
  const server = await serve(t, {
    call: (_name, _input, aborted) => {
      signal = aborted;
      waiting.resolve(undefined);
      return new Promise(() => undefined);
    },
  });
  const client = await connect(t, server);
  const call = client.callTool({ name: 'list_runs', arguments: {} });
  const failed = assert.rejects(call);
  await waiting.promise;
  await server.close();
  await failed;
  assert.ok(signal);
  await assert.rejects(send(server.url, {}), /ECONNREFUSED/);
});

test('each server has a token of its own', async (t) => {
  const [one, two] = [await serve(t), await serve(t)];
  assert.notEqual(one.bearer, two.bearer);
  assert.ok(one.bearer.length >= 40);
  const { status } = await send(one.url, { Authorization: `Bearer ${two.bearer}` });
  assert.equal(status, 401);
});
