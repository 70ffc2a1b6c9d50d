import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunEnd, RunEvent } from '../../../src/exec/events/runEvent.ts';
import {
  exitLine,
  footerLines,
  headerLine,
  nameWidth,
  outputLine,
  stateLine,
} from '../../../src/runs/documents/channelText.ts';
import { Run } from '../../../src/runs/run.ts';

const AT = Date.UTC(2026, 0, 2, 3, 4, 5);

function runOf(targets: readonly string[], events: readonly RunEvent[] = []): Run {
  const run = new Run({
    id: '1',
    job: { kind: 'command', text: 'uptime' },
    title: 'uptime',
    announcements: [{}],
    targets,
    choice: 'any service',
    datacenters: ['dc1'],
    connection: 'here',
    createdAt: AT,
  });
  run.apply({
    kind: 'started',
    at: AT,
    sessions: [{ datacenter: 'dc1', session: 's' }],
    prefix: '_rexec',
    heartbeatMs: 2000,
    targets,
  });
  for (const event of events) run.apply(event);
  return run;
}

const finished = (end: RunEnd, at = AT + 600): RunEvent => ({ kind: 'finished', at, end });

test('the header says what runs where', () => {
  assert.match(headerLine(runOf(['a'])), /^── uptime · 1 node · dc1 · .+ ──$/);
  assert.match(headerLine(runOf(['a', 'b'])), /^── uptime · 2 nodes · dc1 · .+ ──$/);
});

test('lines begin with their node, in a column as wide as the longest name, up to a limit', () => {
  const width = nameWidth(['web-01', 'a']);
  assert.equal(outputLine('a', 'hi', width), 'a      │ hi');
  assert.equal(outputLine('longer-than-that', 'hi', width), 'longer-than-that │ hi');
  assert.equal(nameWidth(['x'.repeat(100)]), 28);
  assert.equal(nameWidth([]), 0);
});

test('neither a name nor a line can write outside of its column', () => {
  assert.equal(outputLine('a\u202eb', 'x\u001b[2Jy', 4), 'a\ufffdb  │ xy');
});

test('an exit and a loss are described', () => {
  const run = runOf(
    ['a', 'b'],
    [
      { kind: 'exited', at: AT + 400, node: 'a', code: 3 },
      { kind: 'acknowledged', at: AT + 400, node: 'b' },
      { kind: 'lost', at: AT + 6400, node: 'b' },
    ],
  );
  assert.equal(exitLine(run.ledger.get('a')!, 2), 'a  ╰ exited 3 after 0.4 s');
  assert.equal(
    stateLine(run.ledger.get('b')!, run, 2, AT + 6400),
    'b  ╰ lost contact 6.0 s ago; may still be running',
  );
});

test('the footer accounts for every node', () => {
  const run = runOf(
    ['a', 'b', 'c'],
    [
      { kind: 'exited', at: AT + 400, node: 'a', code: 0 },
      { kind: 'exited', at: AT + 400, node: 'b', code: 2 },
      finished('quiet'),
    ],
  );
  assert.deepEqual(footerLines(run), [
    '── 1 failed · 1 no response · 1 ok · 0.6 s ──',
    '   1 failed: b (exited 2)',
    '   1 no response: c',
    '   1 ok: a',
  ]);
});

test('that it ran nowhere is said only if every response would have been read', () => {
  const nowhere = (end: RunEnd) =>
    footerLines(runOf(['a'], [finished(end)])).some((line) => line.includes("the job didn't run"));
  assert.equal(nowhere('quiet'), true);
  assert.equal(nowhere('complete'), true);
  assert.equal(nowhere('stopped'), false);
  assert.equal(nowhere('sessionLost'), false);
  assert.equal(nowhere('unreachable'), false);
});
