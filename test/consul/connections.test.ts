import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { readSelf } from '../../src/consul/agent.ts';
import { BasicAuthError } from '../../src/consul/errors/basicAuthError.ts';
import { ConnectionError } from '../../src/consul/connection/connectionError.ts';
import type { Environment } from '../../src/consul/connection/connectionSpec.ts';
import { specFromEnvironment } from '../../src/consul/connection/environment.ts';
import { specFromProfile } from '../../src/consul/connection/fromProfile.ts';
import { readProfile } from '../../src/consul/connection/profile.ts';
import { resolveConnection, type SecretSource } from '../../src/consul/connection/resolve.ts';
import { Consul } from '../../src/consul/consul.ts';
import { ProxyError } from '../../src/consul/errors/proxyError.ts';
import { TlsError, type TlsProblem } from '../../src/consul/errors/tlsError.ts';
import type { ConnectionOptions } from '../../src/consul/endpoint/connectionOptions.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { runCommand } from '../setup/command.ts';
import { ensureDebianPackage } from '../setup/debianPackage.ts';
import { type TemporaryFolder, temporaryFolder } from '../setup/temporaryFolder.ts';
import { type Certificates, makeCertificates } from '../support/certificates.ts';
import { type ForwardProxy, startForwardProxy } from '../support/forwardProxy.ts';
import { startNginx } from '../support/nginx.ts';
import { commandOn, runOver } from '../support/runToEnd.ts';

const NODE = 'server-1';
const NGINX_PORT = 8480;
const SECRETS: SecretSource = {
  storedToken: () => Promise.resolve(undefined),
  askToken: () => Promise.resolve(undefined),
  password: () => Promise.resolve('pass:word'),
};

