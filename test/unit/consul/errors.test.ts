import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  BlockedError,
  describePermission,
  mayHaveTakenEffect,
  isRetryable,
  NotConsulError,
  PermissionError,
  ServerError,
  TooLargeError,
  UnknownTokenError,
  UnreachableError,
} from '../../../src/consul/errors/consulErrors.ts';
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
  [500, 'rpc error making call: Raft leader not found in server lookup mapping'],
  [500, 'rpc error making call: Remote DC has no server currently reachable'],
  [500, 'rpc error making call: Not ready to serve consistent reads'],
  [500, 'rpc error making call: i/o deadline reached'],
  [500, 'rpc error making call: unexpected EOF'],
  [429, ''],
  [503, 'rate limit exceeded for operation that can only be performed by the leader'],
  [502, '<html>Bad Gateway</html>'],
  [504, ''],
];

for (const [status, text] of RETRIED) {
  test(`a read is retried after ${status} ${text}`, () => {
    assert.equal(new ServerError(status, text).transient, true);
    assert.equal(isRetryable(new ServerError(status, text)), true);
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
    assert.equal(isRetryable(new ServerError(status, text)), false);
  });
}

test('a request that worked before is retried after any error but a refusal', () => {
  const key = { resource: 'key', access: 'read', segment: '_rexec/' } as const;
  for (const error of [
    new ServerError(500, 'Internal Server Error'),
    new ServerError(520, 'Web server is returning an unknown error'),
    new NotConsulError('http://a', 404, '404 page not found'),
    new NotConsulError('http://a', 500, '<html>'),
    new UnreachableError('http://a', 'ENOTFOUND', 'x'),
  ]) {
    assert.equal(isRetryable(error), true, error.message);
  }
  for (const error of [
    new PermissionError([key], true),
    new UnknownTokenError(),
    new BlockedError('http://a', 'Endpoint is blocked'),
    new TooLargeError(''),
    new ServerError(400, 'Invalid wait time'),
    new Error('a mistake of ours'),
  ]) {
    assert.equal(isRetryable(error), false, error.message);
  }
});

test('a request may have taken effect if its response was lost', () => {
  for (const error of [
    new UnreachableError('http://a', 'ECONNRESET', 'x'),
    new UnreachableError('http://a', 'UND_ERR_SOCKET', 'x'),
    new UnreachableError('http://a', 'UND_ERR_HEADERS_TIMEOUT', 'x'),
    new ServerError(502, ''),
    new ServerError(504, ''),
    new ServerError(500, 'rpc error making call: EOF'),
    new ServerError(500, 'rpc error making call: read tcp 1.2.3.4:1->2: i/o timeout'),
    new ServerError(500, 'rpc error making call: i/o deadline reached'),
    new ServerError(500, 'Internal Server Error'),
    new ServerError(503, ''),
    new ServerError(503, '<html>Service Unavailable</html>'),
    new ServerError(503, 'upstream connect error or disconnect/reset before headers'),
    new NotConsulError('http://a', 500, '<html>'),
  ]) {
    assert.equal(mayHaveTakenEffect(error), true, error.message);
  }
});

test('a request had no effect if it was refused or never sent', () => {
  for (const error of [
    new UnreachableError('http://a', 'ECONNREFUSED', 'x'),
    new UnreachableError('http://a', 'ENOTFOUND', 'x'),
    new ServerError(429, ''),
    new ServerError(429, 'rate limit exceeded, try again later or against a different server'),
    new ServerError(
      503,
      'rate limit exceeded for operation that can only be performed by the leader, try again later',
    ),
    new ServerError(500, 'No cluster leader'),
    new ServerError(500, 'rpc error making call: Permission denied'),
    new ServerError(500, 'rpc error making call: Raft leader not found in server lookup mapping'),
    new ServerError(500, 'Invalid node filter: error parsing regexp'),
    new ServerError(500, 'encoded user event exceeds configured limit of 512 bytes'),
    new ServerError(400, 'no'),
    new NotConsulError('http://a', 404, ''),
    new ServerError(500, 'rpc error getting client: failed to get conn: i/o timeout'),
    new TooLargeError('Event payload too large, received 301 bytes, max size: 300 bytes'),
  ]) {
    assert.equal(mayHaveTakenEffect(error), false, error.message);
  }
});

test('a refusal names the missing rule, and says if there was no token', () => {
  const permission = { resource: 'key', access: 'write', segment: '_rexec/' } as const;
  assert.equal(describePermission(permission), 'key:write on "_rexec/"');
  assert.equal(describePermission({ ...permission, segment: '' }), 'key:write');
  assert.match(new PermissionError([permission], true).message, /your token lacks key:write/);
  assert.match(new PermissionError([permission], false).message, /without a token/);
});

test('finds the limit in a refusal, if it is there', () => {
  const text = 'Request body(524289 bytes) too large, max size: 524288 bytes. See https://…';
  assert.equal(new TooLargeError(text).limit, 524_288);
  assert.equal(new TooLargeError('too large').limit, undefined);
});

test('finds the minimum TTL in the refusal of a shorter one', () => {
  const refusal = (range: string) =>
    new ServerError(500, `Invalid Session TTL '120000000000', must be between [${range}]`);
  assert.equal(minimumTtl(refusal('10s=24h0m0s')), 10);
  assert.equal(minimumTtl(refusal('5m0s=24h0m0s')), 300);
  assert.equal(minimumTtl(refusal('1h30m0s=24h0m0s')), 5400);
  assert.equal(minimumTtl(refusal('')), undefined);
  assert.equal(minimumTtl(new ServerError(500, 'No cluster leader')), undefined);
  assert.equal(minimumTtl(new Error('Invalid Session TTL')), undefined);
});

test('a refusal of several things names them all', () => {
  const event = { resource: 'event', access: 'write', segment: '_rexec' } as const;
  const session = { resource: 'session', access: 'write', segment: 'web-01' } as const;
  assert.equal(
    new PermissionError([event, session], true).message,
    'Consul denied the request: your token lacks event:write on "_rexec", session:write on "web-01". Add these rules to its policy.',
  );
});
