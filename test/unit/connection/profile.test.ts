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

  test('sends no token unless it says which: the environment’s may be another cluster’s', () => {
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

  test('carries every field over', () => {
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

  /** A profile's mistake, and the one sentence for it. */
  const mistakes: [unknown, string][] = [
    ['x', 'it must be an object in { }.'],
    [{ address: 'a:1' }, '“name” is missing: write it.'],
    [{ name: 'a' }, '“address” is missing: write it.'],
    [{ ...GOOD, name: ' ' }, '“name” is empty: write a value or remove the field.'],
    [{ ...GOOD, name: 3 }, '“name” must be a text in quotes.'],
    [
      { ...GOOD, address: 'ftp://a' },
      '“address”: “ftp://a” is not an address: ftp:// is unknown. Use http://, https:// or unix://.',
    ],
    [
      { ...GOOD, address: 'https://u:p@a' },
      '“address”: The Consul address must not hold a user name or password. Set them apart from the address.',
    ],
    [
      { ...GOOD, adress: 'a' },
      '“adress” is no field of a connection: remove it or correct its spelling.',
    ],
    [
      { ...GOOD, token: 'abc' },
      '“token” does not belong into the settings, which are no place for secrets: remove it, and choose a “tokenSource”.',
    ],
    [
      { ...GOOD, basicAuthPassword: 'abc' },
      '“basicAuthPassword” does not belong into the settings, which are no place for secrets: remove it, and choose a “tokenSource”.',
    ],
    [
      { ...GOOD, basicAuthUser: 'me:pw' },
      '“basicAuthUser” must be the user alone: the password is asked for and kept as a secret.',
    ],
    [{ ...GOOD, stale: 'yes' }, '“stale” must be true or false, without quotes.'],
    [
      { ...GOOD, color: 'pink' },
      '“color” must be one of red, orange, yellow, green, blue, purple.',
    ],
    [
      { ...GOOD, tokenSource: 'vault' },
      '“tokenSource” must be one of none, environment, secret, file, prompt.',
    ],
    [
      { ...GOOD, tokenSource: 'file' },
      '“tokenSource” is file, but “tokenFile” is missing: write the path of the file.',
    ],
    [
      { ...GOOD, tokenSource: 'secret', tokenFile: '/t' },
      '“tokenFile” is set, but “tokenSource” is secret: write file there, or remove “tokenFile”.',
    ],
    [
      { ...GOOD, tokenFile: 't' },
      '“tokenFile” must be a full path, or begin with ~/ for your home folder.',
    ],
    [
      { ...GOOD, datacenter: 'dc 1' },
      '“datacenter” must be a name of letters, digits, - and _, such as dc1.',
    ],
    [{ ...GOOD, tls: true }, '“tls” must be an object in { }.'],
    [
      { ...GOOD, tls: { ca: '/x' } },
      '“tls.ca” is no field of a connection: remove it or correct its spelling.',
    ],
    [{ ...GOOD, tls: { verify: 'no' } }, '“tls.verify” must be true or false, without quotes.'],
    [
      { ...GOOD, tls: { caFile: 'ca.pem' } },
      '“tls.caFile” must be a full path, or begin with ~/ for your home folder.',
    ],
    [
      { ...GOOD, tls: { clientCert: '/c.pem' } },
      '“tls.clientCert” needs “tls.clientKey” beside it: write the path of the key.',
    ],
    [
      { ...GOOD, tls: { clientKey: '/k.pem' } },
      '“tls.clientKey” needs “tls.clientCert” beside it: write the path of the certificate.',
    ],
    [
      { ...GOOD, tls: { serverName: 'https://a' } },
      '“tls.serverName” must be a host name alone, such as server.dc1.consul.',
    ],
    [
      { ...GOOD, address: 'a:8500', tls: { caFile: '/ca.pem' } },
      '“tls” is set, but “address” is reached without TLS: write https:// there, or remove “tls”.',
    ],
    [
      { ...GOOD, address: 'unix:///run/c.sock', tls: { caFile: '/ca.pem' } },
      '“tls” is set, but “address” is a unix socket, which needs none: remove “tls”.',
    ],
    [{ ...GOOD, wait: '-2s' }, '“wait”: “-2s” is negative. Write a duration such as 2s or 0s.'],
    [
      { ...GOOD, replicationWait: '-1ms' },
      '“replicationWait”: “-1ms” is negative. Write a duration such as 2s or 0s.',
    ],
    [
      { ...GOOD, proxy: 'socks5://p:1' },
      '“proxy” must be http://host:port, https://host:port or none.',
    ],
    [
      { ...GOOD, proxy: 'http://u:pw@p:1' },
      '“proxy” must not hold a user name or password: write http://p:1 here, and those in http.proxy.',
    ],
  ];
  for (const [entry, sentence] of mistakes) {
    test(`${JSON.stringify(entry)}: ${sentence}`, () => {
      const reading = readProfile(entry);
      assert.deepEqual(reading.mistakes, [sentence]);
      assert.equal(reading.profile, undefined);
    });
  }

  test('with mistakes is left out of the list, which names it', () => {
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
        sentence: 'Connection “b”: “stale” must be true or false, without quotes.',
      },
      {
        connection: undefined,
        sentence: 'Connection number 3: “name” must be a text in quotes.',
      },
      {
        connection: undefined,
        sentence: 'Connection number 3: “address” is missing: write it.',
      },
    ]);
  });

  test('that shares its name with another one is not used, and neither is the other', () => {
    const shared =
      'Connection “staging”: several have this name, so none of them is used: give each a “name” of its own.';
    const other = { ...GOOD, name: 'b' };
    const safer = { ...GOOD, name: ' staging ', production: true };
    assert.deepEqual(readProfiles([GOOD, other, safer]), {
      profiles: [readProfile(other).profile],
      mistakes: [{ connection: 'staging', sentence: shared }],
    });
    // A slip in the one that is marked as production must not bring the other into use.
    const broken = readProfiles([{ ...safer, stale: 1 }, GOOD]);
    assert.deepEqual(broken.profiles, []);
    assert.deepEqual(
      broken.mistakes.map(({ sentence }) => sentence),
      ['Connection “staging”: “stale” must be true or false, without quotes.', shared],
    );
    assert.deepEqual(writtenNames([safer, 3, { ...GOOD, stale: 1 }]), [
      'staging',
      undefined,
      'staging',
    ]);
  });

  test('never has what was written in the wrong place repeated: it may be a token', () => {
    const token = '11111111-2222-3333-4444-555555555555';
    for (const field of ['stale', 'tls', 'color', 'tokenSource', 'datacenter', 'production']) {
      const { mistakes } = readProfile({ ...GOOD, [field]: field === 'datacenter' ? ' ' : token });
      assert.equal(mistakes.length, 1, field);
      assert.ok(!mistakes.join().includes(token), mistakes.join());
    }
  });

  test('is held to the rules of the rooms above as well', () => {
    const rule = ({ prefix }: { readonly prefix?: string | undefined }) =>
      prefix === 'bad' ? ['“prefix” is bad.'] : [];
    const { profiles, mistakes } = readProfiles([{ ...GOOD, prefix: 'bad' }], rule);
    assert.deepEqual(profiles, []);
    assert.equal(mistakes[0]?.sentence, 'Connection “staging”: “prefix” is bad.');
  });

  test('says so where its certificate is not verified', () => {
    const { profile } = readProfile({ ...GOOD, tls: { verify: false } });
    assert.ok(profile);
    assert.match(specFromProfile(profile, {}).notes.join(), /is not verified/);
  });

  test('list that is none is told of', () => {
    assert.deepEqual(readProfiles(undefined), { profiles: [], mistakes: [] });
    assert.equal(readProfiles({ a: 1 }).mistakes.length, 1);
  });
});
