import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAddress } from '../../../src/consul/endpoint/address.ts';
import { ConnectionError } from '../../../src/consul/connection/connectionError.ts';
import { chooseProxy, type ProxySettings } from '../../../src/consul/connection/proxy.ts';
import { ProxyError } from '../../../src/consul/errors/proxyError.ts';

const HTTP = { HTTP_PROXY: 'http://plain:1' };
const BOTH = { ...HTTP, HTTPS_PROXY: 'http://secure:2' };

/** Address, the connection's own choice, what else is set, and the proxy that comes of it. */
const CASES: [string, string | undefined, ProxySettings, string | undefined][] = [
  ['c.example', undefined, { env: {} }, undefined],
  ['c.example', undefined, { env: BOTH }, 'http://plain:1'],
  ['https://c.example', undefined, { env: BOTH }, 'http://secure:2'],
  ['https://c.example', undefined, { env: HTTP }, undefined],
  ['https://c.example', undefined, { env: { ...BOTH, REQUEST_METHOD: 'GET' } }, 'http://secure:2'],
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
  ['c.example', undefined, { env: { ...BOTH, NO_PROXY: '.c.example' } }, 'http://plain:1'],
  ['c.example', undefined, { env: { ...BOTH, NO_PROXY: '*.c.example' } }, 'http://plain:1'],
  ['c.example', undefined, { env: BOTH, noProxy: ['.c.example'] }, undefined],
  ['c.example', undefined, { env: { ...BOTH, NO_PROXY: 'x c.example' } }, 'http://plain:1'],
  ['c.example:1', undefined, { env: { ...BOTH, NO_PROXY: ':1' } }, 'http://plain:1'],
  ['10.1.2.3:8500', undefined, { env: { ...BOTH, NO_PROXY: '10.1.2.3:8500' } }, undefined],
  ['10.1.2.3:8500', undefined, { env: { ...BOTH, NO_PROXY: '10.1.2.3:80' } }, 'http://plain:1'],
  ['[fd00::1]:8500', undefined, { env: { ...BOTH, NO_PROXY: 'fd00:0::1' } }, undefined],
  ['[fd00::1]:8500', undefined, { env: { ...BOTH, NO_PROXY: '[fd00::1]:8500' } }, undefined],
  ['[::ffff:127.0.0.1]:8500', undefined, { env: BOTH }, undefined],
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

  test('has no password in its label', () => {
    const proxy = chooseProxy(parseAddress('c.example'), undefined, {
      url: 'http://me:secret@p:3128',
      env: {},
    });
    assert.match(proxy?.url ?? '', /me:secret/);
    assert.equal(proxy?.label, 'http://p:3128');
  });

  test("gets the header from VS Code's settings, unless it is the connection's own proxy", () => {
    const settings = { url: 'http://editor:3', authorization: 'Basic abc', env: {} };
    const endpoint = parseAddress('c.example');
    assert.equal(chooseProxy(endpoint, undefined, settings)?.authorization, 'Basic abc');
    assert.equal(chooseProxy(endpoint, 'http://own:4', settings)?.authorization, undefined);
    assert.equal(chooseProxy(endpoint, 'editor:3', settings)?.authorization, 'Basic abc');
  });

  test('of a connection gets the password of the same proxy in settings', () => {
    const endpoint = parseAddress('127.0.0.1');
    const settings = { url: 'http://me:secret@editor:3', env: {} };
    assert.equal(chooseProxy(endpoint, 'editor:3', settings)?.url, 'http://me:secret@editor:3/');
    for (const other of ['http://own:3', 'http://editor:4', 'https://editor:3']) {
      assert.doesNotMatch(chooseProxy(endpoint, other, settings)?.url ?? '', /secret/);
    }
    assert.equal(chooseProxy(endpoint, 'own:4', { ...settings, url: ':' })?.url, 'http://own:4/');
  });

  test('that rejects the password is reported with the setting that contains it', () => {
    const endpoint = parseAddress('c.example');
    const said = (settings: ProxySettings) => {
      const proxy = chooseProxy(endpoint, undefined, settings);
      assert.ok(proxy);
      return new ProxyError(proxy, endpoint.label, '407').message;
    };
    const rejected = 'Proxy http://p:1 rejected the user name or password in';
    assert.equal(
      said({ env: { HTTP_PROXY: 'p:1' } }),
      'Proxy http://p:1 requires a user name and password. Set them in "HTTP_PROXY".',
    );
    const own = chooseProxy(endpoint, 'p:1', { env: {} });
    assert.ok(own);
    assert.match(new ProxyError(own, '', '407').message, /Set them in "http\.proxy"\.$/);
    assert.equal(
      said({ url: 'http://me:secret@p:1', env: {} }),
      `${rejected} "http.proxy". Correct them.`,
    );
    assert.equal(
      said({ url: 'p:1', authorization: 'Basic abc', env: {} }),
      `${rejected} "http.proxyAuthorization". Correct them.`,
    );
  });

  /** A value of HTTP_PROXY, and the expected message. */
  const refused: [string, RegExp][] = [
    ['socks5://me:secret@p:1', /^"HTTP_PROXY" is a SOCKS proxy, which isn't supported\./],
    ['socks://p:1', /^"HTTP_PROXY" is a SOCKS proxy/],
    ['http://me:secret%@p:1', /^The user name or password in "HTTP_PROXY" contains a bare %/],
    ['ftp://p:1', /^"HTTP_PROXY" is not a valid proxy address/],
    [
      'http://me:secret@010.0.0.5:3128',
      /^"HTTP_PROXY" is not a valid address: 010\.0\.0\.5 has a leading zero, .* Use 10\.0\.0\.5\.$/,
    ],
    ['127.1:3128', /^"HTTP_PROXY" is not a valid address: an IPv4 address needs four/],
  ];
  for (const [HTTP_PROXY, sentence] of refused) {
    test(`${HTTP_PROXY} is refused with a reason`, () => {
      assert.throws(
        () => chooseProxy(parseAddress('c.example'), undefined, { env: { HTTP_PROXY } }),
        (error) =>
          error instanceof ConnectionError &&
          sentence.test(error.message) &&
          !error.message.includes('secret'),
      );
    });
  }

  test('from HTTP_PROXY is refused in a CGI program, like in Go', () => {
    const env = { ...HTTP, REQUEST_METHOD: 'GET' };
    assert.throws(
      () => chooseProxy(parseAddress('c.example'), undefined, { env }),
      (error) =>
        error instanceof ConnectionError && error.message.includes('REQUEST_METHOD is set'),
    );
    const excluded = { env: { ...env, NO_PROXY: 'c.example' } };
    assert.equal(chooseProxy(parseAddress('c.example'), undefined, excluded), undefined);
  });

  test('with an unsupported scheme is refused without repeating it', () => {
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
