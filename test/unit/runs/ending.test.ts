import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEvent } from '../../../src/exec/events/runEvent.ts';
import { OutputGrouping } from '../../../src/runs/grouping/outputGrouping.ts';
import { Ledger } from '../../../src/runs/model/ledger.ts';
import { statusOf } from '../../../src/runs/model/nodeStatus.ts';
import {
  describeState,
  describeTimelessState,
  summarize,
} from '../../../src/runs/text/stateText.ts';

const started: RunEvent = {
  kind: 'started',
  at: 1000,
  sessions: [{ datacenter: 'dc1', session: 's' }],
  prefix: '_rexec',
  heartbeatMs: 2000,
  targets: ['a', 'b'],
  fences: true,
};
const acknowledged: RunEvent = { kind: 'acknowledged', at: 1200, node: 'a' };
const ended: RunEvent = {
  kind: 'ended',
  at: 13_000,
  node: 'a',
  outcome: 'ended',
  signal: 'SIGTERM',
};
const exited = (code: number): RunEvent => ({ kind: 'exited', at: 13_000, node: 'a', code });
const lost: RunEvent = { kind: 'lost', at: 9000, node: 'a' };

function fold(...events: RunEvent[]): Ledger {
  const ledger = new Ledger();
  for (const event of [started, acknowledged, ...events]) ledger.apply(event);
  return ledger;
}

function words(ledger: Ledger): string {
  return describeState(ledger.get('a')!, ledger.end, 13_000);
}

test('an exit that a signal of End caused is not a failure of its own, in either order', () => {
  for (const events of [
    [ended, exited(-1)],
    [exited(-1), ended],
    [exited(143), ended],
  ]) {
    const ledger = fold(...events);
    assert.equal(words(ledger), 'ended by you (SIGTERM) after 12 s');
    assert.match(summarize(ledger), /1 failed: a \(ended by you \(SIGTERM\)\)/);
    assert.equal(ledger.counts.failed, 1);
  }
  assert.equal(words(fold(exited(-1))), 'killed by a signal after 12 s');
});

test('a job that was ended counts as failed, whatever its code, and also if it was lost', () => {
  const handled = fold(ended, exited(0));
  assert.equal(statusOf(handled.get('a')!), 'failed');
  assert.equal(words(handled), 'ended by you (SIGTERM), exited 0 after 12 s');
  const gone = fold(lost, ended);
  assert.equal(words(gone), 'ended by you (SIGTERM)');
  assert.deepEqual([gone.counts.lost, gone.counts.failed], [0, 1]);
});

test('what came of it is said as long as the job may be at work', () => {
  const refused: RunEvent = { kind: 'ended', at: 9500, node: 'a', outcome: 'refused' };
  const ledger = fold(lost, refused);
  assert.match(words(ledger), /may still be running; not ended: no permission$/);
  assert.equal(ledger.counts.lost, 1);
  ledger.apply(exited(3));
  assert.equal(words(ledger), 'exited 3 after 12 s');
  const over = fold(lost, { kind: 'ended', at: 9500, node: 'a', outcome: 'over' });
  assert.equal(words(over), 'over, exit code not known');
  assert.equal(describeTimelessState(over.get('a')!, 'complete'), words(over));
});

test('that a job was ended stays true when it is not found later', () => {
  const ledger = fold(lost, ended, { kind: 'ended', at: 20_000, node: 'a', outcome: 'missing' });
  assert.equal(ledger.get('a')?.ending?.outcome, 'ended');
});

test('a node of which nothing is known is not made up', () => {
  const ledger = fold({ kind: 'ended', at: 2000, node: 'stranger', outcome: 'over' });
  assert.equal(ledger.get('stranger'), undefined);
});

test('nodes that were ended are a group of their own', () => {
  const ledger = fold(exited(-1), ended);
  ledger.apply({ kind: 'exited', at: 13_000, node: 'b', code: -1 });
  const groups = new OutputGrouping().groups(ledger);
  assert.deepEqual(
    groups.map(({ nodes, ending }) => [nodes, ending?.outcome]),
    [
      [['a'], 'ended'],
      [['b'], undefined],
    ],
  );
});

test('a node began the job between the announcement of its attempt and its acknowledgment', () => {
  const ledger = fold();
  assert.deepEqual(ledger.attempts.beganBetween('a'), { earliest: 1000, latest: 1200 });
  assert.equal(ledger.attempts.beganBetween('b'), undefined);
  ledger.apply({ kind: 'attempted', at: 4000, attempt: 2, session: 't', nodes: ['b'] });
  ledger.apply({ kind: 'acknowledged', at: 4300, node: 'b', attempt: 2 });
  assert.deepEqual(ledger.attempts.beganBetween('b'), { earliest: 4000, latest: 4300 });
  assert.deepEqual(ledger.copy().attempts.beganBetween('b'), { earliest: 4000, latest: 4300 });
});
