import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownSecrets } from '../../../src/consul/connection/knownSecrets.ts';

test('each known secret is hidden, wherever it is', () => {
  const known = new KnownSecrets();
  known.add('6f0a2f0f-3b58', undefined, 'pass$&word');
  assert.equal(
    known.hideIn('a 6f0a2f0f-3b58 b6f0a2f0f-3b58, pass$&word'),
    'a [secret] b[secret], [secret]',
  );
});

test('what is too short to be a secret stays', () => {
  const known = new KnownSecrets();
  known.add('', 'abc');
  assert.equal(known.hideIn('abc def'), 'abc def');
});

test('a secret that contains another is hidden whole', () => {
  const known = new KnownSecrets();
  known.add('hidden-1', 'hidden-1-and-more');
  assert.equal(known.hideIn('hidden-1-and-more'), '[secret]');
});
