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
import { TlsError, type TlsProblem } from '../../../src/consul/errors/tlsError.ts';
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
[wildcard]
subjectAltName = DNS:*.lan, DNS:*.dc1.consul
extendedKeyUsage = serverAuth
[nameless]
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

/** Creates a certificate signed by our CA, valid between two days relative to now. */
async function sign(name: string, extensions: string, from = -1, to = 1): Promise<string> {
  const day = (days: number) =>
    new Date(Date.now() + days * DAY_MS).toISOString().replace(/[-:T]|\.\d+/g, '');
  await openssl(
    ...['ca', '-batch', '-notext', ...config, '-in', 'leaf.csr', '-out', name],
    ...['-extensions', extensions, '-startdate', day(from), '-enddate', day(to)],
  );
  return inside(name);
}

// The system's authorities, for OpenSSL, which reads them once.
process.env['SSL_CERT_FILE'] = inside('ca.pem');

const NO_SECRETS: SecretSource = {
  storedToken: () => Promise.resolve(undefined),
  askToken: () => Promise.resolve(undefined),
  password: () => Promise.resolve(undefined),
};

/** Calls a server with this certificate, and returns the response or the error. */
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

/** @returns a server certificate signed by `intermediate.pem`, which our CA signed */
async function signByIntermediate(): Promise<string> {
  const request = (name: string) =>
    openssl(
      'req',
      ...key,
      ...config,
      '-subj',
      `/CN=${name}`,
      '-keyout',
      `${name}.key`,
      '-out',
      name,
    );
  await request('intermediate');
  const by = (ca: string, caKey: string, extensions: string) =>
    [
      ...['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', '1'],
      ...['-extfile', 'openssl.cnf', '-extensions', extensions],
    ] as const;
  await openssl(
    ...['x509', '-req', '-in', 'intermediate', '-out', 'intermediate.pem'],
    ...by('ca.pem', 'ca.key', 'authority'),
  );
  await openssl(
    ...['x509', '-req', '-in', 'leaf.csr', '-out', 'below.pem'],
    ...by('intermediate.pem', 'intermediate.key', 'server'),
  );
  return inside('below.pem');
}

const good = await sign('good.pem', 'server');
/** An authority that signed nothing. */
const other = inside('other.pem');
await openssl(
  ...['req', '-x509', ...key, ...config, '-subj', '/CN=other', '-extensions', 'authority'],
  ...['-keyout', 'other.key', '-out', 'other.pem'],
);

describe('a server over TLS', () => {
  const CA = { CONSUL_CACERT: inside('ca.pem') };

  test('is accepted with a valid certificate', async () => {
    assert.deepEqual(await outcome(good, CA), ['dc1']);
  });

  test('can be named by an IP address', async () => {
    assert.deepEqual(await outcome(good, { ...CA, CONSUL_TLS_SERVER_NAME: '::1' }), ['dc1']);
    const other = await outcome(good, { ...CA, CONSUL_TLS_SERVER_NAME: '10.9.8.7' });
    assert.ok(other instanceof TlsError, String(other));
    assert.equal(other.problem, 'wrongName');
  });

  test('is trusted by an authority of the system, unless another is named or the setting is off', async () => {
    assert.deepEqual(await outcome(good, {}, true), ['dc1']);
    const [off, named] = [
      await outcome(good, {}),
      await outcome(good, { CONSUL_CACERT: other }, true),
    ];
    assert.ok(off instanceof TlsError && off.problem === 'unknownAuthority', String(off));
    assert.match(off.message, /Set the right CA \(CONSUL_CACERT, or/);
    assert.ok(named instanceof TlsError && named.problem === 'unknownAuthority', String(named));
    assert.match(
      named.message,
      /is signed by an authority that isn't in "CONSUL_CACERT"\. Add the certificate of the authority that signed it, which can be an intermediate one\.$/,
    );
  });

  test('is trusted if the CA file contains only the intermediate authority, as in Go', async () => {
    const leaf = await signByIntermediate();
    const env = { CONSUL_CACERT: inside('intermediate.pem') };
    assert.deepEqual(await outcome(leaf, env), ['dc1']);
    // The root alone isn't enough, because this server doesn't send the intermediate certificate.
    const root = await outcome(leaf, CA);
    assert.ok(root instanceof TlsError && root.problem === 'unknownAuthority', String(root));
    const named = await outcome(leaf, { ...env, CONSUL_TLS_SERVER_NAME: 'a.lan' });
    assert.ok(named instanceof TlsError && named.problem === 'wrongName', String(named));
  });

  test('is trusted if the CA file contains its own certificate, as in Go', async () => {
    assert.deepEqual(await outcome(good, { CONSUL_CACERT: good }), ['dc1']);
  });

  test('can have a wildcard under a domain of one label, as in Go', async () => {
    const wildcard = await sign('wildcard.pem', 'wildcard');
    const named = (CONSUL_TLS_SERVER_NAME: string) =>
      outcome(wildcard, { ...CA, CONSUL_TLS_SERVER_NAME });
    for (const name of ['web-01.lan', 'WEB-01.LAN', 'server.dc1.consul']) {
      assert.deepEqual(await named(name), ['dc1'], name);
    }
    for (const name of ['lan', 'a.web-01.lan', 'web-01.wan', 'xlan', 'a.consul', '127.0.0.1']) {
      const error = await named(name);
      assert.ok(error instanceof TlsError, name);
      assert.equal(error.problem, 'wrongName', name);
      assert.match(
        error.message,
        /is for another name \(\*\.lan, \*\.dc1\.consul\)\. Set a name that matches, with \* replaced \(/,
      );
    }
  });

  test('with a common name only has that name in the message', async () => {
    const error = await outcome(await sign('nameless.pem', 'nameless'), {
      ...CA,
      CONSUL_TLS_SERVER_NAME: 'server.dc1.consul',
    });
    assert.ok(error instanceof TlsError, String(error));
    assert.match(error.message, /is for another name \(test\)\. Set the expected name/);
  });

  test('without any name gets no remedy that cannot work', () => {
    assert.equal(
      new TlsError('wrongName', 'https://c', 'ERR_TLS_CERT_ALTNAME_INVALID').message,
      'The certificate of https://c contains no host name. The agent needs a certificate with its DNS name or IP address.',
    );
  });

  /** The name, extensions, first and last day from now, problem and message. */
  const bad: [string, string, number, number, TlsProblem, RegExp][] = [
    ['expired', 'server', -9, -8, 'expired', /has expired/],
    ['notYetValid', 'server', 8, 9, 'notYetValid', /isn't valid yet/],
    [
      ...(['clientOnly', 'client', -1, 1, 'unsuitable'] as const),
      /can't be accepted \(.*purpose\)\. The agent needs a server certificate/,
    ],
  ];
  for (const [name, extensions, from, to, problem, sentence] of bad) {
    test(`is refused permanently for a certificate that is ${name}, with a message`, async () => {
      const error = await outcome(await sign(`${name}.pem`, extensions, from, to), CA);
      assert.ok(error instanceof TlsError, String(error));
      assert.deepEqual([error.problem, error.transient], [problem, false]);
      assert.match(error.message, sentence);
      assert.match(error.message, /127\.0\.0\.1/);
    });
  }
});
