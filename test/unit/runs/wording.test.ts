import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEnd, RunEvent } from '../../../src/exec/runEvent.ts';
import { Ledger } from '../../../src/runs/ledger.ts';
import type { NodeResult } from '../../../src/runs/nodeResult.ts';
import {
  describeDuration,
  describeExit,
  describeProgress,
  describeState,
  summarize,
} from '../../../src/runs/wording.ts';

const DURATIONS: readonly [number, string][] = [
  [-5, '0.0 s'],
  [0, '0.0 s'],
  [400, '0.4 s'],
  [9940, '9.9 s'],
  [9960, '10 s'],
  [59_400, '59 s'],
  [59_600, '1 min 0 s'],
  [185_000, '3 min 5 s'],
  [3_599_600, '1 h 0 min'],
  [7_440_000, '2 h 4 min'],
];

for (const [milliseconds, words] of DURATIONS) {
  test(`${milliseconds} ms are ${words}`, () => {
    assert.equal(describeDuration(milliseconds), words);
  });
}

test('exit codes are told in words where the number does not tell', () => {
  assert.equal(describeExit({ code: 0, bytes: 0 }), 'exited 0');
  assert.equal(describeExit({ code: 127, bytes: 9 }), 'exited 127');
  assert.equal(describeExit({ code: -1, bytes: 9 }), 'killed by a signal');
  assert.equal(describeExit({ code: 255, bytes: 0 }), 'could not start (255)');
  assert.equal(describeExit({ code: 255, bytes: 1 }), 'exited 255');
});

const NODE: NodeResult = { node: 'a', state: 'expected', unexpected: false, since: 1000, bytes: 0 };

const STATES: readonly [Partial<NodeResult>, RunEnd | undefined, string][] = [
  [{}, undefined, 'not acknowledged yet'],
  [{ state: 'acknowledged' }, undefined, 'acknowledged'],
  [{ state: 'running', lastSign: 8000 }, undefined, 'running, last heard 3.0 s ago'],
  [{ state: 'exited', code: 0, exitedAt: 1400 }, 'complete', 'exited 0 after 0.4 s'],
  [{ state: 'exited', code: -1, exitedAt: 6000 }, 'complete', 'killed by a signal after 5.0 s'],
  [{ state: 'silent' }, 'quiet', 'never answered'],
  [{ state: 'silent' }, 'stopped', 'had not acknowledged when stopped'],
  [
    { state: 'silent' },
    'sessionLost',
    'not heard before contact with Consul was lost; it may have run',
  ],
  [{ state: 'lost', lastSign: 1000 }, 'complete', 'lost contact 10 s ago; it may still be running'],
  [
    { state: 'lost', lastSign: 1000 },
    'stopped',
    'may still be running; last heard 10 s ago, before the stop',
  ],
];

for (const [over, end, words] of STATES) {
  test(`says “${words}”`, () => {
    assert.equal(describeState({ ...NODE, ...over }, end, 11_000), words);
  });
}

test('a node that was no target is said to be none', () => {
  const words = describeState({ ...NODE, state: 'acknowledged', unexpected: true }, undefined, 0);
  assert.equal(words, 'acknowledged; answered without being a target');
});

function ledgerOf(targets: readonly string[], events: readonly RunEvent[]): Ledger {
  const ledger = new Ledger();
  ledger.apply({ kind: 'started', at: 0, session: 's', prefix: 'p', heartbeatMs: 2000, targets });
  for (const event of events) ledger.apply(event);
  return ledger;
}

const EVENTS: readonly RunEvent[] = [
  { kind: 'exited', at: 1, node: 'a', code: 0 },
  { kind: 'exited', at: 1, node: 'b', code: 2 },
  { kind: 'acknowledged', at: 1, node: 'c' },
];

test('progress counts who is done, and then what is not well', () => {
  const ledger = ledgerOf(['a', 'b', 'c', 'd'], EVENTS);
  assert.equal(describeProgress(ledger), '2 of 4 done · 1 failed · 1 running · 1 waiting');
});

test('the summary has the counts first and then every name behind them', () => {
  const ledger = ledgerOf(
    ['a', 'b', 'c', 'd'],
    [
      ...EVENTS,
      { kind: 'exited', at: 2, node: 'e\u202e', code: -1 },
      { kind: 'finished', at: 9, end: 'quiet' },
    ],
  );
  assert.deepEqual(summarize(ledger).split('\n'), [
    '1 ok · 2 failed · 1 lost · 1 silent',
    '1 ok: a',
    '2 failed: b (exited 2), e\ufffd (killed by a signal)',
    '1 lost: c',
    '1 silent: d',
    'answered without being a target: e\ufffd',
  ]);
});

test('a run that nobody answered says so', () => {
  const ledger = ledgerOf(['a', 'b'], [{ kind: 'finished', at: 9, end: 'quiet' }]);
  assert.equal(describeProgress(ledger), 'nobody answered · 2 silent');
  assert.equal(ledger.succeeded, false);
});

for (const [end, words] of [
  ['stopped', 'stopped'],
  ['sessionLost', 'session lost'],
  ['unreachable', 'Consul out of reach'],
] as const) {
  test(`a run that ended as ${end} says “${words}”`, () => {
    const ledger = ledgerOf(['a'], [{ kind: 'finished', at: 9, end }]);
    assert.equal(describeProgress(ledger), `${words} · 1 silent`);
  });
}
