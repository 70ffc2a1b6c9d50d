import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RunEnd, RunEvent } from '../../../src/exec/runEvent.ts';
import { Ledger } from '../../../src/runs/ledger.ts';
import { STANDINGS, standingOf } from '../../../src/runs/nodeResult.ts';

const TARGETS = ['a', 'b', 'c', 'job', 'x/ack'];
const NAMES = [...TARGETS, 'stranger', 'ünïcode'];

const occurrence = fc.oneof(
  fc.record({
    kind: fc.constantFrom('acknowledged', 'heartbeat', 'lost'),
    node: fc.constantFrom(...NAMES),
  }),
  fc.record({
    kind: fc.constant('output'),
    node: fc.constantFrom(...NAMES),
    bytes: fc.uint8Array({ maxLength: 20 }),
  }),
  fc.record({
    kind: fc.constant('exited'),
    node: fc.constantFrom(...NAMES),
    code: fc.constantFrom(0, 0, 1, 127, -1, 255),
  }),
  fc.record({ kind: fc.constant('warning'), text: fc.string() }),
);
const ENDS: readonly RunEnd[] = ['complete', 'quiet', 'stopped', 'sessionLost', 'unreachable'];
const schedules = fc
  .tuple(
    fc.subarray(TARGETS),
    fc.array(occurrence, { maxLength: 60 }),
    fc.option(fc.constantFrom(...ENDS), { nil: undefined }),
  )
  .map(([targets, middle, end]): RunEvent[] => [
    { kind: 'started', at: 0, session: 's', prefix: '_rexec', heartbeatMs: 2000, targets },
    ...middle.map((event, i) => ({ ...event, at: 10 * (i + 1) })),
    ...(end ? [{ kind: 'finished', at: 10_000, end } as const] : []),
  ]);

function fold(events: readonly RunEvent[]): Ledger {
  const ledger = new Ledger();
  for (const event of events) ledger.apply(event);
  return ledger;
}

test('accounts for every node exactly once, whatever happens in whatever order', () => {
  fc.assert(
    fc.property(schedules, (events) => {
      const ledger = new Ledger();
      const known = new Set<string>();
      for (const event of events) {
        const changed = ledger.apply(event);
        if (event.kind === 'started') for (const node of event.targets) known.add(node);
        if ('node' in event) {
          known.add(event.node);
          assert.equal(changed?.node, event.node);
        }
        const nodes = [...ledger.nodes];
        assert.deepEqual(new Set(nodes.map(({ node }) => node)), known);
        assert.equal(nodes.length, known.size);
        assert.equal(ledger.size, known.size);
        for (const standing of STANDINGS) {
          const count = nodes.filter((result) => standingOf(result) === standing).length;
          assert.equal(ledger.counts[standing], count, standing);
        }
        assert.equal(ledger.unexpected, nodes.filter(({ unexpected }) => unexpected).length);
      }
    }),
    { numRuns: 1500 },
  );
});

test('the first exit of a node is final, and its output is counted up to it', () => {
  fc.assert(
    fc.property(schedules, (events) => {
      const ledger = fold(events);
      for (const result of ledger.nodes) {
        const own = events.filter((event) => 'node' in event && event.node === result.node);
        const exit = own.findIndex(({ kind }) => kind === 'exited');
        const until = exit < 0 ? own : own.slice(0, exit);
        const bytes = until.reduce((sum, e) => sum + (e.kind === 'output' ? e.bytes.length : 0), 0);
        assert.equal(result.bytes, bytes);
        const first = own[exit];
        assert.equal(result.state === 'exited', first !== undefined);
        if (first?.kind === 'exited') {
          assert.equal(result.code, first.code);
          assert.equal(result.exitedAt, first.at);
        }
      }
    }),
    { numRuns: 1000 },
  );
});

test('the same events give the same ledger', () => {
  fc.assert(
    fc.property(schedules, (events) => {
      const snapshot = (ledger: Ledger) => [
        [...ledger.nodes],
        ledger.counts,
        ledger.unexpected,
        ledger.warnings,
        ledger.end,
        ledger.succeeded,
      ];
      assert.deepEqual(snapshot(fold(events)), snapshot(fold(events)));
    }),
  );
});

test('at the end nobody is waited for or running: silent, lost or exited', () => {
  fc.assert(
    fc.property(schedules, (events) => {
      const ledger = fold(events);
      if (ledger.end === undefined) return;
      assert.equal(ledger.counts.waiting + ledger.counts.running, 0);
      for (const { node, state } of ledger.nodes) {
        const heard = events.some(
          (event) => 'node' in event && event.node === node && event.kind !== 'lost',
        );
        if (!heard) assert.notEqual(state, 'exited');
        if (heard) assert.notEqual(state, 'silent');
      }
    }),
  );
});

test('success is every node having exited 0, and at least one', () => {
  fc.assert(
    fc.property(schedules, (events) => {
      const ledger = fold(events);
      const nodes = [...ledger.nodes];
      const good =
        ledger.end !== undefined && nodes.length > 0 && nodes.every(({ code }) => code === 0);
      assert.equal(ledger.succeeded, good);
    }),
  );
});

test('who answers without being a target is marked as such, and stays so', () => {
  const ledger = fold([
    { kind: 'started', at: 5, session: 's', prefix: 'p', heartbeatMs: 1000, targets: ['a'] },
    { kind: 'acknowledged', at: 6, node: 'b' },
    { kind: 'exited', at: 7, node: 'b', code: 0 },
  ]);
  assert.deepEqual(ledger.get('b'), {
    node: 'b',
    state: 'exited',
    unexpected: true,
    since: 5,
    lastSign: 7,
    exitedAt: 7,
    code: 0,
    bytes: 0,
  });
  assert.equal(ledger.get('a')?.state, 'expected');
});

test('a lost node that is heard again is running again', () => {
  const ledger = fold([
    { kind: 'started', at: 0, session: 's', prefix: 'p', heartbeatMs: 1000, targets: ['a'] },
    { kind: 'acknowledged', at: 1, node: 'a' },
    { kind: 'lost', at: 2, node: 'a' },
  ]);
  assert.equal(ledger.counts.lost, 1);
  ledger.apply({ kind: 'heartbeat', at: 3, node: 'a' });
  assert.equal(ledger.counts.lost, 0);
  assert.equal(ledger.counts.running, 1);
});
