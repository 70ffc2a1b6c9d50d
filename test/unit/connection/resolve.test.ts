import assert from 'node:assert/strict';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ConnectionError } from '../../../src/consul/connection/connectionError.ts';
import type { Environment } from '../../../src/consul/connection/connectionSpec.ts';
import { specFromEnvironment } from '../../../src/consul/connection/environment.ts';
import { specFromProfile } from '../../../src/consul/connection/fromProfile.ts';
import { readProfile } from '../../../src/consul/connection/profile.ts';
import { resolveConnection, type SecretSource } from '../../../src/consul/connection/resolve.ts';
import { runCommand } from '../../setup/command.ts';

const NO_SECRETS: SecretSource = {
  storedToken: () => Promise.resolve(undefined),
  askToken: () => Promise.resolve(undefined),
  password: () => Promise.resolve(undefined),
};

describe('resolving a connection', () => {
  const folder = mkdtempSync(join(tmpdir(), 'consul-exec-resolve-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const fromEnvironment = (env: Environment, workspace?: string) =>
    resolveConnection(specFromEnvironment(env), NO_SECRETS, { env: {}, folder: workspace });
  const fromProfile = (more: object, secrets: Partial<SecretSource> = {}) => {
    const { profile, mistakes } = readProfile({ name: 'a', address: 'c:8500', ...more });
    assert.ok(profile, mistakes.join());
    return resolveConnection(
      specFromProfile(profile, {}),
      { ...NO_SECRETS, ...secrets },
      { env: {} },
    );
  };

  test('trims the token file, and falls back to the token when it is empty', async () => {
    const full = file('token', ' abc-1\n');
    const empty = file('empty', '\n');
    const env = { CONSUL_HTTP_TOKEN: 'def', CONSUL_HTTP_TOKEN_FILE: full };
    assert.equal((await fromEnvironment(env)).token, 'abc-1');
    const fallen = await fromEnvironment({ ...env, CONSUL_HTTP_TOKEN_FILE: empty });
    assert.equal(fallen.token, 'def');
  });

  test('gets each secret from the source in the profile', async () => {
    const stored = { storedToken: (name: string) => Promise.resolve(`stored-${name}`) };
    assert.equal((await fromProfile({ tokenSource: 'secret' }, stored)).token, 'stored-a');
    const asked = { askToken: () => Promise.resolve(' asked ') };
    assert.equal((await fromProfile({ tokenSource: 'prompt' }, asked)).token, 'asked');
    const password = { password: (name: string, user: string) => Promise.resolve(name + user) };
    assert.deepEqual((await fromProfile({ basicAuthUser: 'me' }, password)).basicAuth, {
      user: 'me',
      password: 'ame',
    });
  });

  test('asks for a stored secret with the address that receives it', async () => {
    const asked: string[][] = [];
    const secrets: Partial<SecretSource> = {
      storedToken: (...what) => (asked.push(what), Promise.resolve('t')),
      password: (...what) => (asked.push(what), Promise.resolve('p')),
    };
    await fromProfile({ tokenSource: 'secret', basicAuthUser: 'me' }, secrets);
    assert.deepEqual(asked, [
      ['a', 'http://c:8500'],
      ['a', 'me', 'http://c:8500'],
    ]);
  });

  test('looks for relative paths of the environment in the workspace folder', async () => {
    file('relative', 'abc-2');
    const env = { CONSUL_HTTP_TOKEN_FILE: 'relative' };
    assert.equal((await fromEnvironment(env, folder)).token, 'abc-2');
    assert.equal(
      (await fromEnvironment({ CONSUL_HTTP_TOKEN_FILE: './folder/../relative' }, folder)).token,
      'abc-2',
    );
  });

  test('reads no TLS files for an agent without TLS', async () => {
    assert.equal((await fromEnvironment({ CONSUL_CACERT: '/nowhere' })).tls, undefined);
  });

  const junk = file('junk', 'hello');
  const spaced = file('spaced', 'two words');
  const empty = join(folder, 'folder');
  mkdirSync(empty);
  const mixed = join(folder, 'mixed');
  mkdirSync(mixed);
  writeFileSync(join(mixed, 'README'), 'the CA of staging');
  file('mixed/bad.pem', '-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n');
  // There is no writer for this pipe, so opening it would block forever.
  before(() => runCommand('mkfifo', [join(mixed, 'pipe')]));
  const https = { CONSUL_HTTP_ADDR: 'https://c:8501' };
  const pair = { CONSUL_CLIENT_CERT: junk, CONSUL_CLIENT_KEY: junk };
  /** The settings, the problem, the field with the mistake and the message. */
  const mistakes: [() => Promise<unknown>, string, string, string][] = [
    [
      () => fromEnvironment({ ...https, CONSUL_CACERT: '/nowhere' }),
      'fileMissing',
      'CONSUL_CACERT',
      "/nowhere (CONSUL_CACERT) doesn't exist.",
    ],
    [
      () => fromEnvironment({ ...https, CONSUL_CACERT: 'certs/ca.pem' }, folder),
      'fileMissing',
      'CONSUL_CACERT',
      `${folder}/certs/ca.pem (CONSUL_CACERT) doesn't exist. The path "certs/ca.pem" is relative to the workspace folder here. Use an absolute path.`,
    ],
    [
      // It exists in the folder of this process, as it would in the extension host's.
      () => fromEnvironment({ ...https, CONSUL_CAPATH: 'test' }, folder),
      'fileMissing',
      'CONSUL_CAPATH',
      `${folder}/test (CONSUL_CAPATH) doesn't exist. The path "test" is relative to the workspace folder here. Use an absolute path.`,
    ],
    [
      () => fromEnvironment({ CONSUL_HTTP_TOKEN_FILE: 'package.json' }),
      'fileMissing',
      'CONSUL_HTTP_TOKEN_FILE',
      '"package.json" (CONSUL_HTTP_TOKEN_FILE) is a relative path, which needs an open and trusted folder. Use an absolute path.',
    ],
    [
      () => fromEnvironment({ ...https, CONSUL_CACERT: folder }),
      'fileUnreadable',
      'CONSUL_CACERT',
      `${folder} (CONSUL_CACERT) is a folder. Use a file in it.`,
    ],
    [
      () => fromEnvironment({ ...https, CONSUL_CACERT: junk }),
      'notCertificate',
      'CONSUL_CACERT',
      `${junk} (CONSUL_CACERT) doesn't contain a readable PEM certificate.`,
    ],
    [
      () => fromEnvironment({ ...https, CONSUL_CAPATH: '/nowhere' }),
      'fileMissing',
      'CONSUL_CAPATH',
      "/nowhere (CONSUL_CAPATH) doesn't exist.",
    ],
    [
      () => fromEnvironment({ ...https, CONSUL_CAPATH: empty }),
      'notCertificate',
      'CONSUL_CAPATH',
      `No file in the folder ${empty} (CONSUL_CAPATH) contains a PEM certificate.`,
    ],
    [
      () => fromEnvironment({ ...https, CONSUL_CAPATH: junk }),
      'fileUnreadable',
      'CONSUL_CAPATH',
      `${junk} (CONSUL_CAPATH) is not a folder, or one of its parents isn't.`,
    ],
    [
      () => fromEnvironment({ ...https, CONSUL_CAPATH: mixed }),
      'notCertificate',
      'CONSUL_CAPATH',
      `${join(mixed, 'bad.pem')} (CONSUL_CAPATH) doesn't contain a readable PEM certificate.`,
    ],
    [
      () => fromEnvironment({ ...https, ...pair }),
      'notCertificate',
      'CONSUL_CLIENT_CERT',
      `${junk} (CONSUL_CLIENT_CERT) doesn't contain a readable PEM certificate.`,
    ],
    [
      () => fromProfile({ address: 'https://c', tls: { caFile: '/nowhere' } }),
      'fileMissing',
      'tls.caFile',
      "/nowhere (tls.caFile) doesn't exist.",
    ],
    [
      () => fromProfile({ tokenFile: '/nowhere' }),
      'fileMissing',
      'tokenFile',
      "/nowhere (tokenFile) doesn't exist.",
    ],
    [
      () => fromProfile({ tokenFile: file('none', ' \n') }),
      'emptyToken',
      'tokenFile',
      `The token file ${join(folder, 'none')} (tokenFile) is empty.`,
    ],
    [
      () => fromProfile({ tokenFile: spaced }),
      'badToken',
      'tokenFile',
      'The token (tokenFile) contains spaces, line breaks or non-ASCII characters, which tokens never contain. Copy it again.',
    ],
    [
      () => fromEnvironment({ CONSUL_HTTP_TOKEN: 'a\nb' }),
      'badToken',
      'CONSUL_HTTP_TOKEN',
      'The token (CONSUL_HTTP_TOKEN) contains spaces, line breaks or non-ASCII characters, which tokens never contain. Copy it again.',
    ],
    [
      () => fromProfile({ tokenSource: 'secret' }),
      'emptyToken',
      'tokenSource',
      'No token is stored for the connection "a". Set the token, or choose another "tokenSource".',
    ],
    [
      () => fromProfile({ tokenSource: 'prompt' }),
      'canceled',
      'tokenSource',
      'Connecting to "a" was canceled: no secret was entered.',
    ],
    [
      () => fromProfile({ basicAuthUser: 'me' }),
      'canceled',
      'basicAuthUser',
      'Connecting to "a" was canceled: no secret was entered.',
    ],
  ];
  for (const [connect, problem, field, sentence] of mistakes) {
    test(sentence.replaceAll(folder, '…'), async () => {
      await assert.rejects(connect, (error) => {
        assert.ok(error instanceof ConnectionError);
        assert.deepEqual([error.problem, error.field, error.message], [problem, field, sentence]);
        return true;
      });
    });
  }
});
