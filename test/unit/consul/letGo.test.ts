import assert from 'node:assert/strict';
import { test } from 'node:test';
import { letGo } from '../../../src/consul/letGo.ts';

test('the memory of a large answer is free at once', () => {
  const answer = Buffer.alloc(200_000);
  letGo(answer);
  assert.equal(answer.length, 0);
});

test('what others may share is left alone', () => {
  const pooled = Buffer.from('a few bytes');
  letGo(pooled);
  assert.equal(pooled.toString(), 'a few bytes');
  const large = Buffer.alloc(400_000, 'x');
  const part = large.subarray(0, 200_000);
  letGo(part);
  assert.equal(large.toString('utf8', 0, 3), 'xxx');
});
