import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mergeRuns, type PartEnding } from '../../../src/exec/events/mergeRuns.ts';
import type { RunEnd, RunEvent } from '../../../src/exec/events/runEvent.ts';
import { Ledger } from '../../../src/runs/model/ledger.ts';
import { describeState } from '../../../src/runs/text/stateText.ts';
import { SESSION, started } from '../runs/sampleRun.ts';

async function* ending(end: RunEnd, fenced: string[] = []): AsyncGenerator<RunEvent, void> {
  yield await Promise.resolve({ kind: 'fenced', at: 1, session: SESSION, nodes: fenced } as const);
  yield await Promise.resolve({ kind: 'finished', at: 1, end } as const);
}

async function ledgerOf(events: AsyncIterable<RunEvent>): Promise<Ledger> {
  const ledger = new Ledger();
  const start = started(['a@dc1', 'b@dc2']);
  ledger.apply(start.kind === 'started' ? { ...start, fences: true } : start);
  for await (const event of events) ledger.apply(event);
  return ledger;
}

const words = (ledger: Ledger, node: string) => {
  const result = ledger.get(node);
  assert.ok(result);
  return describeState(result, ledger.end, 2);
};

describe('a run over several datacenters', () => {
  test('ends as its worst part, and says of each node what is true where it is', async () => {
    const runs = [
      { datacenter: 'dc1', events: ending('quiet', ['a']) },
      { datacenter: 'dc2', events: ending('sessionLost') },
    ];
    const ledger = await ledgerOf(mergeRuns(runs, 0));
    assert.equal(ledger.end, 'sessionLost');
    assert.equal(words(ledger, 'a@dc1'), 'no response');
    assert.equal(words(ledger, 'b@dc2'), 'not known whether it ran');
    assert.deepEqual(
      ledger.partEnds.map(({ datacenter, end }) => [datacenter, end]),
      [
        ['dc1', 'quiet'],
        ['dc2', 'sessionLost'],
      ],
    );
  });

  test('counts the parts that had ended before a reload', async () => {
    const before: PartEnding[] = [{ kind: 'partFinished', at: 0, datacenter: 'dc1', end: 'quiet' }];
    const rest = [{ datacenter: 'dc2', events: ending('complete') }];
    assert.equal((await ledgerOf(mergeRuns(rest, 0, before))).end, 'quiet');
    assert.equal((await ledgerOf(mergeRuns([], 0, before))).end, 'quiet');
  });
});
