import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  describePermission,
  mayHaveDone,
  PermissionError,
  ServerError,
  TooLargeError,
  UnreachableError,
} from '../../../src/consul/errors.ts';
import { minimumTtl } from '../../../src/consul/session.ts';

const RETRIED: readonly [number, string][] = [
  [500, 'No cluster leader'],
  [500, 'rpc error making call: No cluster leader'],
  [500, 'No known Consul servers'],
  [
    500,
    'rpc error getting client: failed to get conn: dial tcp 127.0.0.1:8300: connect: connection refused',
  ],
  [500, 'rpc error making call: EOF'],
  [500, 'leadership lost while committing log'],
  [500, 'node is not the leader'],
  [429, ''],
  [503, 'rate limit exceeded for operation that can only be performed by the leader'],
  [502, '<html>Bad Gateway</html>'],
  [504, ''],
];

for (const [status, text] of RETRIED) {
  test(`a read is tried again after ${status} ${text}`, () => {
    assert.equal(new ServerError(status, text).transient, true);
  });
}

for (const [status, text] of [
  [500, 'Invalid node filter: error parsing regexp'],
  [500, 'rpc error making call: Missing node registration'],
  [400, 'Invalid wait time'],
  [200, 'false'],
] as const) {
  test(`${status} ${text} is final`, () => {
    assert.equal(new ServerError(status, text).transient, false);
  });
}

test('a request whose answer was lost may have been carried out', () => {
  for (const error of [
    new UnreachableError('http://a', 'ECONNRESET', 'x'),
    new UnreachableError('http://a', 'UND_ERR_SOCKET', 'x'),
    new UnreachableError('http://a', 'UND_ERR_HEADERS_TIMEOUT', 'x'),
    new ServerError(502, ''),
    new ServerError(504, ''),
    new ServerError(500, 'rpc error making call: EOF'),
    new ServerError(500, 'rpc error making call: read tcp 1.2.3.4:1->2: i/o timeout'),
  ]) {
    assert.equal(mayHaveDone(error), true, error.message);
  }
});

test('a request that was refused, or never got there, was not', () => {
  for (const error of [
    new UnreachableError('http://a', 'ECONNREFUSED', 'x'),
    new UnreachableError('http://a', 'ENOTFOUND', 'x'),
    new ServerError(429, ''),
    new ServerError(503, ''),
    new ServerError(500, 'No cluster leader'),
    new ServerError(500, 'rpc error making call: Permission denied'),
    new ServerError(500, 'rpc error getting client: failed to get conn: i/o timeout'),
    new TooLargeError('Event payload too large, received 301 bytes, max size: 300 bytes'),
  ]) {
    assert.equal(mayHaveDone(error), false, error.message);
  }
});

test('a refusal names the missing rule, and whether there was a token at all', () => {
  const permission = { resource: 'key', access: 'write', segment: '_rexec/' } as const;
  assert.equal(describePermission(permission), 'key:write on "_rexec/"');
  assert.equal(describePermission({ ...permission, segment: '' }), 'key:write');
  assert.match(new PermissionError(permission, true).message, /your token lacks key:write/);
  assert.match(new PermissionError(permission, false).message, /without a token/);
});

test('reads the limit out of a refusal, if it is there', () => {
  const text = 'Request body(524289 bytes) too large, max size: 524288 bytes. See https://…';
  assert.equal(new TooLargeError(text).limit, 524_288);
  assert.equal(new TooLargeError('too large').limit, undefined);
});

test('reads the least TTL out of the refusal of a shorter one', () => {
  const refusal = (range: string) =>
    new ServerError(500, `Invalid Session TTL '120000000000', must be between [${range}]`);
  assert.equal(minimumTtl(refusal('10s=24h0m0s')), 10);
  assert.equal(minimumTtl(refusal('5m0s=24h0m0s')), 300);
  assert.equal(minimumTtl(refusal('1h30m0s=24h0m0s')), 5400);
  assert.equal(minimumTtl(refusal('')), undefined);
  assert.equal(minimumTtl(new ServerError(500, 'No cluster leader')), undefined);
  assert.equal(minimumTtl(new Error('Invalid Session TTL')), undefined);
});
