import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { parseAddress } from '../../../src/consul/endpoint/address.ts';
import { BasicAuthError } from '../../../src/consul/errors/basicAuthError.ts';
import { Consul } from '../../../src/consul/consul.ts';
import {
  ForeignSessionError,
  NoPathError,
  NoServerFoundError,
} from '../../../src/consul/errors/datacenterErrors.ts';
import { mayHaveTakenEffect, UnknownTokenError } from '../../../src/consul/errors/consulErrors.ts';
import { LimitError } from '../../../src/consul/errors/limitError.ts';
import { foreignSessionNode } from '../../../src/consul/catalog/datacenters.ts';
import { missingPermissions } from '../../../src/exec/access/missingPermissions.ts';
import { createSession } from '../../../src/consul/session.ts';
import { TlsError, tlsProblem } from '../../../src/consul/errors/tlsError.ts';
import type { ConnectionOptions } from '../../../src/consul/endpoint/connectionOptions.ts';

/** Starts a server that sends the same response to every request, and connects to it. */
async function answering(
  listener: RequestListener,
  use: (consul: Consul, address: string) => Promise<void>,
  more: Partial<ConnectionOptions> = {},
  scheme = 'http',
): Promise<void> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const consul = new Consul({ endpoint: parseAddress(address), ...more }, 'dc2');
  try {
    await use(consul, address);
  } finally {
    await consul.close();
    server.closeAllConnections();
    server.close();
  }
}

const answer =
  (status: number, text: string, headers = {}): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end(text);

const agent = (datacenter: string, isServer = true, version = '1.8.7') => {
  return { datacenter, nodeName: 'a', isServer, version };
};

