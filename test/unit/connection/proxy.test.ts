import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAddress } from '../../../src/consul/address.ts';
import { ConnectionError } from '../../../src/consul/connection/connectionError.ts';
import { chooseProxy, type ProxySettings } from '../../../src/consul/connection/proxy.ts';
import { ProxyError } from '../../../src/consul/proxyError.ts';

const HTTP = { HTTP_PROXY: 'http://plain:1' };
const BOTH = { ...HTTP, HTTPS_PROXY: 'http://secure:2' };

/** Address, the connection's own choice, what else is set, and the proxy that comes of it. */
const CASES: [string, string | undefined, ProxySettings, string | undefined][] = [
  ['c.example', undefined, { env: {} }, undefined],
  ['c.example', undefined, { env: BOTH }, 'http://plain:1'],
  ['https://c.example', undefined, { env: BOTH }, 'http://secure:2'],
  ['https://c.example', undefined, { env: HTTP }, 'http://plain:1'],
  ['c.example', undefined, { env: { https_proxy: 'secure:2' } }, undefined],
  ['https://c.example', undefined, { env: { https_proxy: 'secure:2' } }, 'http://secure:2'],
  ['c.example', undefined, { url: 'http://editor:3', env: BOTH }, 'http://editor:3'],
  ['c.example', 'http://own:4', { url: 'http://editor:3', env: BOTH }, 'http://own:4'],
  ['c.example', 'none', { url: 'http://editor:3', env: BOTH }, undefined],
  ['127.0.0.1:8500', undefined, { url: 'http://editor:3', env: BOTH }, undefined],
  ['127.9.9.9:8500', undefined, { env: BOTH }, undefined],
  ['localhost:8500', undefined, { env: BOTH }, undefined],
  ['a.localhost:8500', undefined, { env: BOTH }, undefined],
  ['[::1]:8500', undefined, { env: BOTH }, undefined],
  ['127.0.0.1:8500', 'http://own:4', { env: {} }, 'http://own:4'],
  ['unix:///run/c', 'http://own:4', { env: BOTH }, undefined],
  ['c.example', undefined, { env: { ...BOTH, NO_PROXY: '*' } }, undefined],
  ['c.example', undefined, { env: { ...BOTH, NO_PROXY: 'other, c.example' } }, undefined],
  ['C.Example', undefined, { env: { ...BOTH, no_proxy: 'c.EXAMPLE' } }, undefined],
  ['a.c.example', undefined, { env: { ...BOTH, NO_PROXY: 'c.example' } }, undefined],
  ['a.c.example', undefined, { env: { ...BOTH, NO_PROXY: '.c.example' } }, undefined],
  ['a.c.example', undefined, { env: { ...BOTH, NO_PROXY: '*.c.example' } }, undefined],
  ['xc.example', undefined, { env: { ...BOTH, NO_PROXY: 'c.example' } }, 'http://plain:1'],
  ['c.example:8500', undefined, { env: { ...BOTH, NO_PROXY: 'c.example:8500' } }, undefined],
  ['c.example:8500', undefined, { env: { ...BOTH, NO_PROXY: 'c.example:80' } }, 'http://plain:1'],
  ['10.1.2.3:8500', undefined, { env: { ...BOTH, NO_PROXY: '10.0.0.0/8' } }, undefined],
  ['11.1.2.3:8500', undefined, { env: { ...BOTH, NO_PROXY: '10.0.0.0/8' } }, 'http://plain:1'],
  ['10.1.2.3:8500', undefined, { env: { ...BOTH, NO_PROXY: '10.0.0.0/99' } }, 'http://plain:1'],
  ['[fd00::1]:8500', undefined, { env: { ...BOTH, NO_PROXY: 'fd00::/8' } }, undefined],
  [
    'c.example',
    undefined,
    { env: { ...BOTH, NO_PROXY: 'c.example' }, noProxy: ['x'] },
    'http://plain:1',
  ],
  ['x', undefined, { url: 'http://editor:3', env: {}, noProxy: ['x'] }, undefined],
  ['c.example', undefined, { url: 'http://editor:3', off: true, env: BOTH }, undefined],
  ['c.example', 'http://own:4', { off: true, env: {} }, 'http://own:4'],
  ['c.example', undefined, { env: { HTTP_PROXY: '', http_proxy: 'p:1' } }, 'http://p:1'],
  ['c.example', undefined, { env: { ...BOTH, NO_PROXY: '', no_proxy: 'c.example' } }, undefined],
];

