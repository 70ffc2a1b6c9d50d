import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAddress } from '../../../src/consul/address.ts';
import { ConnectionError } from '../../../src/consul/connection/connectionError.ts';
import { chooseProxy, type ProxySettings } from '../../../src/consul/connection/proxy.ts';

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
