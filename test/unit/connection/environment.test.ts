import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ConnectionError } from '../../../src/consul/connection/connectionError.ts';
import {
  defaultAddressMessage,
  specFromEnvironment,
} from '../../../src/consul/connection/environment.ts';

describe('the connection of the environment', () => {
  test('is the local agent without a token when nothing is set', () => {
    const spec = specFromEnvironment({});
    assert.equal(spec.endpoint.origin, 'http://127.0.0.1:8500');
    assert.deepEqual(spec.token, { kind: 'none' });
    assert.equal(spec.tls.verify, true);
    assert.deepEqual(spec.notes, []);
    assert.equal(spec.endpoint.isDefault, true);
    assert.equal(
      defaultAddressMessage(spec.endpoint),
      "No connection is selected and CONSUL_HTTP_ADDR isn't set in the environment of VS Code, so http://127.0.0.1:8500 is used.",
    );
    const set = specFromEnvironment({ CONSUL_HTTP_ADDR: '127.0.0.1:8500' });
    assert.equal(set.endpoint.isDefault, undefined);
  });

  test('treats empty variables as unset', () => {
    const names = ['ADDR', 'TOKEN', 'TOKEN_FILE', 'AUTH', 'SSL', 'SSL_VERIFY'].map(
      (name) => `CONSUL_HTTP_${name}`,
    );
    const env = Object.fromEntries([...names, 'CONSUL_CLIENT_KEY'].map((name) => [name, '']));
    assert.deepEqual(specFromEnvironment(env), specFromEnvironment({}));
  });

  test('speaks TLS for https://, and for CONSUL_HTTP_SSL whatever the address says', () => {
    const origin = (env: Record<string, string>) => specFromEnvironment(env).endpoint.origin;
    assert.equal(origin({ CONSUL_HTTP_ADDR: 'https://c:8501' }), 'https://c:8501');
    assert.equal(origin({ CONSUL_HTTP_ADDR: 'c:8501', CONSUL_HTTP_SSL: 'T' }), 'https://c:8501');
    assert.equal(
      origin({ CONSUL_HTTP_ADDR: 'http://c:8501', CONSUL_HTTP_SSL: '1' }),
      'https://c:8501',
    );
    assert.equal(
      origin({ CONSUL_HTTP_ADDR: 'https://c:8501', CONSUL_HTTP_SSL: 'false' }),
      'https://c:8501',
    );
  });

  test('uses the default HTTP port also with TLS', () => {
    for (const CONSUL_HTTP_ADDR of ['c:80', 'http://c:80']) {
      const { endpoint } = specFromEnvironment({ CONSUL_HTTP_ADDR, CONSUL_HTTP_SSL: '1' });
      assert.equal(endpoint.origin, 'https://c:80');
      assert.equal(endpoint.label, 'https://c:80');
    }
    const socket = { CONSUL_HTTP_ADDR: 'unix:///run/c.sock', CONSUL_HTTP_SSL: '1' };
    assert.equal(specFromEnvironment(socket).endpoint.origin, 'https://localhost');
  });

  test('keeps a path prefix and a unix socket', () => {
    assert.equal(
      specFromEnvironment({ CONSUL_HTTP_ADDR: 'http://c/consul/' }).endpoint.pathPrefix,
      '/consul',
    );
    assert.equal(
      specFromEnvironment({ CONSUL_HTTP_ADDR: 'unix:///run/c.sock' }).endpoint.socketPath,
      '/run/c.sock',
    );
  });

  test('prefers the token file to the token, which is the fallback for an empty file', () => {
    const { token } = specFromEnvironment({
      CONSUL_HTTP_TOKEN: 'abc',
      CONSUL_HTTP_TOKEN_FILE: '/t',
    });
    assert.deepEqual(token, {
      kind: 'file',
      file: { value: '/t', from: 'CONSUL_HTTP_TOKEN_FILE' },
      otherwise: { value: 'abc', from: 'CONSUL_HTTP_TOKEN' },
    });
  });

  test('splits CONSUL_HTTP_AUTH at its first colon', () => {
    const auth = (CONSUL_HTTP_AUTH: string) => specFromEnvironment({ CONSUL_HTTP_AUTH }).basicAuth;
    assert.deepEqual(auth('me:a:b'), { user: 'me', password: 'a:b' });
    assert.deepEqual(auth('me'), { user: 'me', password: '' });
  });

  test('removes the port from CONSUL_TLS_SERVER_NAME', () => {
    const { tls } = specFromEnvironment({ CONSUL_TLS_SERVER_NAME: 'server.dc1.consul:8501' });
    assert.equal(tls.serverName, 'server.dc1.consul');
  });

  test('accepts an IPv6 address as the server name, with and without brackets and port', () => {
    for (const name of ['::1', '[::1]', '[::1]:8501']) {
      assert.equal(specFromEnvironment({ CONSUL_TLS_SERVER_NAME: name }).tls.serverName, '::1');
    }
  });

  test('has a note if the certificate is not verified', () => {
    const env = { CONSUL_HTTP_ADDR: 'https://c:8501', CONSUL_HTTP_SSL_VERIFY: 'false' };
    assert.deepEqual(specFromEnvironment(env).notes, [
      "The certificate of https://c:8501 isn't verified, so traffic could be intercepted.",
    ]);
  });

  test('never uses a namespace or a partition, and has a note', () => {
    const { notes } = specFromEnvironment({ CONSUL_NAMESPACE: 'a', CONSUL_PARTITION: 'b' });
    assert.equal(notes.length, 2);
    assert.match(notes[0] ?? '', /^CONSUL_NAMESPACE is ignored: .*\.$/);
    assert.match(notes[1] ?? '', /^CONSUL_PARTITION is ignored: .*\.$/);
  });

  test('has a note that TLS files have no effect on plain HTTP', () => {
    const { notes } = specFromEnvironment({ CONSUL_CACERT: '/ca.pem' });
    assert.match(notes.join(), /^CONSUL_CACERT has no effect/);
  });

  /** The variables, the one with the mistake, and the complete message. */
  const junk: [Record<string, string>, string, string][] = [
    [
      { CONSUL_HTTP_SSL_VERIFY: 'junk' },
      'CONSUL_HTTP_SSL_VERIFY',
      'CONSUL_HTTP_SSL_VERIFY is "junk". Set it to true or false.',
    ],
    [
      { CONSUL_HTTP_SSL: 'yes' },
      'CONSUL_HTTP_SSL',
      'CONSUL_HTTP_SSL is "yes". Set it to true or false.',
    ],
    [
      { CONSUL_HTTP_ADDR: 'ftp://c' },
      'CONSUL_HTTP_ADDR',
      `Can't use CONSUL_HTTP_ADDR: "ftp://c" is not a valid address: ftp:// is not supported. Use http://, https:// or unix://.`,
    ],
    [
      { CONSUL_HTTP_ADDR: '010.0.0.5:8500', CONSUL_HTTP_TOKEN: 't' },
      'CONSUL_HTTP_ADDR',
      `Can't use CONSUL_HTTP_ADDR: "010.0.0.5:8500" is not a valid address: 010.0.0.5 has a leading zero, which can mean an octal number. Use 10.0.0.5.`,
    ],
    [
      { CONSUL_HTTP_ADDR: 'http://' },
      'CONSUL_HTTP_ADDR',
      `Can't use CONSUL_HTTP_ADDR: "http://" is not a valid address. Use host:port. Example: 127.0.0.1:8500.`,
    ],
    [
      { CONSUL_HTTP_ADDR: 'unix://run/c.sock' },
      'CONSUL_HTTP_ADDR',
      `Can't use CONSUL_HTTP_ADDR: "unix://run/c.sock" is not a valid address: the socket path must be absolute, as in unix:///run/consul.sock.`,
    ],
    [
      { CONSUL_CLIENT_CERT: '/c.pem' },
      'CONSUL_CLIENT_KEY',
      'CONSUL_CLIENT_CERT is set without CONSUL_CLIENT_KEY. A client certificate needs its key: set both or neither.',
    ],
    [
      { CONSUL_CLIENT_KEY: '/k.pem' },
      'CONSUL_CLIENT_CERT',
      'CONSUL_CLIENT_KEY is set without CONSUL_CLIENT_CERT. A client certificate needs its key: set both or neither.',
    ],
  ];
  for (const [env, field, sentence] of junk) {
    test(`refuses ${JSON.stringify(env)} with a message`, () => {
      assert.throws(
        () => specFromEnvironment(env),
        (error) => {
          assert.ok(error instanceof ConnectionError);
          assert.equal(error.field, field);
          assert.equal(error.message, sentence);
          return true;
        },
      );
    });
  }
});
