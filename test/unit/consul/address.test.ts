import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AddressError, parseAddress } from '../../../src/consul/endpoint/address.ts';

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
  ['bücher.example:8500', { origin: 'http://xn--bcher-kva.example:8500' }],
  ['a_b.example:08500', { origin: 'http://a_b.example:8500' }],
  ['0.0.0.0:8500', { origin: 'http://0.0.0.0:8500' }],
  ['[::ffff:10.0.0.5]:8500', { origin: 'http://[::ffff:a00:5]:8500' }],
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

const IPV4 = 'an IPv4 address needs four decimal numbers from 0 to 255. Example: 10.0.0.5.';
const INCOMPLETE = 'the scheme is incomplete. Use http://, https:// or unix://.';
const SPACE = 'it contains a space. Remove the space.';
const socketAs = (address: string) =>
  `for a Unix socket, use unix:// and an absolute path, as in ${address}.`;
const bracketsAs = (address: string) => `an IPv6 address needs brackets. Example: ${address}.`;
const portNot = (port: string) => `the port must be a number from 1 to 65535, not ${port}.`;

/** Addresses that URL reads as others than Go does, and slips, with the part of the message that names them. */
const SLIPS: readonly [string, string][] = [
  ['010.0.0.5:8500', '010.0.0.5 has a leading zero, which can mean an octal number. Use 10.0.0.5.'],
  [
    'https://10.0.0.08',
    '10.0.0.08 has a leading zero, which can mean an octal number. Use 10.0.0.8.',
  ],
  ['127.1', IPV4],
  ['http://10.5:8500', IPV4],
  ['0x7f000001:8500', IPV4],
  ['0x7f.0.0.1', IPV4],
  ['2130706433', IPV4],
  ['256.0.0.1:8500', IPV4],
  ['10.0.0.5.:8500', IPV4],
  ['1.2.3.4.5', IPV4],
  ['\uff11\uff10.0.0.5:8500', IPV4],
  ['%31%30.0.0.5:8500', 'it contains %. Remove this character.'],
  ['10\u30020.0.5:8500', 'it contains \u3002. Remove this character.'],
  ['con\u00adsul:8500', 'it contains U+00AD. Remove this character.'],
  ['con\u200bsul:8500', 'it contains U+200B. Remove this character.'],
  ['10.0\t.0.5:8500', SPACE],
  ['10.0.0.5 :8500', SPACE],
  ['10.0.0.5: 8500', SPACE],
  ['proxy/my consul', SPACE],
  ['10.0.0.5:8500,', 'it contains ",". Enter a single address.'],
  ['a:8500;b:8500', 'it contains ";". Enter a single address.'],
  ['"10.0.0.5:8500"', 'it contains quotation marks. Remove them.'],
  ['CONSUL_HTTP_ADDR=c:8500', 'it contains =. Remove this character.'],
  ['host\\consul', 'it contains \\. Remove this character.'],
  ['unix:/run/consul.sock', socketAs('unix:///run/consul.sock')],
  ['unix:run/consul.sock', socketAs('unix:///run/consul.sock')],
  ['unix/run/consul.sock', socketAs('unix:///run/consul.sock')],
  ['unix//run/consul.sock', socketAs('unix:///run/consul.sock')],
  ['/run/consul.sock', socketAs('unix:///run/consul.sock')],
  ['htttp:/10.0.0.5:8500', INCOMPLETE],
  ['http:/10.0.0.5:8500', INCOMPLETE],
  ['http//10.0.0.5:8500', INCOMPLETE],
  ['https:10.0.0.5:8501', INCOMPLETE],
  ['http;//10.0.0.5', INCOMPLETE],
  ['http:8500', INCOMPLETE],
  ['//10.0.0.5:8500', INCOMPLETE],
  ['htttp://10.0.0.5', 'htttp:// is not supported. Use http://, https:// or unix://.'],
  ['http://https://c:8501', 'it has two schemes. Remove one of them.'],
  ['::1', bracketsAs('[::1]:8500')],
  ['http://::1:8500', bracketsAs('[::1]:8500')],
  ['fe80::1%eth0', bracketsAs('[fe80::1]:8500')],
  ['fd00::1:2:3:8501', bracketsAs('[fd00::1:2:3]:8501')],
  ['[10.0.0.5]:8500', 'brackets must contain an IPv6 address. Example: [::1]:8500.'],
  ['[fe80::1%eth0]:8500', "IPv6 zones aren't supported. Remove everything from % to the bracket."],
  ['c:0', portNot('0')],
  ['c:65536', portNot('65536')],
  ['c:http', portNot('http')],
  ['c:8500:8501', portNot('8500:8501')],
  ['c:', 'the port after the colon is missing.'],
  ['c:8500/a/../b', 'its path contains "." or "..". Remove these parts.'],
];

for (const [text, slip] of SLIPS) {
  test(`refuses ${JSON.stringify(text)}: ${slip}`, () => {
    assert.throws(
      () => parseAddress(text),
      (error) => {
        assert.ok(error instanceof AddressError);
        assert.equal(error.message, `"${text}" is not a valid address: ${slip}`);
        return true;
      },
    );
  });
}

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
  test(`refuses ${JSON.stringify(text)} with a message`, () => {
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