describe('each refusal of a connection has its own error', () => {
  test("a client agent that can't create sessions in another datacenter", () =>
    answering(
      answer(500, 'cross datacenter lock must be created at server agent'),
      async (consul, address) => {
        await assert.rejects(createSession(consul, { name: 'x', ttlSeconds: 10 }), (error) => {
          assert.ok(error instanceof ForeignSessionError);
          assert.equal(
            error.message,
            `The agent at ${address} is a client. Since Consul 1.12.7 only servers can create sessions in another datacenter. Connect to the HTTP API of a server, or to an agent in "dc2".`,
          );
          return true;
        });
      },
    ));

  test('is known before the review, from the version of the client agent', () =>
    answering(answer(200, '[{"Node":{"Node":"s1"}}]'), async (consul) => {
      for (const version of ['1.12.7', '1.13.4+ent', '1.14.1', '1.15.0', '1.22.0-dev', '2.1.0']) {
        const node = foreignSessionNode(consul, agent('dc1', false, version));
        await assert.rejects(node, ForeignSessionError, version);
        assert.equal(await foreignSessionNode(consul, agent('dc1', true, version)), 's1');
        assert.equal(await foreignSessionNode(consul, agent('dc2', false, version)), undefined);
      }
      for (const version of ['1.8.7', '1.12.6', '1.13.3', '1.14.0', '']) {
        assert.equal(await foreignSessionNode(consul, agent('dc1', false, version)), 's1', version);
      }
    }));

  test('an unreachable datacenter', () =>
    answering(answer(500, 'rpc error making call: No path to datacenter'), async (consul) => {
      await assert.rejects(foreignSessionNode(consul, agent('dc1')), NoPathError);
      assert.equal(await foreignSessionNode(consul, agent('dc2')), undefined);
    }));

  test('a datacenter whose servers are not visible', () =>
    answering(answer(200, '[]'), async (consul) => {
      await assert.rejects(foreignSessionNode(consul, agent('dc1')), NoServerFoundError);
    }));

  test('plain HTTP to an HTTPS port, of an agent and of nginx', async () => {
    for (const text of [
      'Client sent an HTTP request to an HTTPS server.\n',
      '<center>The plain HTTP request was sent to HTTPS port</center>',
    ]) {
      await answering(answer(400, text), async (consul) => {
        const call = consul.call({ method: 'GET', path: '/v1/agent/self' });
        await assert.rejects(call, (e) => e instanceof TlsError && e.problem === 'plainToTls');
      });
    }
  });

  test('HTTPS to a plain HTTP port', () =>
    answering(
      answer(200, '[]'),
      async (consul) => {
        const call = consul.call({ method: 'GET', path: '/v1/agent/self' });
        await assert.rejects(call, (e) => e instanceof TlsError && e.problem === 'tlsToPlain');
      },
      {},
      'https',
    ));

  test('a missing and a wrong basic auth password', async () => {
    const listener = answer(401, '<html>', { 'www-authenticate': 'Basic realm="x"' });
    const sentences: string[] = [];
    for (const more of [{}, { basicAuth: { user: 'me', password: 'secret' } }]) {
      await answering(
        listener,
        async (consul) => {
          const call = consul.call({ method: 'GET', path: '/v1/agent/self' });
          const error: unknown = await call.catch((reason: unknown) => reason);
          assert.ok(error instanceof BasicAuthError);
          sentences.push(error.message);
        },
        more,
      );
    }
    assert.match(sentences[0] ?? '', /requires a user name and password/);
    assert.match(sentences[1] ?? '', /rejected the user name or password/);
    assert.doesNotMatch(sentences.join(), /secret/);
  });

  test("limits of the agent, with the setting's name", async () => {
    for (const [status, text, setting] of [
      [
        429,
        'Your IP is issuing too many concurrent connections, please rate limit your calls',
        'limits.http_max_conns_per_client',
      ],
      [429, 'rate limit exceeded, try again later or against a different server', 'limits.request'],
      [
        503,
        'rate limit exceeded for operation that can only be performed',
        'limits.request_limits',
      ],
    ] as const) {
      await answering(answer(status, text), async (consul) => {
        const call = consul.call({ method: 'PUT', path: '/v1/kv/a' });
        const error: unknown = await call.catch((reason: unknown) => reason);
        assert.ok(error instanceof LimitError, String(error));
        assert.ok(error.message.includes(setting), error.message);
        assert.equal(error.transient, true);
        assert.equal(mayHaveTakenEffect(error), false);
      });
    }
  });

  test('only catalog reads allow stale results', async () => {
    const urls: (string | undefined)[] = [];
    const listener: RequestListener = ({ url }, response) => {
      urls.push(url);
      response.end('[{"Node":{"Node":"s1"}}]');
    };
    await answering(
      listener,
      async (consul) => {
        assert.equal(await foreignSessionNode(consul, agent('dc1')), 's1');
        await consul.call({ method: 'GET', path: '/v1/kv/a' });
      },
      { stale: true },
    );
    assert.deepEqual(urls, ['/v1/health/service/consul?passing=1&dc=dc2&stale', '/v1/kv/a?dc=dc2']);
  });

  test('permissions are unknown without the endpoint, and complete with ACLs disabled', async () => {
    const subject = { prefix: '_rexec', sessionNode: 'web-01' };
    const denied = JSON.stringify(Array.from({ length: 5 }, (_, i) => ({ Allow: i !== 2 })));
    for (const [status, text, expected] of [
      [404, '', undefined],
      [405, '', undefined],
      [403, 'Endpoint is blocked by agent configuration', undefined],
      [401, 'ACL support disabled', []],
      [200, denied, [{ resource: 'session', access: 'write', segment: 'web-01' }]],
      [200, '[]', undefined],
    ] as const) {
      await answering(answer(status, text), async (consul) => {
        assert.deepEqual(await missingPermissions(consul, subject), expected);
      });
    }
    await answering(answer(403, 'ACL not found'), async (consul) => {
      await assert.rejects(missingPermissions(consul, subject), UnknownTokenError);
    });
  });

  for (const [code, hasCertificate, problem] of [
    ['SELF_SIGNED_CERT_IN_CHAIN', false, 'unknownAuthority'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, 'unknownAuthority'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', false, 'wrongName'],
    ['CERT_HAS_EXPIRED', false, 'expired'],
    ['CERT_NOT_YET_VALID', false, 'notYetValid'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', false, 'clientCertificateMissing'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', false, 'clientCertificateMissing'],
    ['ERR_SSL_TLSV1_CERTIFICATE_REQUIRED', false, 'clientCertificateMissing'],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', false, 'clientCertificateMissing'],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', true, 'clientCertificateRefused'],
    ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', true, 'clientCertificateRefused'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', false, 'tlsToPlain'],
    ['ERR_SSL_NO_SHARED_CIPHER', false, 'other'],
    ['ECONNREFUSED', false, undefined],
  ] as const) {
    test(`${code} ${hasCertificate ? 'with' : 'without'} a client certificate is ${problem ?? 'not TLS'}`, () => {
      assert.equal(tlsProblem(code, hasCertificate), problem);
    });
  }
});
