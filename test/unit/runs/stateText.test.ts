import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEnd, RunEvent } from '../../../src/exec/events/runEvent.ts';
import { Ledger } from '../../../src/runs/model/ledger.ts';
import type { NodeResult } from '../../../src/runs/model/nodeStatus.ts';
import {
  describeDuration,
  describeExit,
  describeProgress,
  describeState,
  summarize,
} from '../../../src/runs/text/stateText.ts';

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

test('exit codes are described where the number is not enough', () => {
  assert.equal(describeExit({ code: 0 }), 'exited 0');
  assert.equal(describeExit({ code: 127 }), 'exited 127');
  assert.equal(describeExit({ code: -1 }), 'killed by a signal');
  assert.equal(describeExit({ code: 255 }), 'exited 255');
});

const NODE: NodeResult = { node: 'a', state: 'expected', unexpected: false, since: 1000, bytes: 0 };

const STATES: readonly [Partial<NodeResult>, RunEnd | undefined, string][] = [
  [{}, undefined, 'waiting for acknowledgment'],
  [{ awaited: true }, undefined, 'waiting for its agent to return'],
  [{ state: 'acknowledged' }, undefined, 'acknowledged'],
  [{ state: 'running', lastSign: 8000 }, undefined, 'running, last heard 3.0 s ago'],
  [{ state: 'exited', code: 0, exitedAt: 1400 }, 'complete', 'exited 0 after 0.4 s'],
  [
    { state: 'exited', code: 0, exitedAt: 1400, missingChunks: 2 },
    'complete',
    'exited 0 after 0.4 s, output incomplete',
  ],
  [{ state: 'exited', code: -1, exitedAt: 6000 }, 'complete', 'killed by a signal after 5.0 s'],
  [{ state: 'noResponse' }, 'quiet', 'no response'],
  [{ state: 'noResponse' }, 'stopped', 'stopped before it began'],
  [{ state: 'unknown' }, 'sessionLost', 'not known whether it ran'],
  [{ state: 'lost', lastSign: 1000 }, 'complete', 'lost contact 10 s ago; may still be running'],
  [
    { state: 'cut', bytes: 10 * 1024 * 1024 },
    'complete',
    'output cut at 10 MB; its exit code is not known',
  ],
  [{ state: 'cut', bytes: 262_144 }, undefined, 'output cut at 256 KB; its exit code is not known'],
  [
    { state: 'lost', lastSign: 1000 },
    'stopped',
    'may still be running; last heard 10 s ago, before the stop',
  ],
];

for (const [over, end, words] of STATES) {
  test(`says "${words}"`, () => {
    assert.equal(describeState({ ...NODE, ...over }, end, 11_000), words);
  });
}

test('a node that was not a target is described as such', () => {
  const words = describeState({ ...NODE, state: 'acknowledged', unexpected: true }, undefined, 0);
  assert.equal(words, 'acknowledged; responded without being a target');
});

function ledgerOf(targets: readonly string[], events: readonly RunEvent[]): Ledger {
  const ledger = new Ledger();
  ledger.apply({
    kind: 'started',
    at: 0,
    sessions: [{ datacenter: 'dc1', session: 's' }],
    prefix: 'p',
    heartbeatMs: 2000,
    targets,
  });
  for (const event of events) ledger.apply(event);
  return ledger;
}

const EVENTS: readonly RunEvent[] = [
  { kind: 'exited', at: 1, node: 'a', code: 0 },
  { kind: 'exited', at: 1, node: 'b', code: 2 },
  { kind: 'acknowledged', at: 1, node: 'c' },
];

test('progress begins with the nodes that need attention', () => {
  const ledger = ledgerOf(['a', 'b', 'c', 'd'], EVENTS);
  assert.equal(describeProgress(ledger), '1 failed · 2 of 4 done · 1 running · 1 waiting');
});

test('the summary has the counts first and then the names for each count', () => {
  const ledger = ledgerOf(
    ['a', 'b', 'c', 'd'],
    [
      ...EVENTS,
      { kind: 'exited', at: 2, node: 'e\u202e', code: -1 },
      { kind: 'finished', at: 9, end: 'quiet' },
    ],
  );
  assert.deepEqual(summarize(ledger).split('\n'), [
    '2 failed · 1 lost · 1 no response · 1 ok',
    '2 failed: b (exited 2), e\ufffd (killed by a signal)',
    '1 lost: c',
    '1 no response: d',
    '1 ok: a',
    'responded without being a target: e\ufffd',
  ]);
});

test('a run without a response says so', () => {
  const ledger = ledgerOf(['a', 'b'], [{ kind: 'finished', at: 9, end: 'quiet' }]);
  assert.equal(describeProgress(ledger), 'no response from any node · 2 no response');
  assert.equal(ledger.succeeded, false);
});

for (const [end, words] of [
  ['stopped', "stopped · 1 didn't begin"],
  ['sessionLost', 'session lost · 1 not known'],
  ['unreachable', 'lost contact with Consul · 1 not known'],
] as const) {
  test(`a run of version 1 that ended as ${end} says "${words}"`, () => {
    const ledger = ledgerOf(['a'], [{ kind: 'finished', at: 9, end }]);
    assert.equal(describeProgress(ledger), words);
  });
}