describe('the proxy on the way to an agent', () => {
  for (const [address, own, settings, expected] of CASES) {
    test(`${address} with ${own ?? '-'} and ${JSON.stringify(settings)}: ${expected ?? 'none'}`, () => {
      assert.equal(chooseProxy(parseAddress(address), own, settings)?.label, expected);
    });
  }

  test('keeps its password out of what is shown', () => {
    const proxy = chooseProxy(parseAddress('c.example'), undefined, {
      url: 'http://me:secret@p:3128',
      env: {},
    });
    assert.match(proxy?.url ?? '', /me:secret/);
    assert.equal(proxy?.label, 'http://p:3128');
  });

  test('gets the header that the editor’s settings name, unless it is the connection’s own', () => {
    const settings = { url: 'http://editor:3', authorization: 'Basic abc', env: {} };
    const endpoint = parseAddress('c.example');
    assert.equal(chooseProxy(endpoint, undefined, settings)?.authorization, 'Basic abc');
    assert.equal(chooseProxy(endpoint, 'http://own:4', settings)?.authorization, undefined);
    assert.equal(chooseProxy(endpoint, 'editor:3', settings)?.authorization, 'Basic abc');
  });

  test('that a connection names gets the password of the same proxy in the settings', () => {
    const endpoint = parseAddress('127.0.0.1');
    const settings = { url: 'http://me:secret@editor:3', env: {} };
    assert.equal(chooseProxy(endpoint, 'editor:3', settings)?.url, 'http://me:secret@editor:3/');
    for (const other of ['http://own:3', 'http://editor:4', 'https://editor:3']) {
      assert.doesNotMatch(chooseProxy(endpoint, other, settings)?.url ?? '', /secret/);
    }
    assert.equal(chooseProxy(endpoint, 'own:4', { ...settings, url: ':' })?.url, 'http://own:4/');
  });

  test('that wants another password is told of by what holds it', () => {
    const endpoint = parseAddress('c.example');
    const said = (settings: ProxySettings) => {
      const proxy = chooseProxy(endpoint, undefined, settings);
      assert.ok(proxy);
      return new ProxyError(proxy, endpoint.label, '407').message;
    };
    const refuses = 'The proxy http://p:1 refuses the user name or password in';
    assert.equal(
      said({ env: { HTTP_PROXY: 'p:1' } }),
      'The proxy http://p:1 demands a user name and password: write them into “HTTP_PROXY”.',
    );
    const own = chooseProxy(endpoint, 'p:1', { env: {} });
    assert.ok(own);
    assert.match(new ProxyError(own, '', '407').message, /write them into “http\.proxy”\.$/);
    assert.equal(
      said({ url: 'http://me:secret@p:1', env: {} }),
      `${refuses} “http.proxy”: correct them.`,
    );
    assert.equal(
      said({ url: 'p:1', authorization: 'Basic abc', env: {} }),
      `${refuses} “http.proxyAuthorization”: correct them.`,
    );
  });

  /** What is written, and what the sentence must say. */
  const refused: [string, RegExp][] = [
    ['socks5://me:secret@p:1', /^“HTTP_PROXY” names a SOCKS proxy, which cannot be used here/],
    ['socks://p:1', /^“HTTP_PROXY” names a SOCKS proxy/],
    ['http://me:secret%@p:1', /^The user name or password in “HTTP_PROXY” holds a bare %/],
    ['ftp://p:1', /^“HTTP_PROXY” is not the address of a proxy/],
  ];
  for (const [HTTP_PROXY, sentence] of refused) {
    test(`${HTTP_PROXY} is refused, saying why`, () => {
      assert.throws(
        () => chooseProxy(parseAddress('c.example'), undefined, { env: { HTTP_PROXY } }),
        (error) =>
          error instanceof ConnectionError &&
          sentence.test(error.message) &&
          !error.message.includes('secret'),
      );
    });
  }

  test('of a kind we cannot speak to is refused without repeating it', () => {
    const settings = { env: { HTTP_PROXY: 'socks5://me:secret@p:1' } };
    assert.throws(
      () => chooseProxy(parseAddress('c.example'), undefined, settings),
      (error) =>
        error instanceof ConnectionError &&
        error.field === 'HTTP_PROXY' &&
        !error.message.includes('secret'),
    );
  });
});
