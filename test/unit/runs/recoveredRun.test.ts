import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RunEvent } from '../../../src/exec/events/runEvent.ts';
import { limitLine } from '../../../src/exec/guard/nodeScripts.ts';
import { noteLimits } from '../../../src/exec/guard/limitNotes.ts';
import { recoverAtEnd } from '../../../src/exec/guard/recoverResults.ts';
import { decodeRecord, encodeRecord, toInfo, toRecord } from '../../../src/runs/history/record.ts';
import { Journal } from '../../../src/runs/journal/journal.ts';
import { readJournal } from '../../../src/runs/journal/journalFormat.ts';
import { missingResults } from '../../../src/runs/model/missingResults.ts';
import { Run, type RunInfo } from '../../../src/runs/run.ts';
import { describeState } from '../../../src/runs/text/stateText.ts';

const info: RunInfo = {
  id: '0f8fad5b-d9cb-469f-a165-70867728950e',
  job: { kind: 'script', text: 'seq 3' },
  guard: { timeLimitSeconds: 2 },
  title: 'seq',
  announcements: [{}],
  targets: ['a', 'b', 'c'],
  choice: '',
  datacenters: ['dc1'],
  connection: 'x',
  createdAt: 1,
};

const output = (node: string, text: string): RunEvent => {
  return { kind: 'output', at: 2, node, bytes: Buffer.from(text) };
};

/** "a" was lost, the agent of "b" failed, "c" is whole. */
const LOST: readonly RunEvent[] = [
  {
    kind: 'started',
    at: 1,
    sessions: [{ datacenter: 'dc1', session: 's' }],
    prefix: '_rexec',
    heartbeatMs: 1000,
    targets: info.targets,
  },
  output('a', '1\n'),
  output('b', '1\n2\n'),
  output('c', '1\n2\n3\n'),
  { kind: 'exited', at: 3, node: 'c', code: 0 },
  { kind: 'exited', at: 3, node: 'b', code: 255 },
  { kind: 'lost', at: 4, node: 'a' },
  { kind: 'finished', at: 5, end: 'complete' },
];

const RECOVERED: readonly RunEvent[] = [
  { kind: 'recovering', at: 6, nodes: ['a', 'b'] },
  output('a', '2\n3\n'),
  { kind: 'recovered', at: 7, node: 'a', result: 'all' },
  { kind: 'exited', at: 7, node: 'a', code: 0 },
  output('b', '3\n'),
  { kind: 'recovered', at: 7, node: 'b', result: 'all' },
  { kind: 'exited', at: 7, node: 'b', code: 0 },
  { kind: 'finished', at: 8, end: 'complete' },
];

test('recovered nodes count, group, and read as if they had never been lost', async () => {
  const run = new Run(info);
  for (const event of LOST) run.apply(event);
  assert.deepEqual(
    [...missingResults(run.ledger)],
    [
      ['b', { bytes: 4, hasGap: false, code: 255 }],
      ['a', { bytes: 2, hasGap: false }],
    ].sort(),
  );
  assert.equal(run.groupings.exact.groups(run.ledger).length, 3);
  for (const event of RECOVERED) {
    run.apply(event);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal(missingResults(run.ledger).size, 0);
  assert.ok(run.ledger.succeeded);
  const groups = run.groupings.exact.groups(run.ledger);
  assert.deepEqual(
    groups.map(({ nodes }) => nodes),
    [['a', 'b', 'c']],
  );
  const states = info.targets.map((node) => {
    const result = run.ledger.get(node);
    return result && describeState(result, 'complete', 9);
  });
  const recovered = 'exited 0, results recovered';
  assert.deepEqual(states, [recovered, recovered, 'exited 0 after 0.0 s']);
});

test('the journal and the record keep what a guard made known', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'recovered-'));
  try {
    const path = join(folder, 'journal');
    const journal = new Journal(path);
    const run = new Run(info, { journal });
    const limited: RunEvent = { kind: 'exited', at: 3, node: 'b', code: 124, limitSeconds: 2 };
    for (const event of [...LOST, ...RECOVERED, limited]) run.apply(event);
    await run.close();
    const again = new Run(info);
    for await (const frame of readJournal(path)) again.restore(frame);
    assert.deepEqual([...again.ledger.nodes], [...run.ledger.nodes]);
    const record = decodeRecord(encodeRecord(toRecord(info)));
    assert.deepEqual(toInfo(record).guard, { timeLimitSeconds: 2 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('only the code and the line of this run together mean a time limit', async () => {
  const line = `${limitLine(info.id, 2)}\n`;
  const cases: readonly [string, number, number | undefined][] = [
    [line, 124, 2],
    [`x\n${line}`, 124, 2],
    [line, 0, undefined],
    [`${line}x\n`, 124, undefined],
    [line.replace('0f8', '1f8'), 124, undefined],
    ['', 124, undefined],
  ];
  for (const [text, code, expected] of cases) {
    const events = async function* (): AsyncGenerator<RunEvent> {
      // In pieces, as chunks can split it anywhere.
      for (const character of text) yield await Promise.resolve(output('a', character));
      yield { kind: 'exited', at: 3, node: 'a', code };
    };
    const noted = await Array.fromAsync(noteLimits(events(), info.id, 2));
    const exit = noted.at(-1);
    assert.equal(exit?.kind === 'exited' ? exit.limitSeconds : 'none', expected, text);
  }
});

test('nothing is fetched for a run that the user stopped, or without Consul', async () => {
  for (const end of ['stopped', 'unreachable'] as const) {
    const events = async function* (): AsyncGenerator<RunEvent> {
      yield await Promise.resolve({ kind: 'finished', at: 1, end } as const);
    };
    const missing = () => assert.fail('must not ask');
    const all = await Array.fromAsync(recoverAtEnd(events(), missing, false));
    assert.deepEqual(all, [{ kind: 'finished', at: 1, end }]);
  }
});

test('a guard that found the folder of the run leaves its true result to be read', () => {
  const { ledger } = new Run(info);
  for (const event of LOST) {
    const isOfB = event.kind === 'exited' && event.node === 'b';
    ledger.apply(isOfB ? { ...event, code: 125 } : event);
  }
  assert.deepEqual(missingResults(ledger, ['b']).get('b'), { bytes: 4, hasGap: false, code: 125 });
});
