import assert from 'node:assert/strict';
import { test } from 'node:test';
import { raftWrites } from '../../../src/exec/protocol/raftWrites.ts';

test('a run writes three keys per node at least, and heartbeats as seldom as the fleet is large', () => {
  assert.deepEqual(raftWrites(12, 2000), {
    atLeast: 40,
    heartbeats: 12,
    periodMs: 2000,
    noResponse: 45,
  });
  assert.deepEqual(raftWrites(1000, 2000), {
    atLeast: 3004,
    heartbeats: 1000,
    periodMs: 15_000,
    noResponse: 3009,
  });
});