describe('every way to reach an agent', () => {
  let folder: TemporaryFolder;
  let certificates: Certificates;
  let fleet: Fleet;
  let stopNginx: () => Promise<void>;
  let https: string;
  let socket: string;
  let good: Environment;

  before(async () => {
    folder = temporaryFolder('connections');
    const inside = (name: string) => {
      mkdirSync(join(folder.path, name));
      return join(folder.path, name);
    };
    certificates = await makeCertificates(inside('tls'));
    const { ca, serverCert, serverKey, clientCert, clientKey } = certificates;
    socket = join(folder.path, 'consul.sock');
    fleet = await startFleet({
      clients: [],
      servers: [
        {
          name: NODE,
          unixSocket: socket,
          config: {
            ports: { https: 8501 },
            verify_incoming: true,
            ca_file: ca,
            cert_file: serverCert,
            key_file: serverKey,
          },
        },
      ],
    });
    const { ip } = fleet.agent(NODE);
    https = `https://${ip}:8501`;
    good = {
      CONSUL_HTTP_ADDR: https,
      CONSUL_CACERT: ca,
      CONSUL_CLIENT_CERT: clientCert,
      CONSUL_CLIENT_KEY: clientKey,
      CONSUL_TLS_SERVER_NAME: 'server.dc1.consul',
    };
    const own = inside('nginx');
    const openssl = await ensureDebianPackage('openssl', 'openssl');
    const hash = await runCommand(openssl, ['passwd', '-apr1', 'pass:word']);
    writeFileSync(join(own, 'users'), `me:${hash}`);
    stopNginx = await startNginx({
      folder: own,
      ip,
      port: NGINX_PORT,
      server: `
        location /open/consul/ { proxy_pass ${fleet.address}/; }
        location /guarded/ {
          auth_basic "consul";
          auth_basic_user_file ${own}/users;
          proxy_pass ${fleet.address}/;
        }`,
    });
  });

  after(async () => {
    await stopNginx();
    await fleet.stop();
    folder.remove();
  });

  const connectionOf = (env: Environment, own?: string) =>
    resolveConnection({ ...specFromEnvironment(env), proxy: own }, SECRETS, { env: {} });
  const viaNginx = (path: string) => `http://${fleet.agent(NODE).ip}:${NGINX_PORT}${path}`;

  async function requireRun(connection: ConnectionOptions): Promise<void> {
    const { ledger, output } = await runOver(connection, commandOn([NODE], 'echo "$((40 + 2))"'));
    assert.equal(ledger.succeeded, true, ledger.reason);
    assert.deepEqual([...output], [[NODE, '42\n']]);
  }

  async function requireTlsError(connection: ConnectionOptions, problem: TlsProblem) {
    await requireFailure(connection, (error) => {
      assert.ok(error instanceof TlsError, String(error));
      assert.equal(error.problem, problem, error.message);
      assert.match(error.message, /^[^\n]*127\.0\.[^\n]*\.$/);
      assert.equal(error.transient, false);
    });
  }

  async function requireFailure(connection: ConnectionOptions, check: (error: unknown) => void) {
    const consul = new Consul(connection);
    // Send many at once: a TLS 1.3 refusal follows the handshake and races with the request.
    const calls = Array.from({ length: 8 }, () => readSelf(consul));
    for (const outcome of await Promise.allSettled(calls)) {
      assert.equal(outcome.status, 'rejected');
      check(outcome.reason);
    }
    await consul.close();
  }

  test('TLS with a private CA, both sides verified', async () => {
    await requireRun(await connectionOf(good));
  });

  test('TLS with the CA in a folder with other files', async () => {
    const ca = join(folder.path, 'ca');
    mkdirSync(ca);
    copyFileSync(certificates.ca, join(ca, 'consul.pem'));
    writeFileSync(join(ca, 'README'), 'the CA of staging');
    await requireRun(await connectionOf({ ...good, CONSUL_CACERT: '', CONSUL_CAPATH: ca }));
  });

  test('TLS from a profile', async () => {
    const { ca, clientCert, clientKey } = certificates;
    const { profile, mistakes } = readProfile({
      name: 'staging',
      address: https,
      tls: { caFile: ca, clientCert, clientKey, serverName: 'server.dc1.consul' },
    });
    assert.ok(profile, mistakes.join());
    const spec = specFromProfile(profile, {});
    await requireRun(await resolveConnection(spec, SECRETS, { env: {} }));
  });

  test('TLS without verification needs neither CA nor name', async () => {
    await requireRun(
      await connectionOf({
        ...good,
        CONSUL_CACERT: '',
        CONSUL_TLS_SERVER_NAME: '',
        CONSUL_HTTP_SSL_VERIFY: 'false',
      }),
    );
  });

  test('no CA: the authority is unknown', async () => {
    await requireTlsError(await connectionOf({ ...good, CONSUL_CACERT: '' }), 'unknownAuthority');
  });

  test('another CA: the authority is unknown', async () => {
    const other = join(folder.path, 'other');
    mkdirSync(other);
    const { ca } = await makeCertificates(other);
    await requireTlsError(await connectionOf({ ...good, CONSUL_CACERT: ca }), 'unknownAuthority');
  });

  test('no server name: the message names the one in the certificate', async () => {
    const connection = await connectionOf({ ...good, CONSUL_TLS_SERVER_NAME: '' });
    await requireTlsError(connection, 'wrongName');
    await requireFailure(connection, (error) => {
      assert.match((error as Error).message, /server\.dc1\.consul/);
    });
  });

  test('no client certificate: it is required', async () => {
    await requireTlsError(
      await connectionOf({ ...good, CONSUL_CLIENT_CERT: '', CONSUL_CLIENT_KEY: '' }),
      'clientCertificateMissing',
    );
  });

  test('a client certificate of another CA: it is rejected', async () => {
    const foreign = join(folder.path, 'foreign');
    mkdirSync(foreign);
    const { clientCert, clientKey } = await makeCertificates(foreign);
    await requireTlsError(
      await connectionOf({ ...good, CONSUL_CLIENT_CERT: clientCert, CONSUL_CLIENT_KEY: clientKey }),
      'clientCertificateRefused',
    );
  });

  test('a client certificate that is replaced after it was rejected', async () => {
    const pair = { clientCert: join(folder.path, 'c.pem'), clientKey: join(folder.path, 'c.key') };
    const replaceWith = ({ clientCert, clientKey }: Certificates) => {
      copyFileSync(clientCert, pair.clientCert);
      copyFileSync(clientKey, pair.clientKey);
    };
    const expired = join(folder.path, 'expired');
    mkdirSync(expired);
    replaceWith(await makeCertificates(expired));
    const env = {
      ...good,
      CONSUL_CLIENT_CERT: pair.clientCert,
      CONSUL_CLIENT_KEY: pair.clientKey,
    };
    const connection = { ...(await connectionOf(env)), refresh: () => connectionOf(env) };
    await requireTlsError(connection, 'clientCertificateRefused');
    replaceWith(certificates);
    await requireRun(connection);
  });

  test('a key that does not match the certificate, and one with a passphrase', async () => {
    const problemWith = async (key: string) => {
      const error: unknown = await connectionOf({ ...good, CONSUL_CLIENT_KEY: key }).catch(
        (reason: unknown) => reason,
      );
      assert.ok(error instanceof ConnectionError);
      assert.equal(error.field, 'CONSUL_CLIENT_KEY');
      return error.problem;
    };
    const { serverKey, clientKey, ca } = certificates;
    const locked = join(folder.path, 'locked.pem');
    const recipe = ['-topk8', '-in', clientKey, '-out', locked, '-passout', 'pass:secret'];
    const openssl = await ensureDebianPackage('openssl', 'openssl');
    await runCommand(openssl, ['pkcs8', ...recipe]);
    assert.equal(await problemWith(serverKey), 'keyMismatch');
    assert.equal(await problemWith(locked), 'encryptedKey');
    assert.equal(await problemWith(ca), 'notKey');
  });

  test('a unix socket', async () => {
    await requireRun(await connectionOf({ CONSUL_HTTP_ADDR: `unix://${socket}` }));
  });

  test('a token file', async () => {
    const file = join(folder.path, 'token');
    writeFileSync(file, 'a-token-that-no-acl-looks-at\n');
    const env = { CONSUL_HTTP_ADDR: fleet.address, CONSUL_HTTP_TOKEN_FILE: file };
    const connection = await connectionOf(env);
    assert.equal(connection.token, 'a-token-that-no-acl-looks-at');
    await requireRun(connection);
  });

  test('plain HTTP to the HTTPS port, and the reverse', async () => {
    const { ip } = fleet.agent(NODE);
    await requireTlsError(await connectionOf({ CONSUL_HTTP_ADDR: `${ip}:8501` }), 'plainToTls');
    await requireTlsError(
      await connectionOf({ ...good, CONSUL_HTTP_ADDR: `https://${ip}:8500` }),
      'tlsToPlain',
    );
  });

  test('a path prefix behind nginx', async () => {
    await requireRun(await connectionOf({ CONSUL_HTTP_ADDR: viaNginx('/open/consul/') }));
  });

  test('basic auth at nginx, from the environment and from a profile', async () => {
    const address = viaNginx('/guarded');
    await requireRun(
      await connectionOf({ CONSUL_HTTP_ADDR: address, CONSUL_HTTP_AUTH: 'me:pass:word' }),
    );
    const { profile } = readProfile({ name: 'a', address, basicAuthUser: 'me' });
    assert.ok(profile);
    const spec = specFromProfile(profile, {});
    await requireRun(await resolveConnection(spec, SECRETS, { env: {} }));
  });

  test('no basic auth and a wrong one at nginx', async () => {
    for (const auth of ['', 'me:wrong']) {
      const env = { CONSUL_HTTP_ADDR: viaNginx('/guarded'), CONSUL_HTTP_AUTH: auth };
      await requireFailure(await connectionOf(env), (error) => {
        assert.ok(error instanceof BasicAuthError, String(error));
        assert.doesNotMatch(error.message, /wrong/);
      });
    }
  });

  describe('through a proxy', () => {
    let proxy: ForwardProxy;
    before(async () => {
      proxy = await startForwardProxy('pa@ss');
    });
    after(() => proxy.stop());
    const url = () => proxy.url.replace('//', '//me:pa%40ss@');

    test('plain HTTP is forwarded', async () => {
      await requireRun(await connectionOf({ CONSUL_HTTP_ADDR: fleet.address }, url()));
      assert.ok(
        proxy.requests.some((line) => line.startsWith(`GET ${fleet.address}/v1/kv/_rexec/`)),
      );
    });

    test('TLS is tunneled, and its certificates are still verified', async () => {
      await requireRun(await connectionOf(good, url()));
      assert.ok(proxy.requests.includes(`CONNECT ${fleet.agent(NODE).ip}:8501`));
      await requireTlsError(
        await connectionOf({ ...good, CONSUL_CACERT: '' }, url()),
        'unknownAuthority',
      );
      await requireTlsError(
        await connectionOf({ ...good, CONSUL_TLS_SERVER_NAME: '' }, url()),
        'wrongName',
      );
    });

    test("the environment's proxy is not used for this machine", async () => {
      const before = proxy.requests.length;
      const spec = specFromEnvironment({ CONSUL_HTTP_ADDR: fleet.address });
      const settings = { env: { HTTP_PROXY: url() }, url: url() };
      await requireRun(await resolveConnection(spec, SECRETS, settings));
      assert.equal(proxy.requests.length, before);
    });

    test('without its password, and with a dead proxy, the error is about the proxy', async () => {
      for (const [address, code] of [
        [fleet.address, '407'],
        [https, '407'],
      ] as const) {
        const env = { ...good, CONSUL_HTTP_ADDR: address };
        await requireFailure(await connectionOf(env, proxy.url), (error) => {
          assert.ok(error instanceof ProxyError, String(error));
          assert.equal(error.code, code);
        });
        const dead = 'http://me:secret@127.0.0.1:9';
        await requireFailure(await connectionOf(env, dead), (error) => {
          assert.ok(error instanceof ProxyError, String(error));
          assert.equal(error.code, 'ECONNREFUSED');
          assert.doesNotMatch(error.message, /secret/);
        });
      }
    });

    test('an agent that the proxy cannot reach has its own error', async () => {
      const env = { ...good, CONSUL_HTTP_ADDR: `https://${fleet.agent(NODE).ip}:9` };
      await requireFailure(await connectionOf(env, url()), (error) => {
        assert.ok(error instanceof ProxyError, String(error));
        assert.equal(error.code, '502');
      });
    });
  });
});
