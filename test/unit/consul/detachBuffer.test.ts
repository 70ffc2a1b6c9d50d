import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detachBuffer } from '../../../src/consul/http/detachBuffer.ts';

test('the memory of a large response is freed at once', () => {
  const answer = Buffer.alloc(200_000);
  detachBuffer(answer);
  assert.equal(answer.length, 0);
});

test('memory that others can share is not freed', () => {
  const pooled = Buffer.from('a few bytes');
  detachBuffer(pooled);
  assert.equal(pooled.toString(), 'a few bytes');
  const large = Buffer.alloc(400_000, 'x');
  const part = large.subarray(0, 200_000);
  detachBuffer(part);
  assert.equal(large.toString('utf8', 0, 3), 'xxx');
});
