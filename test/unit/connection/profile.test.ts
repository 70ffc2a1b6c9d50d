import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { specFromProfile } from '../../../src/consul/connection/fromProfile.ts';
import { readProfile, readProfiles, writtenNames } from '../../../src/consul/connection/profile.ts';

const GOOD = { name: 'staging', address: 'https://10.0.0.3:8501/consul' };
const TLS_PAIR = { clientCert: '/c.pem', clientKey: '/k.pem' };

describe('a connection profile', () => {
  test('needs no more than a name and an address', () => {
    const { profile, mistakes } = readProfile(GOOD);
    assert.deepEqual(mistakes, []);
    assert.equal(profile?.production, false);
    assert.equal(profile.tls.verify, true);
  });

  test("sends no token unless it names one: the environment's may belong to another cluster", () => {
    const env = { CONSUL_HTTP_TOKEN: 'abc', CONSUL_CACERT: '/ca', CONSUL_HTTP_AUTH: 'a:b' };
    const tokenOf = (more: object) => {
      const { profile } = readProfile({ ...GOOD, ...more });
      assert.ok(profile);
      return specFromProfile(profile, env);
    };
    assert.deepEqual(tokenOf({}).token, { kind: 'none' });
    assert.equal(tokenOf({}).tls.caFile, undefined);
    assert.equal(tokenOf({}).basicAuth, undefined);
    assert.deepEqual(tokenOf({ tokenSource: 'environment' }).token, {
      kind: 'value',
      token: 'abc',
      from: 'CONSUL_HTTP_TOKEN',
    });
    assert.deepEqual(tokenOf({ tokenFile: '~/t' }).token, {
      kind: 'file',
      file: { value: '~/t', from: 'tokenFile' },
    });
    assert.deepEqual(tokenOf({ tokenSource: 'prompt' }).token, { kind: 'prompt' });
  });

  test('passes on every field', () => {
    const { profile, mistakes } = readProfile({
      ...GOOD,
      datacenter: 'dc2',
      tls: { caFile: '/ca.pem', ...TLS_PAIR, serverName: 'server.dc1.consul', verify: false },
      basicAuthUser: 'me',
      tokenSource: 'secret',
      proxy: 'none',
      stale: true,
      production: true,
      color: 'red',
    });
    assert.deepEqual(mistakes, []);
    assert.ok(profile);
    const spec = specFromProfile(profile, {});
    assert.equal(spec.datacenter, 'dc2');
    assert.equal(spec.endpoint.pathPrefix, '/consul');
    assert.deepEqual(spec.basicAuth, { user: 'me', password: undefined });
    assert.equal(spec.tls.verify, false);
    assert.deepEqual(spec.tls.clientKey, { value: '/k.pem', from: 'tls.clientKey' });
    assert.deepEqual([spec.stale, spec.production, spec.proxy], [true, true, 'none']);
  });

  /** A profile with a mistake, and its message. */
  const mistakes: [unknown, string][] = [
    ['x', 'It must be an object in { }.'],
    [
      { ...GOOD, address: '010.0.0.5:8500' },
      '"address": "010.0.0.5:8500" is not a valid address: 010.0.0.5 has a leading zero, which can mean an octal number. Use 10.0.0.5.',
    ],
    [
      { ...GOOD, proxy: '010.0.0.5:3128' },
      '"proxy" is not a valid address: 010.0.0.5 has a leading zero, which can mean an octal number. Use 10.0.0.5.',
    ],
    [{ address: 'a:1' }, '"name" is missing. Add it.'],
    [{ name: 'a' }, '"address" is missing. Add it.'],
    [{ ...GOOD, name: ' ' }, '"name" is empty. Set a value or remove the field.'],
    [{ ...GOOD, name: 3 }, '"name" must be a string in quotes.'],
    [
      { ...GOOD, address: 'ftp://a' },
      '"address": "ftp://a" is not a valid address: ftp:// is not supported. Use http://, https:// or unix://.',
    ],
    [
      { ...GOOD, address: 'https://u:p@a' },
      `"address": The Consul address can't contain a user name or password. Set them separately.`,
    ],
    [
      { ...GOOD, adress: 'a' },
      '"adress" is not a connection field. Remove it or correct its spelling.',
    ],
    [
      { ...GOOD, token: 'abc' },
      `Don't put secrets in settings: remove "token" and set "tokenSource" instead.`,
    ],
    [
      { ...GOOD, basicAuthPassword: 'abc' },
      `Don't put secrets in settings: remove "basicAuthPassword" and set "tokenSource" instead.`,
    ],
    [
      { ...GOOD, basicAuthUser: 'me:pw' },
      '"basicAuthUser" must be the user name only. You are asked for the password, which is saved in secret storage.',
    ],
    [{ ...GOOD, stale: 'yes' }, '"stale" must be true or false, without quotes.'],
    [
      { ...GOOD, color: 'pink' },
      '"color" must be one of red, orange, yellow, green, blue, purple.',
    ],
    [
      { ...GOOD, tokenSource: 'vault' },
      '"tokenSource" must be one of none, environment, secret, file, prompt.',
    ],
    [
      { ...GOOD, tokenSource: 'file' },
      '"tokenSource" is "file", but "tokenFile" is missing. Set it to the path of the file.',
    ],
    [
      { ...GOOD, tokenSource: 'secret', tokenFile: '/t' },
      '"tokenFile" is set, but "tokenSource" is "secret". Set it to "file", or remove "tokenFile".',
    ],
    [
      { ...GOOD, tokenFile: 't' },
      '"tokenFile" must be an absolute path, or start with ~/ for your home folder.',
    ],
    [
      { ...GOOD, datacenter: 'dc 1' },
      '"datacenter" must consist of letters, digits, - and _. Example: dc1.',
    ],
    [{ ...GOOD, tls: true }, '"tls" must be an object in { }.'],
    [
      { ...GOOD, tls: { ca: '/x' } },
      '"tls.ca" is not a connection field. Remove it or correct its spelling.',
    ],
    [{ ...GOOD, tls: { verify: 'no' } }, '"tls.verify" must be true or false, without quotes.'],
    [
      { ...GOOD, tls: { caFile: 'ca.pem' } },
      '"tls.caFile" must be an absolute path, or start with ~/ for your home folder.',
    ],
    [
      { ...GOOD, tls: { clientCert: '/c.pem' } },
      '"tls.clientCert" needs "tls.clientKey". Set it to the path of the key.',
    ],
    [
      { ...GOOD, tls: { clientKey: '/k.pem' } },
      '"tls.clientKey" needs "tls.clientCert". Set it to the path of the certificate.',
    ],
    [
      { ...GOOD, tls: { serverName: 'https://a' } },
      '"tls.serverName" must be a host name only. Example: server.dc1.consul.',
    ],
    [
      { ...GOOD, address: 'a:8500', tls: { caFile: '/ca.pem' } },
      '"tls" is set, but "address" doesn\'t use TLS. Use https:// there, or remove "tls".',
    ],
    [
      { ...GOOD, address: 'unix:///run/c.sock', tls: { caFile: '/ca.pem' } },
      '"tls" is set, but "address" is a Unix socket, which doesn\'t use TLS. Remove "tls".',
    ],
    [
      { ...GOOD, outputEncoding: 'cp437' },
      '"outputEncoding" is not a known encoding. Examples: utf-8, gbk, shift_jis, windows-1252.',
    ],
    [{ ...GOOD, wait: '-2s' }, '"wait": The duration "-2s" is negative. Examples: 2s, 0s.'],
    [
      { ...GOOD, replicationWait: '-1ms' },
      '"replicationWait": The duration "-1ms" is negative. Examples: 2s, 0s.',
    ],
    [
      { ...GOOD, proxy: 'socks5://p:1' },
      '"proxy" must be http://host:port, https://host:port or none.',
    ],
    [
      { ...GOOD, proxy: 'http://u:pw@p:1' },
      `"proxy" can't contain a user name or password. Set http://p:1 here, and set those in http.proxy.`,
    ],
  ];
  for (const [entry, sentence] of mistakes) {
    test(`${JSON.stringify(entry)}: ${sentence}`, () => {
      const reading = readProfile(entry);
      assert.deepEqual(reading.mistakes, [sentence]);
      assert.equal(reading.profile, undefined);
    });
  }

  test('with mistakes is left out, with a message that names it', () => {
    const { profiles, mistakes } = readProfiles([
      GOOD,
      { ...GOOD, name: 'b', stale: 1 },
      { name: 1 },
    ]);
    assert.deepEqual(
      profiles.map(({ name }) => name),
      ['staging'],
    );
    assert.deepEqual(mistakes, [
      {
        connection: 'b',
        sentence: 'Connection "b": "stale" must be true or false, without quotes.',
      },
      {
        connection: undefined,
        sentence: 'Connection number 3: "name" must be a string in quotes.',
      },
      {
        connection: undefined,
        sentence: 'Connection number 3: "address" is missing. Add it.',
      },
    ]);
  });

  test('that shares its name with another one is not used, nor is the other', () => {
    const shared =
      'Connection "staging": Several connections have this name, so none of them is used. Give each its own "name".';
    const other = { ...GOOD, name: 'b' };
    const safer = { ...GOOD, name: ' staging ', production: true };
    assert.deepEqual(readProfiles([GOOD, other, safer]), {
      profiles: [readProfile(other).profile],
      mistakes: [{ connection: 'staging', sentence: shared }],
    });
    // A mistake in the production profile must not activate the other profile.
    const broken = readProfiles([{ ...safer, stale: 1 }, GOOD]);
    assert.deepEqual(broken.profiles, []);
    assert.deepEqual(
      broken.mistakes.map(({ sentence }) => sentence),
      ['Connection "staging": "stale" must be true or false, without quotes.', shared],
    );
    assert.deepEqual(writtenNames([safer, 3, { ...GOOD, stale: 1 }]), [
      'staging',
      undefined,
      'staging',
    ]);
  });

  test('with a misplaced value: the message does not repeat it, since it may be a token', () => {
    const token = '11111111-2222-3333-4444-555555555555';
    for (const field of ['stale', 'tls', 'color', 'tokenSource', 'datacenter', 'production']) {
      const { mistakes } = readProfile({ ...GOOD, [field]: field === 'datacenter' ? ' ' : token });
      assert.equal(mistakes.length, 1, field);
      assert.ok(!mistakes.join().includes(token), mistakes.join());
    }
  });

  test('is checked by the rules of higher layers as well', () => {
    const rule = ({ prefix }: { readonly prefix?: string | undefined }) =>
      prefix === 'bad' ? ['"prefix" is bad.'] : [];
    const { profiles, mistakes } = readProfiles([{ ...GOOD, prefix: 'bad' }], rule);
    assert.deepEqual(profiles, []);
    assert.equal(mistakes[0]?.sentence, 'Connection "staging": "prefix" is bad.');
  });

  test('has a note if its certificate is not verified', () => {
    const { profile } = readProfile({ ...GOOD, tls: { verify: false } });
    assert.ok(profile);
    assert.match(specFromProfile(profile, {}).notes.join(), /isn't verified/);
  });

  test('list that is not an array is a mistake', () => {
    assert.deepEqual(readProfiles(undefined), { profiles: [], mistakes: [] });
    assert.equal(readProfiles({ a: 1 }).mistakes.length, 1);
  });
});
