import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { AddressError } from '../../../src/consul/endpoint/address.ts';
import { BasicAuthError } from '../../../src/consul/errors/basicAuthError.ts';
import { ConnectionError } from '../../../src/consul/connection/connectionError.ts';
import {
  BlockedError,
  NotConsulError,
  ServerError,
  UnknownTokenError,
  UnreachableError,
} from '../../../src/consul/errors/consulErrors.ts';
import { ProxyError } from '../../../src/consul/errors/proxyError.ts';
import { TlsError } from '../../../src/consul/errors/tlsError.ts';
import { FAILURE_CAUSES, failureOf } from '../../../src/editor/connections/connectionFailure.ts';
import { UserError } from '../../../src/editor/base/userError.ts';

const PROXY = { url: 'http://p:1', label: 'http://p:1', from: 'http.proxy', verify: true };

const CASES: [Error, ReturnType<typeof causeOf>][] = [
  [new ConnectionError('fileMissing', 'tls.caFile', 'It is not there.'), 'settings'],
  [new ConnectionError('canceled', 'tokenSource', 'Not given.'), undefined],
  [new AddressError('No address.'), 'settings'],
  [new UserError('It cannot be used.'), 'settings'],
  [new UnreachableError('c:8500', 'ECONNREFUSED', 'refused'), 'unreachable'],
  [new ServerError(500, 'No cluster leader'), 'unreachable'],
  [new NotConsulError('c:8500', 200, '<html>'), 'notConsul'],
  [new UnknownTokenError(), 'token'],
  [new BasicAuthError('c:8500', true), 'password'],
  [new TlsError('expired', 'c:8500', 'CERT_HAS_EXPIRED'), 'tls'],
  [new ProxyError(PROXY, 'c:8500', '407'), 'proxy'],
  [new BlockedError('c:8500', 'Access is restricted'), 'refused'],
  [new TypeError('our own mistake'), undefined],
];

function causeOf(error: Error) {
  return failureOf(error)?.cause;
}

describe('why a connection does not work', () => {
  for (const [error, cause] of CASES) {
    test(`${error.name} (${error.message.slice(0, 40)}) is ${cause ?? 'not a connection failure'}`, () => {
      assert.equal(causeOf(error), cause);
      assert.equal(failureOf(error)?.message, cause && error.message);
    });
  }

  test('has a welcome text for each cause, and each cause has a case here', () => {
    const manifest = readFileSync('package.json', 'utf8');
    for (const cause of FAILURE_CAUSES) {
      assert.ok(manifest.includes(`consulExec.connectionFailure == ${cause}"`), cause);
      assert.ok(CASES.some(([, expected]) => expected === cause));
    }
  });
});
