import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../../src/exec/events/runEvent.ts';
import { AttemptLog } from '../../../src/exec/events/attemptLog.ts';
import { Ledger } from '../../../src/runs/model/ledger.ts';

const started: RunEvent = {
  kind: 'started',
  at: 0,
  sessions: [{ datacenter: 'dc1', session: 's1' }],
  prefix: '_rexec',
  heartbeatMs: 1000,
  targets: ['a', 'b', 'c'],
  fences: true,
};
const attempted = (attempt: number, nodes: string[]): RunEvent => ({
  kind: 'attempted',
  at: attempt,
  attempt,
  session: `s${attempt}`,
  nodes,
});
const fenced = (session: string, ...nodes: string[]): RunEvent => ({
  kind: 'fenced',
  at: 9,
  session,
  nodes,
});
const finished: RunEvent = { kind: 'finished', at: 10, end: 'quiet' };

function ledgerOf(...events: RunEvent[]): Ledger {
  const ledger = new Ledger();
  for (const event of [started, ...events, finished]) ledger.apply(event);
  return ledger;
}

test('a node is fenced when it is kept from every attempt it was meant for', () => {
  const log = new AttemptLog();
  log.apply(started);
  assert.equal(log.isFenced('a'), false);
  for (const event of [attempted(2, ['a']), fenced('s1', 'a')]) log.apply(event);
  assert.equal(log.isFenced('a'), false, 'the second attempt may have been announced');
  log.apply(fenced('s1', 'a'));
  assert.equal(log.isFenced('a'), false, 'a fence that is confirmed is the same fence');
  for (const event of [attempted(3, []), fenced('s2', 'a')]) log.apply(event);
  assert.equal(log.isFenced('a'), true);
  assert.equal(log.attemptsOf('a'), 2);
  assert.equal(log.attemptsOf('b'), 1);
});

test('only a fenced node had no response; any other that did not acknowledge is not known', () => {
  const ledger = ledgerOf(
    { kind: 'acknowledged', at: 1, node: 'a' },
    { kind: 'exited', at: 2, node: 'a', code: 0 },
    attempted(2, []),
    fenced('s1', 'b'),
  );
  assert.equal(ledger.get('b')?.state, 'noResponse');
  assert.equal(ledger.get('c')?.state, 'unknown');
  assert.deepEqual([ledger.counts.noResponse, ledger.counts.unknown], [1, 1]);
});

test('a run of version 1, which had no fences, keeps what it said', () => {
  const ledger = new Ledger();
  for (const event of [{ ...started, fences: undefined }, finished]) ledger.apply(event);
  assert.equal(ledger.counts.noResponse, 3);
});

test('an attempt that was recorded, and perhaps announced, leaves a node unknown', () => {
  const ledger = ledgerOf(attempted(2, ['a']), fenced('s1', 'a'));
  assert.equal(ledger.get('a')?.state, 'unknown');
  assert.equal(ledger.get('a')?.attempts, 2);
});

test('missing output is no success', () => {
  const events: RunEvent[] = ['a', 'b', 'c'].map((node) => ({
    kind: 'exited',
    at: 1,
    node,
    code: 0,
  }));
  assert.ok(ledgerOf(...events).succeeded);
  const ledger = ledgerOf({ kind: 'gap', at: 1, node: 'a', chunks: 2 }, ...events);
  assert.equal(ledger.succeeded, false);
  assert.equal(ledger.incomplete, 1);
  assert.equal(ledger.get('a')?.missingChunks, 2);
});

test('a run that is reopened waits for its nodes again', () => {
  const ledger = ledgerOf(attempted(2, []), fenced('s1', 'a', 'b', 'c'));
  ledger.apply({ kind: 'reopened', at: 20, nodes: ['a'], until: 99 });
  assert.equal(ledger.end, undefined);
  assert.equal(ledger.get('a')?.state, 'expected');
  assert.equal(ledger.get('a')?.awaited, true);
  assert.equal(ledger.get('b')?.state, 'noResponse');
  for (const event of [
    { ...attempted(1, ['a']), session: 's9' } as const,
    fenced('s9', 'a'),
    finished,
  ])
    ledger.apply(event);
  assert.equal(ledger.get('a')?.state, 'noResponse');
});

test('a copy does not follow the run', () => {
  const ledger = new Ledger();
  ledger.apply(started);
  const copy = ledger.copy();
  for (const event of [attempted(2, []), fenced('s1', 'a'), finished]) ledger.apply(event);
  assert.equal(copy.attempts.further.length, 0);
  assert.equal(copy.get('a')?.state, 'expected');
});
