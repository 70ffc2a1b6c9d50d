import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { RunEnd } from '../../../src/exec/events/runEvent.ts';
import { responsesOf, nodeHistory } from '../../../src/runs/nodeHistory.ts';
import { announcementsIn, Run, type RunInfo } from '../../../src/runs/run.ts';
import { sampleInfo, started, T0 } from './sampleRun.ts';

const HERE = { connection: 'staging', datacenter: 'dc1' };

/** A run that ended when only these nodes had acknowledged. */
function run(info: Partial<RunInfo>, acknowledged: readonly string[], end?: RunEnd): Run {
  const run = new Run(sampleInfo(info));
  run.apply(started(run.info.targets));
  for (const node of acknowledged) run.apply({ kind: 'acknowledged', at: T0 + 10, node });
  if (end) run.apply({ kind: 'finished', at: T0 + 9000, end });
  return run;
}

function historyOf(location: typeof HERE, ...runs: Run[]): Record<string, string> {
  const responses = runs.flatMap((run) => responsesOf(run) ?? []);
  return Object.fromEntries(
    [...nodeHistory(responses, location)].map(([name, { targeted, responded }]) => [
      name,
      `${responded} of ${targeted}`,
    ]),
  );
}

describe('how often nodes responded', () => {
  const targets = ['a', 'b'];

  test('is counted over finished runs', () => {
    const history = historyOf(
      HERE,
      run({ targets }, ['a'], 'quiet'),
      run({ targets }, ['a', 'b'], 'complete'),
      run({ targets }, ['a']),
    );
    assert.deepEqual(history, { a: '2 of 2', b: '1 of 2' });
  });

  for (const end of ['stopped', 'sessionLost', 'unreachable'] as const) {
    test(`counts responses, but not missing ones, where the run ended ${end}`, () => {
      assert.deepEqual(historyOf(HERE, run({ targets }, ['a'], end)), { a: '1 of 1' });
    });
  }

  test('another connection or datacenter has nodes of its own', () => {
    const elsewhere = [
      run({ targets, connection: 'production' }, [], 'quiet'),
      run({ targets, datacenters: ['dc2'] }, [], 'quiet'),
    ];
    assert.deepEqual(historyOf(HERE, ...elsewhere), {});
  });

  test('a run over several datacenters counts for the nodes of each', () => {
    const both = run(
      { targets: ['a@dc1', 'a@dc2', 'b@x@dc1'], datacenters: ['dc1', 'dc2'] },
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

describe('the announcements that went to a datacenter', () => {
  const announcements = [{ node: '^a$' }, {}];

  test('are all of them, for one datacenter', () => {
    assert.deepEqual(announcementsIn(sampleInfo({ announcements }), 'dc1'), announcements);
  });

  test('are its own part, for several; unknown when that was not saved', () => {
    const info = sampleInfo({ announcements, datacenters: ['dc1', 'dc2'] });
    assert.equal(announcementsIn(info, 'dc2'), undefined);
    const parts = { dc1: [{ node: '^a$' }], dc2: [{}] };
    assert.deepEqual(announcementsIn({ ...info, announcementsIn: parts }, 'dc2'), [{}]);
  });
});
