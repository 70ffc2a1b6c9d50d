import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerError, UnreachableError } from '../../../src/consul/errors/consulErrors.ts';
import { ReadHealth } from '../../../src/exec/run/readHealth.ts';

const cut = new UnreachableError('http://a', 'UND_ERR_SOCKET', 'other side closed');
const noLeader = new ServerError(500, 'No cluster leader');

test('after a failure the next read does not wait, and a good read ends that', () => {
  const health = new ReadHealth();
  assert.equal(health.waitFor(5000), 5000);
  health.failed(cut, { startedAt: 0, now: 10, waitMs: 5000 }, false);
  assert.equal(health.waitFor(5000), 0);
  health.succeeded();
  assert.equal(health.waitFor(5000), 5000);
});

test('waits are at most 25 s, and shorter than what cut a waiting read', () => {
  const health = new ReadHealth();
  assert.equal(health.waitFor(60_000), 25_000);
  health.failed(cut, { startedAt: 0, now: 10_000, waitMs: 25_000 }, false);
  health.succeeded();
  assert.equal(health.waitFor(60_000), 8000);
  health.failed(cut, { startedAt: 20_000, now: 20_050, waitMs: 8000 }, false);
  health.succeeded();
  assert.equal(health.waitFor(60_000), 8000, 'a read that failed at once was not cut for waiting');
});

test('only the servers’ own outage excuses silence, without the time of the good read', () => {
  const health = new ReadHealth();
  health.failed(cut, { startedAt: 0, now: 4000, waitMs: 0 }, false);
  assert.equal(health.succeeded(), 0);
  health.failed(noLeader, { startedAt: 5000, now: 5100, waitMs: 0 }, false);
  health.failed(noLeader, { startedAt: 6000, now: 6100, waitMs: 0 }, false);
  assert.equal(health.succeeded(), 1100);
  assert.equal(health.succeeded(), 0);
});

test('a sleeping machine does not use up the time in which reading is tried', () => {
  const health = new ReadHealth();
  health.failed(cut, { startedAt: 0, now: 3_600_000, waitMs: 25_000 }, false);
  assert.equal(health.deafMs, 30_000);
});

test('what delivers something is alive: the time begins again', () => {
  const health = new ReadHealth();
  health.failed(cut, { startedAt: 0, now: 20_000, waitMs: 0 }, false);
  health.backOff();
  assert.equal(health.deafMs, 20_000);
  health.failed(cut, { startedAt: 21_000, now: 22_000, waitMs: 0 }, true);
  assert.equal(health.deafMs, 0);
  assert.equal(health.retryMs, 100);
});

test('it warns once, when Consul has not been read for five seconds', () => {
  const health = new ReadHealth();
  health.failed(cut, { startedAt: 0, now: 4000, waitMs: 0 }, false);
  assert.equal(health.shouldWarn(), false);
  health.failed(cut, { startedAt: 5000, now: 6000, waitMs: 0 }, false);
  assert.equal(health.shouldWarn(), true);
  assert.equal(health.shouldWarn(), false);
});
