import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { specFromEnvironment } from '../../../src/consul/connection/environment.ts';
import { resolveConnection, type SecretSource } from '../../../src/consul/connection/resolve.ts';
import { Consul } from '../../../src/consul/consul.ts';
import { TlsError, type TlsProblem } from '../../../src/consul/tlsError.ts';
import { runCommand } from '../../setup/command.ts';

const folder = mkdtempSync(join(tmpdir(), 'consul-exec-tls-'));
after(() => rmSync(folder, { recursive: true }));
const inside = (name: string) => join(folder, name);
const openssl = (...args: string[]) => runCommand('openssl', args, { cwd: folder });

writeFileSync(
  inside('openssl.cnf'),
  `[req]
distinguished_name = name
prompt = no
[name]
CN = test
[ca]
default_ca = own
[own]
database = index
new_certs_dir = .
rand_serial = yes
unique_subject = no
default_md = sha256
certificate = ca.pem
private_key = ca.key
policy = any
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
[server]
subjectAltName = IP:127.0.0.1, IP:::1
extendedKeyUsage = serverAuth
[client]
subjectAltName = IP:127.0.0.1
extendedKeyUsage = clientAuth
`,
);
writeFileSync(inside('index'), '');
const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
const config = ['-config', 'openssl.cnf'];
await openssl(
  'req',
  '-x509',
  ...key,
  ...config,
  '-extensions',
  'authority',
  '-keyout',
  'ca.key',
  '-out',
  'ca.pem',
);
await openssl('req', ...key, ...config, '-keyout', 'leaf.key', '-out', 'leaf.csr');

const DAY_MS = 24 * 60 * 60_000;

/** A certificate that our CA signed, valid between two days counted from now. */
async function sign(name: string, extensions: string, from = -1, to = 1): Promise<string> {
  const day = (days: number) =>
    new Date(Date.now() + days * DAY_MS).toISOString().replace(/[-:T]|\.\d+/g, '');
  await openssl(
    ...['ca', '-batch', '-notext', ...config, '-in', 'leaf.csr', '-out', name],
    ...['-extensions', extensions, '-startdate', day(from), '-enddate', day(to)],
  );
  return inside(name);
}

// What the system trusts, for OpenSSL, which reads it once.
process.env['SSL_CERT_FILE'] = inside('ca.pem');

const NO_SECRETS: SecretSource = {
  storedToken: () => Promise.resolve(undefined),
  askToken: () => Promise.resolve(undefined),
  password: () => Promise.resolve(undefined),
};

/** What a call to a server with this certificate ends in: its answer, or the error. */
async function outcome(
  certificate: string,
  env: Readonly<Record<string, string>>,
  systemCertificates = false,
): Promise<unknown> {
  const server = createServer(
    { cert: readFileSync(certificate), key: readFileSync(inside('leaf.key')) },
    (_, response) => response.end('["dc1"]'),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const spec = specFromEnvironment({ CONSUL_HTTP_ADDR: `https://127.0.0.1:${port}`, ...env });
  const options = await resolveConnection(spec, NO_SECRETS, { env: {}, systemCertificates });
  const consul = new Consul(options);
  try {
    return await consul.json({ method: 'GET', path: '/v1/catalog/datacenters' });
  } catch (error) {
    return error;
  } finally {
    await consul.close();
    server.close();
    server.closeAllConnections();
  }
}

const good = await sign('good.pem', 'server');

describe('a server over TLS', () => {
  const CA = { CONSUL_CACERT: inside('ca.pem') };

  test('is spoken to where its certificate is right', async () => {
    assert.deepEqual(await outcome(good, CA), ['dc1']);
  });

  test('may be named by an IP address', async () => {
    assert.deepEqual(await outcome(good, { ...CA, CONSUL_TLS_SERVER_NAME: '::1' }), ['dc1']);
    const other = await outcome(good, { ...CA, CONSUL_TLS_SERVER_NAME: '10.9.8.7' });
    assert.ok(other instanceof TlsError, String(other));
    assert.equal(other.problem, 'wrongName');
  });

  test('is trusted for an authority of the system, unless another is named or that is off', async () => {
    assert.deepEqual(await outcome(good, {}, true), ['dc1']);
    const [off, named] = [
      await outcome(good, {}),
      await outcome(good, { CONSUL_CACERT: good }, true),
    ];
    assert.ok(off instanceof TlsError && off.problem === 'unknownAuthority', String(off));
    assert.ok(named instanceof TlsError && named.problem === 'unknownAuthority', String(named));
  });

  /** Name, extensions, first and last day from now, and what is said. */
  const bad: [string, string, number, number, TlsProblem, RegExp][] = [
    ['expired', 'server', -9, -8, 'expired', /has expired/],
    ['notYetValid', 'server', 8, 9, 'notYetValid', /is not valid yet/],
    [
      ...(['clientOnly', 'client', -1, 1, 'unsuitable'] as const),
      /cannot be accepted \(.*purpose\): the agent needs another one/,
    ],
  ];
  for (const [name, extensions, from, to, problem, sentence] of bad) {
    test(`is refused for a certificate that is ${name}, for good, and with a sentence`, async () => {
      const error = await outcome(await sign(`${name}.pem`, extensions, from, to), CA);
      assert.ok(error instanceof TlsError, String(error));
      assert.deepEqual([error.problem, error.transient], [problem, false]);
      assert.match(error.message, sentence);
      assert.match(error.message, /127\.0\.0\.1/);
    });
  }
});
