import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Completion } from '../../../src/exec/run/completion.ts';

function begin(targets: readonly string[] | undefined): Completion {
  return new Completion({
    targets,
    quietMs: 2000,
    overdueAfterMs: 2000,
    heartbeatMs: 2000,
    now: 0,
  });
}

test('is over the moment the last target exits', () => {
  const run = begin(['a', 'b']);
  run.heard('a', 10);
  run.exited('a', 20);
  assert.equal(run.check(20).end, undefined);
  run.exited('b', 30);
  assert.equal(run.check(30).end, 'complete');
});

test('is over at once also when an answer was never seen but as an exit', () => {
  const run = begin(['a']);
  run.exited('a', 5);
  assert.equal(run.check(5).end, 'complete');
});

test('a target that does not acknowledge is overdue, and the run ends once it is given up', () => {
  const run = begin(['a', 'b']);
  run.exited('a', 100);
  assert.deepEqual(run.check(100), { lost: [], overdue: [], end: undefined, wakeAt: 2100 });
  assert.deepEqual(run.check(2099).overdue, []);
  const verdict = run.check(2100);
  assert.deepEqual(verdict.overdue, ['b']);
  assert.equal(verdict.end, undefined);
  run.giveUp(verdict.overdue);
  assert.equal(run.check(2100).end, 'quiet');
});

test('a further announcement gives the missing targets their time once more', () => {
  const run = begin(['a']);
  assert.deepEqual(run.check(2000).overdue, ['a']);
  run.announced(2000, 500);
  assert.deepEqual(run.check(2499), { lost: [], overdue: [], end: undefined, wakeAt: 2500 });
  assert.deepEqual(run.check(2500).overdue, ['a']);
  run.heard('a', 2600);
  run.exited('a', 2700);
  assert.equal(run.check(2700).end, 'complete');
});

test('a target that is given up and responds after all is waited for', () => {
  const run = begin(['a', 'b']);
  run.exited('a', 10);
  run.giveUp(['b']);
  run.heard('b', 20);
  assert.equal(run.check(20).end, undefined);
  run.exited('b', 30);
  assert.equal(run.check(30).end, 'quiet');
});

test('without known targets it is never complete, only quiet', () => {
  for (const targets of [undefined, []]) {
    const run = begin(targets);
    run.exited('a', 100);
    assert.equal(run.check(2099).end, undefined);
    assert.equal(run.check(2100).end, 'quiet');
  }
});

test('a quiet node at work is waited for, and is lost in the end', () => {
  const run = begin(['a', 'b']);
  run.heard('a', 100);
  assert.deepEqual(run.check(5000).overdue, ['b']);
  run.giveUp(['b']);
  assert.deepEqual(run.check(5000), { lost: [], overdue: [], end: undefined, wakeAt: 6100 });
  assert.deepEqual(run.check(6100).lost, ['a']);
  assert.equal(run.check(6100).end, 'quiet');
});

test('nodes at work do not delay those that are overdue', () => {
  const run = begin(['a', 'b']);
  for (let now = 100; now <= 2100; now += 500) run.heard('a', now);
  assert.deepEqual(run.check(2099).overdue, []);
  assert.deepEqual(run.check(2100).overdue, ['b']);
});

test('heartbeats keep a node from being lost', () => {
  const run = begin(['a']);
  for (let now = 0; now < 60_000; now += 5000) {
    run.heard('a', now);
    assert.deepEqual(run.check(now + 4999).lost, []);
  }
});

test('a run whose targets are all lost or exited is complete', () => {
  const run = begin(['a', 'b']);
  run.heard('a', 0);
  run.exited('b', 10);
  assert.deepEqual(run.check(6000), { lost: ['a'], overdue: [], end: 'complete', wakeAt: 6000 });
});

test('a lost node that is heard again is waited for again, and lost again', () => {
  const run = begin(['a', 'b']);
  run.heard('a', 0);
  run.heard('b', 5900);
  assert.deepEqual(run.check(6000).lost, ['a']);
  run.heard('a', 7000);
  assert.equal(run.check(7000).end, undefined);
  run.exited('b', 7100);
  assert.equal(run.check(12_999).end, undefined);
  assert.deepEqual(run.check(13_000), {
    lost: ['a'],
    overdue: [],
    end: 'complete',
    wakeAt: 13_000,
  });
});

test('waits for nodes at work that are not targets', () => {
  const run = begin(['a']);
  run.heard('stranger', 0);
  run.exited('a', 10);
  assert.equal(run.check(10).end, undefined);
  run.exited('stranger', 20);
  assert.equal(run.check(20).end, 'complete');
});

test('an outage of the servers counts against no node', () => {
  const run = begin(['a', 'b']);
  run.heard('a', 1000);
  run.excuse(100_000, 101_500);
  assert.deepEqual(run.check(101_500), {
    lost: [],
    overdue: [],
    end: undefined,
    wakeAt: 103_000,
  });
  assert.deepEqual(run.check(103_000).overdue, ['b']);
  run.giveUp(['b']);
  assert.deepEqual(run.check(106_999).lost, []);
  assert.deepEqual(run.check(107_000).lost, ['a']);
});

test('an excuse never reaches into the future', () => {
  const run = begin(undefined);
  run.excuse(1e9, 500);
  assert.equal(run.check(500).wakeAt, 2500);
});

test('every run ends, and checking at the given times is enough to notice', () => {
  const sign = fc.record({
    node: fc.constantFrom('a', 'b', 'c', 'stranger'),
    kind: fc.constantFrom('heard', 'exited'),
    after: fc.nat(4000),
  });
  fc.assert(
    fc.property(fc.array(sign), fc.subarray(['a', 'b', 'c']), (signs, targets) => {
      const run = begin(targets);
      let now = 0;
      for (const { node, kind, after } of signs) {
        now += after;
        if (kind === 'heard') run.heard(node, now);
        else run.exited(node, now);
        run.check(now);
      }
      for (let asked = 0; asked < 10; asked++) {
        const { end, overdue, wakeAt } = run.check(now);
        if (end) return;
        if (overdue.length > 0) {
          run.giveUp(overdue);
          continue;
        }
        assert.ok(Number.isFinite(wakeAt) && wakeAt > now);
        now = wakeAt;
      }
      assert.fail('it does not end');
    }),
    { numRuns: 1000 },
  );
});

test('a node that has exited is not at work again, whatever it writes after that', () => {
  const run = begin(['a']);
  run.exited('a', 20);
  run.heard('a', 30);
  assert.deepEqual(run.check(30), { lost: [], overdue: [], end: 'complete', wakeAt: 30 });
});
