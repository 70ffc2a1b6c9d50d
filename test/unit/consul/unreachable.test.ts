import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { specFromEnvironment } from '../../../src/consul/connection/environment.ts';
import { Consul } from '../../../src/consul/consul.ts';
import { type Endpoint, parseAddress } from '../../../src/consul/endpoint/address.ts';
import { UnreachableError } from '../../../src/consul/errors/consulErrors.ts';
import { ProxyError } from '../../../src/consul/errors/proxyError.ts';
import { unreachableReason } from '../../../src/consul/errors/unreachableReason.ts';

async function failure(endpoint: Endpoint): Promise<UnreachableError> {
  const consul = new Consul({ endpoint });
  const error: unknown = await consul
    .call({ method: 'GET', path: '/v1/agent/self', timeoutMs: 3000 })
    .catch((reason: unknown) => reason);
  await consul.close();
  assert.ok(error instanceof UnreachableError, String(error));
  return error;
}

const REMEDY = 'Check the address, or start an agent there.';

test('a refused connection is described without names of system calls', async () => {
  assert.equal(
    (await failure(parseAddress('127.0.0.1:1'))).message,
    `Couldn't reach a Consul agent at http://127.0.0.1:1: the connection was refused. ${REMEDY}`,
  );
});

test('a missing socket and another protocol have their own reason', async () => {
  const path = join(tmpdir(), 'consul-exec-no-such.sock');
  assert.match(
    (await failure(parseAddress(`unix://${path}`))).message,
    /: the socket file doesn't exist\./,
  );
  const server = createServer((socket) => {
    socket.unref();
    socket.on('error', () => undefined);
    socket.end('SSH-2.0-OpenSSH_9.6\r\n');
  });
  server.unref();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const ssh = await failure(parseAddress(`127.0.0.1:${port}`));
    assert.match(ssh.message, /: the response isn't HTTP\./);
  } finally {
    server.close();
  }
});

test('an unreachable default address shows that nothing names another one', async () => {
  const { endpoint } = specFromEnvironment({});
  assert.equal(endpoint.isDefault, true);
  // Another port, in case an agent runs on this machine.
  const error = await failure({ ...endpoint, origin: 'http://127.0.0.1:1' });
  assert.equal(
    error.message,
    "Couldn't reach a Consul agent at http://127.0.0.1:8500: the connection was refused. No connection is selected and CONSUL_HTTP_ADDR isn't set in the environment of VS Code, so this is the default address.",
  );
});

test('a reason is known for each code of a failed connection', () => {
  for (const code of [
    ...['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH'],
    ...['ENETUNREACH', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'ENOENT', 'EACCES'],
    ...[
      'UND_ERR_SOCKET',
      'UND_ERR_CONNECT_TIMEOUT',
      'UND_ERR_BODY_TIMEOUT',
      'HPE_INVALID_CONSTANT',
    ],
  ]) {
    const reason = unreachableReason(code, `connect ${code} 127.0.0.1:1`);
    assert.doesNotMatch(reason, /[A-Z]{3,}_|E[A-Z]{4}|127\./, code);
  }
  assert.equal(unreachableReason('ESOMETHING', 'something else'), 'something else');
});

test('a proxy that refuses connections is described like an agent', () => {
  const proxy = { url: 'http://p:1', label: 'http://p:1', from: 'http.proxy', verify: true };
  assert.match(
    new ProxyError(proxy, 'http://c:8500', 'ECONNREFUSED').message,
    /^Couldn't reach http:\/\/c:8500 through proxy http:\/\/p:1: the connection was refused\. /,
  );
});
