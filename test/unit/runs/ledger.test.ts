import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RunEnd, RunEvent } from '../../../src/exec/events/runEvent.ts';
import { Ledger } from '../../../src/runs/model/ledger.ts';
import { STATUSES, statusOf } from '../../../src/runs/model/nodeStatus.ts';

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
  fc.record({
    kind: fc.constant('ended'),
    node: fc.constantFrom(...TARGETS),
    outcome: fc.constantFrom('ended', 'over', 'ambiguous', 'noResponse'),
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
    {
      kind: 'started',
      at: 0,
      sessions: [{ datacenter: 'dc1', session: 's' }],
      prefix: '_rexec',
      heartbeatMs: 2000,
      targets,
    },
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
        // Ending a job says nothing of a node that is not in the run.
        if ('node' in event && (event.kind !== 'ended' || changed !== undefined)) {
          known.add(event.node);
          assert.equal(changed?.node, event.node);
        }
        const nodes = [...ledger.nodes];
        assert.deepEqual(new Set(nodes.map(({ node }) => node)), known);
        assert.equal(nodes.length, known.size);
        assert.equal(ledger.size, known.size);
        for (const status of STATUSES) {
          const count = nodes.filter((result) => statusOf(result) === status).length;
          assert.equal(ledger.counts[status], count, status);
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

test('at the end no node is waiting or running: no response, lost or exited', () => {
  fc.assert(
    fc.property(schedules, (events) => {
      const ledger = fold(events);
      if (ledger.end === undefined) return;
      assert.equal(ledger.counts.waiting + ledger.counts.running, 0);
      for (const { node, state } of ledger.nodes) {
        const heard = events.some(
          (event) =>
            'node' in event &&
            event.node === node &&
            event.kind !== 'lost' &&
            event.kind !== 'ended',
        );
        if (!heard) assert.notEqual(state, 'exited');
        if (heard) assert.notEqual(state, 'noResponse');
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
        ledger.end !== undefined &&
        nodes.length > 0 &&
        nodes.every(({ code, ending }) => code === 0 && ending?.outcome !== 'ended');
      assert.equal(ledger.succeeded, good);
    }),
  );
});

test('a node that responds without being a target is marked, and stays marked', () => {
  const ledger = fold([
    {
      kind: 'started',
      at: 5,
      sessions: [{ datacenter: 'dc1', session: 's' }],
      prefix: 'p',
      heartbeatMs: 1000,
      targets: ['a'],
    },
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

test('with fences, a node did not respond only if it is fenced; otherwise that is unknown', () => {
  const ledger = fold([
    {
      kind: 'started',
      at: 0,
      sessions: [{ datacenter: 'dc1', session: 's' }],
      prefix: 'p',
      heartbeatMs: 1000,
      targets: ['a', 'b'],
      fences: true,
    },
    { kind: 'fenced', at: 1, session: 's', nodes: ['a'] },
    { kind: 'finished', at: 2, end: 'unreachable' },
  ]);
  assert.equal(ledger.get('a')?.state, 'noResponse');
  assert.equal(ledger.get('b')?.state, 'unknown');
  assert.equal(ledger.counts.noResponse, 1);
  assert.equal(ledger.counts.unknown, 1);
});

test('a lost node that is heard again is running again', () => {
  const ledger = fold([
    {
      kind: 'started',
      at: 0,
      sessions: [{ datacenter: 'dc1', session: 's' }],
      prefix: 'p',
      heartbeatMs: 1000,
      targets: ['a'],
    },
    { kind: 'acknowledged', at: 1, node: 'a' },
    { kind: 'lost', at: 2, node: 'a' },
  ]);
  assert.equal(ledger.counts.lost, 1);
  ledger.apply({ kind: 'heartbeat', at: 3, node: 'a' });
  assert.equal(ledger.counts.lost, 0);
  assert.equal(ledger.counts.running, 1);
});

test('a node whose output was cut stays cut, and its exit code is not known', () => {
  const session = 'cap';
  const ledger = fold([
    {
      kind: 'started',
      at: 0,
      sessions: [{ datacenter: 'dc1', session: 's' }],
      prefix: 'p',
      heartbeatMs: 1000,
      targets: ['a'],
    },
    { kind: 'acknowledged', at: 1, node: 'a' },
    { kind: 'output', at: 2, node: 'a', bytes: new Uint8Array(4096) },
    { kind: 'limited', at: 2, session, nodes: ['a'], perNode: 4096, perRun: 0 },
    { kind: 'cut', at: 3, node: 'a', bytes: 4096 },
    { kind: 'exited', at: 4, node: 'a', code: 255 },
    { kind: 'heartbeat', at: 5, node: 'a' },
    { kind: 'finished', at: 6, end: 'complete' },
  ]);
  assert.equal(ledger.get('a')?.state, 'cut');
  assert.equal(ledger.get('a')?.code, undefined);
  assert.equal(ledger.counts.lost, 1);
  assert.equal(ledger.succeeded, false);
  assert.equal(ledger.capSession('dc1'), session);
  assert.equal(ledger.outputLimits?.perNode, 4096);
  assert.equal(ledger.copy().capSession('dc1'), session);
});
