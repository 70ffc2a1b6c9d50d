import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { Consul } from '../../../src/consul/consul.ts';
import { parseAddress } from '../../../src/consul/endpoint/address.ts';
import {
  ConsulError,
  DamagedResponseError,
  GatewayError,
  isRetryable,
  mayHaveTakenEffect,
  NotConsulError,
  ServerError,
  TooLargeError,
} from '../../../src/consul/errors/consulErrors.ts';
import { ProxyError } from '../../../src/consul/errors/proxyError.ts';
import { startLoopbackAgent } from '../../support/loopbackAgent.ts';

type Respond = (response: ServerResponse) => unknown;

const SQUID = `<!DOCTYPE html>
<html><head><style>body { color: red }</style>
<title>ERROR: The requested URL could not be &quot;retrieved&quot;</title></head>
<body><h1>ERROR</h1><script>alert(1)</script></body></html>`;
const NGINX = '<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head></html>';
const HTML = { 'content-type': 'text/html' };

/** @returns the error of a request whose response is this */
async function errorOf(respond: Respond): Promise<ConsulError> {
  const agent = await startLoopbackAgent((_, response) => void respond(response));
  try {
    return await failure(agent.consul);
  } finally {
    await agent.close();
  }
}

/** @returns the error of a request to http://agent:8500 through a proxy that responds like this */
async function errorThroughProxy(respond: Respond): Promise<ConsulError> {
  const proxy = await startLoopbackAgent((_, response) => void respond(response));
  const url = proxy.consul.transport.endpoint.origin;
  const consul = new Consul({
    endpoint: parseAddress('http://agent.example:8500'),
    proxy: { url, label: 'http://proxy:3128', from: 'http.proxy', verify: true },
  });
  try {
    return await failure(consul);
  } finally {
    await consul.close();
    await proxy.close();
  }
}

async function failure(consul: Consul): Promise<ConsulError> {
  const error: unknown = await consul
    .json({ method: 'PUT', path: '/v1/session/create' })
    .catch((reason: unknown) => reason);
  assert.ok(error instanceof ConsulError, String(error));
  assert.doesNotMatch(error.message, /[<>]/);
  return error;
}

describe('a response that is not from Consul', () => {
  const page = (status: number, body: string, headers: object = HTML) => {
    return (response: ServerResponse) => response.writeHead(status, { ...headers }).end(body);
  };

  test('is reported as the response of the gateway that sent it', async () => {
    const error = await errorOf(page(503, NGINX));
    assert.ok(error instanceof GatewayError);
    assert.match(
      error.message,
      /^A gateway in front of http:\/\/127\.0\.0\.1:\d+ responded instead of Consul \(503 Service Temporarily Unavailable\)\./,
    );
    for (const [status, body] of [
      [502, ''],
      [503, 'upstream connect error or disconnect/reset before headers'],
      [504, '<h1>Gateway Time-out</h1>'],
      [429, '<title>Too Many Requests</title>'],
    ] as const) {
      const other = await errorOf(page(status, body));
      assert.ok(other instanceof GatewayError, String(other));
      assert.equal(other.transient, true);
      assert.equal(mayHaveTakenEffect(other), status !== 429);
    }
  });

  test("is Consul's if Consul refuses because of its rate limit", async () => {
    const text = 'rate limit exceeded for operation that can only be performed by the leader';
    for (const status of [503, 429]) {
      const error = await errorOf(page(status, text, {}));
      assert.ok(error instanceof ServerError && !(error instanceof GatewayError));
      assert.match(error.message, /^Consul limits the rate of requests/);
    }
  });

  test('is shown with its title only', async () => {
    const squid = await errorOf(page(403, SQUID));
    assert.ok(squid instanceof NotConsulError);
    assert.match(squid.message, /\(403 ERROR: The requested URL could not be…\)|\(403 ERROR: The/);
    const large = await errorOf(
      page(413, '<head><title>413 Request Entity Too Large</title></head>'),
    );
    assert.ok(large instanceof TooLargeError);
    assert.match(large.message, /: 413 Request Entity Too Large$/);
    assert.match((await errorOf(page(500, '<p>oops'))).message, /isn't a Consul agent \(500\)/);
    assert.match((await errorOf(page(200, '<!-- x --><h1>Log in</h1>'))).message, /\(200 Log in\)/);
  });

  test('through a proxy names the proxy', async () => {
    for (const [status, body, shown] of [
      [503, SQUID, '503 (ERROR: The requested URL could not be "retrieved")'],
      [503, NGINX, '503 Service Temporarily Unavailable'],
      [503, 'no healthy upstream', '503 (no healthy upstream)'],
      [502, '', '502'],
      [403, '<h1>Blocked by policy</h1>', '403 (Blocked by policy)'],
      [404, SQUID, '404 (ERROR: The requested URL could not be "retrieved")'],
      [200, '<title>Log in</title>', '200 (Log in)'],
      [302, '', '302'],
    ] as const) {
      const error = await errorThroughProxy(page(status, body, body === '' ? {} : HTML));
      assert.ok(error instanceof ProxyError, String(error));
      assert.equal(error.code, String(status));
      assert.equal(
        error.message,
        `Proxy http://proxy:3128 returned ${shown} for http://agent.example:8500, which isn't a response from Consul. Exclude that host (http.noProxy or NO_PROXY), or check that the proxy can reach it.`,
      );
      assert.equal(isRetryable(error), true);
      // The proxy may have passed on the request before it gave up.
      assert.equal(mayHaveTakenEffect(error), status >= 500);
    }
  });

  test("through a proxy is Consul's if it has Consul's headers or text", async () => {
    const indexed = await errorThroughProxy(page(503, 'busy', { 'x-consul-index': '5' }));
    assert.ok(indexed instanceof ServerError);
    const limited = await errorThroughProxy(page(503, 'rate limit exceeded, try again later', {}));
    assert.ok(limited instanceof ServerError && !(limited instanceof GatewayError));
    const noLeader = await errorThroughProxy(page(500, 'No cluster leader', {}));
    assert.match(noLeader.message, /^Consul responded with status 500: No cluster leader/);
  });
});

test('damaged compression is not reported as an agent that does not respond', async () => {
  const good = gzipSync('{"ID":"s"}');
  for (const [encoding, body] of [
    ['gzip', good.subarray(0, -9)],
    ['gzip', Buffer.from('{"ID":"s"}')],
    ['gzip', Buffer.concat([good.subarray(0, 12), Buffer.from('xxxx'), good.subarray(16)])],
    ['br', Buffer.from('x')],
    ['deflate', deflateSync('{}')],
  ] as const) {
    const error = await errorOf((response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    );
    assert.ok(error instanceof DamagedResponseError, String(error));
    assert.match(
      error.message,
      /^The response from http:\/\/127\.0\.0\.1:\d+ is damaged: its (gzip|br|deflate) compression can't be read\./,
    );
    assert.equal(isRetryable(error), true);
    assert.equal(mayHaveTakenEffect(error), true);
  }
});
