import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressError, parseAddress } from '../../../src/consul/address.ts';

const GOOD: readonly [string, { origin: string; pathPrefix?: string; socketPath?: string }][] = [
  ['127.0.0.1:8500', { origin: 'http://127.0.0.1:8500' }],
  ['  consul.example:8500\n', { origin: 'http://consul.example:8500' }],
  ['localhost:8500', { origin: 'http://localhost:8500' }],
  ['127.0.0.1', { origin: 'http://127.0.0.1' }],
  ['http://127.0.0.1:8500', { origin: 'http://127.0.0.1:8500' }],
  ['http://127.0.0.1:8500/', { origin: 'http://127.0.0.1:8500' }],
  ['HTTPS://Consul.Example:8501', { origin: 'https://consul.example:8501' }],
  ['https://10.0.0.3', { origin: 'https://10.0.0.3' }],
  ['[::1]:8500', { origin: 'http://[::1]:8500' }],
  ['http://proxy/consul', { origin: 'http://proxy', pathPrefix: '/consul' }],
  ['proxy:80/a/b//', { origin: 'http://proxy', pathPrefix: '/a/b' }],
  [':8500', { origin: 'http://127.0.0.1:8500' }],
  ['https://:8501/x', { origin: 'https://127.0.0.1:8501', pathPrefix: '/x' }],
  ['unix:///run/consul.sock', { origin: 'http://localhost', socketPath: '/run/consul.sock' }],
  ['UNIX:///run/consul.sock', { origin: 'http://localhost', socketPath: '/run/consul.sock' }],
];

const BAD = [
  '',
  '   ',
  'ftp://127.0.0.1:8500',
  'tcp://127.0.0.1:8500',
  'http://',
  'http:///consul',
  'http:/127.0.0.1:8500',
  'http://http://127.0.0.1:8500',
  '/run/consul.sock',
  '//host:8500',
  'unix://run/consul.sock',
  'unix://',
  '127.0.0.1:99999',
  '127.0.0.1:port',
  'two words:8500',
  'http://host:8500?token=abc',
  'http://host:8500/#x',
  '[::1',
];

for (const [text, expected] of GOOD) {
  test(`reads ${JSON.stringify(text)}`, () => {
    const { origin, pathPrefix, socketPath } = parseAddress(text);
    assert.deepEqual(
      { origin, pathPrefix, socketPath },
      { pathPrefix: '', socketPath: undefined, ...expected },
    );
  });
}

for (const text of BAD) {
  test(`refuses ${JSON.stringify(text)}, with a sentence`, () => {
    assert.throws(
      () => parseAddress(text),
      (error) => error instanceof AddressError && error.message.endsWith('.'),
    );
  });
}

for (const text of [
  'http://admin:hunter2@host:8500',
  'admin:hunter2@host:8500',
  'ftp://admin:hunter2@host',
  'http://admin:hunter2@host:99999',
  'ftp://admin:s/hunter2@host',
  'admin:hunter2/x@y@host:99999',
]) {
  test(`refuses ${text} without repeating the password`, () => {
    assert.throws(
      () => parseAddress(text),
      (error) => error instanceof AddressError && !error.message.includes('hunter2'),
    );
  });
}
