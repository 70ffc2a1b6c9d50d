import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunEnd } from '../../../src/exec/runEvent.ts';
import { answersOf, nodeHistory } from '../../../src/runs/nodeHistory.ts';
import { announcementsIn, Run, type RunInfo } from '../../../src/runs/run.ts';
import { sampleInfo, started, T0 } from './sampleRun.ts';

const HERE = { connection: 'staging', datacenter: 'dc1' };

/** A run whose end came when just these had acknowledged. */
function run(info: Partial<RunInfo>, acknowledged: readonly string[], end?: RunEnd): Run {
  const one = new Run(sampleInfo(info));
  one.apply(started(one.info.targets));
  for (const node of acknowledged) one.apply({ kind: 'acknowledged', at: T0 + 10, node });
  if (end) one.apply({ kind: 'finished', at: T0 + 9000, end });
  return one;
}

function historyOf(place: typeof HERE, ...runs: Run[]): Record<string, string> {
  const answers = runs.flatMap((one) => answersOf(one) ?? []);
  return Object.fromEntries(
    [...nodeHistory(answers, place)].map(([name, { asked, answered }]) => [
      name,
      `${answered} of ${asked}`,
    ]),
  );
}

describe('how often nodes answered', () => {
  const targets = ['a', 'b'];

  test('is counted over runs that are over', () => {
    const told = historyOf(
      HERE,
      run({ targets }, ['a'], 'quiet'),
      run({ targets }, ['a', 'b'], 'complete'),
      run({ targets }, ['a']),
    );
    assert.deepEqual(told, { a: '2 of 2', b: '1 of 2' });
  });

  for (const end of ['stopped', 'sessionLost', 'unreachable'] as const) {
    test(`silence does not count where the run ended ${end}, answers do`, () => {
      assert.deepEqual(historyOf(HERE, run({ targets }, ['a'], end)), { a: '1 of 1' });
    });
  }

  test('another connection or datacenter has nodes of its own', () => {
    const elsewhere = [
      run({ targets, connection: 'production' }, [], 'quiet'),
      run({ targets, datacenter: 'dc2' }, [], 'quiet'),
    ];
    assert.deepEqual(historyOf(HERE, ...elsewhere), {});
  });

  test('a run over several datacenters counts for the nodes of each', () => {
    const both = run(
      { targets: ['a@dc1', 'a@dc2', 'b@x@dc1'], datacenter: 'dc1, dc2' },
      ['a@dc1'],
      'quiet',
    );
    assert.deepEqual(historyOf(HERE, both, run({ targets }, ['a'], 'quiet')), {
      a: '2 of 2',
      b: '0 of 1',
      'b@x': '0 of 1',
    });
    assert.deepEqual(historyOf({ ...HERE, datacenter: 'dc2' }, both), { a: '0 of 1' });
  });
});

describe('what a datacenter was told', () => {
  const announcements = [{ node: '^a$' }, {}];

  test('is all of it, for one datacenter', () => {
    assert.deepEqual(announcementsIn(sampleInfo({ announcements }), 'dc1'), announcements);
  });

  test('is its own part, for several; unknown when that was not kept', () => {
    const info = sampleInfo({ announcements, datacenter: 'dc1, dc2' });
    assert.equal(announcementsIn(info, 'dc2'), undefined);
    const parts = { dc1: [{ node: '^a$' }], dc2: [{}] };
    assert.deepEqual(announcementsIn({ ...info, announcementsIn: parts }, 'dc2'), [{}]);
  });
});
