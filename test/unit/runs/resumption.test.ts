import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { RunEvent } from '../../../src/exec/events/runEvent.ts';
import { Resumption } from '../../../src/runs/history/resumption.ts';
import { Run } from '../../../src/runs/run.ts';
import { exited, sampleInfo, started, T0, wrote } from './sampleRun.ts';

const NODES = ['a', 'b', 'c'];

/** All that a node leaves in Consul, which is read again as it was written. */
const life = fc.record({
  chunks: fc.array(fc.uint8Array({ maxLength: 6 }), { maxLength: 5 }),
  code: fc.option(fc.integer({ min: -1, max: 3 })),
  isCut: fc.boolean(),
  answers: fc.boolean(),
});

type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

function eventsOf(node: string, { chunks, code, answers, isCut }: Life): RunEvent[] {
  if (!answers) return [];
  return [
    { kind: 'acknowledged', at: T0 + 1, node },
    ...chunks.map((bytes): RunEvent =>
      bytes.length === 0 ? { kind: 'heartbeat', at: T0 + 2, node } : wrote(node, bytes, T0 + 2),
    ),
    ...(code === null ? [] : [isCut ? cut(node, chunks) : exited(node, code)]),
  ];
}

function cut(node: string, chunks: readonly Uint8Array[]): RunEvent {
  const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
  return { kind: 'cut', at: T0 + 400, node, bytes };
}

describe('a run picked up after a reload', () => {
  test('ends as it would have without one, wherever it was cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(life, life, life),
        fc.nat(40),
        fc.nat(5),
        async (lives, cut, half) => {
          const all = lives.flatMap((each, i) => eventsOf(NODES[i]!, each));
          const finish: RunEvent = { kind: 'finished', at: T0 + 9, end: 'quiet' };
          const whole = new Run(sampleInfo());
          for (const event of [started(NODES), ...all, finish]) whole.apply(event);

          const before = all.slice(0, cut);
          // The cut may go through what was several chunks: any beginning of the output is possible.
          const next = all[cut];
          if (next?.kind === 'output' && half > 0 && half < next.bytes.length) {
            before.push({ ...next, bytes: next.bytes.subarray(0, half) });
          }
          const resumed = new Run(sampleInfo());
          for (const event of [started(NODES), ...before]) resumed.apply(event);
          const resumption = new Resumption(resumed);
          for (const event of [...all, finish]) {
            const news = resumption.newPart(event);
            if (news) resumed.apply(news);
          }
          assert.deepEqual([...resumed.ledger.nodes], [...whole.ledger.nodes]);
          assert.deepEqual(
            resumed.groupings.exact.groups(resumed.ledger),
            whole.groupings.exact.groups(whole.ledger),
          );
          for (const node of NODES) {
            assert.deepEqual(
              Buffer.from(await resumed.output.read(node)),
              Buffer.from(await whole.output.read(node)),
            );
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('takes back that a node was lost when it is heard again', () => {
    const run = new Run(sampleInfo());
    for (const event of [started(['a']), wrote('a', 'x')]) run.apply(event);
    run.apply({ kind: 'lost', at: T0 + 5, node: 'a' });
    const resumption = new Resumption(run);
    for (const event of [wrote('a', 'x'), wrote('a', 'y')]) {
      const news = resumption.newPart(event);
      if (news) run.apply(news);
    }
    assert.equal(run.ledger.get('a')?.state, 'running');
    assert.equal(run.output.size('a'), 2);
  });
});
