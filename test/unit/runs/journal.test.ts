import assert from 'node:assert/strict';
import { readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import type { RunEvent } from '../../../src/exec/events/runEvent.ts';
import { Journal } from '../../../src/runs/journal/journal.ts';
import { JournalError, readJournal } from '../../../src/runs/journal/journalFormat.ts';
import { Run } from '../../../src/runs/run.ts';
import { temporaryFolder, type TemporaryFolder } from '../../setup/temporaryFolder.ts';
import { exited, sampleEvents, sampleInfo, started, T0, wrote } from './sampleRun.ts';

/** The interrupted run among the fixtures of version 1. */
const V1_INTERRUPTED = '7e2f0a52-0c1e-4c7e-9b58-3f0a2f0f7a12';

const NODES = ['web-1', 'web-2', 'stranger'];
const node = fc.constantFrom(...NODES);
const event: fc.Arbitrary<RunEvent> = fc.oneof(
  node.map((node): RunEvent => ({ kind: 'acknowledged', at: T0 + 1, node })),
  node.map((node): RunEvent => ({ kind: 'heartbeat', at: T0 + 2, node })),
  node.map((node): RunEvent => ({ kind: 'lost', at: T0 + 4, node })),
  node.map((node): RunEvent => ({ kind: 'cut', at: T0 + 4, node, bytes: 4096 })),
  fc.constant<RunEvent>({ kind: 'limited', at: T0, nodes: ['web-1'], perNode: 1, perRun: 0 }),
  fc.tuple(node, fc.integer({ min: -1, max: 2 })).map(([node, code]) => exited(node, code)),
  fc
    .tuple(node, fc.uint8Array({ minLength: 1, maxLength: 8 }))
    .map(([n, bytes]) => wrote(n, bytes)),
  node.map((node): RunEvent => ({
    kind: 'ended',
    at: T0 + 5,
    node,
    outcome: 'ended',
    signal: 'SIGTERM',
    loose: [1, 23],
  })),
  node.map((node): RunEvent => ({ kind: 'ended', at: T0 + 6, node, outcome: 'noResponse' })),
  fc.string().map((text): RunEvent => ({ kind: 'warning', at: T0, text })),
);

async function reread(path: string): Promise<Run> {
  const run = new Run(sampleInfo(), { journal: new Journal(path) });
  for await (const frame of readJournal(path)) run.restore(frame);
  return run;
}

async function assertSame(actual: Run, expected: Run): Promise<void> {
  assert.deepEqual([...actual.ledger.nodes], [...expected.ledger.nodes]);
  assert.deepEqual(actual.ledger.counts, expected.ledger.counts);
  assert.deepEqual(actual.ledger.warnings, expected.ledger.warnings);
  assert.equal(actual.ledger.end, expected.ledger.end);
  assert.deepEqual(actual.session, expected.session);
  assert.deepEqual(
    actual.groupings.exact.groups(actual.ledger),
    expected.groupings.exact.groups(expected.ledger),
  );
  for (const { node } of expected.ledger.nodes) {
    assert.deepEqual(
      Buffer.from(await actual.output.read(node)),
      Buffer.from(await expected.output.read(node)),
    );
  }
}

describe('journal', () => {
  let folder: TemporaryFolder;
  let path: string;
  beforeEach(() => {
    folder = temporaryFolder('journal');
    path = join(folder.path, 'journal');
  });
  afterEach(() => folder.remove());

  test('read back, it gives the same run for any events, however they were batched', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(event, fc.boolean()), { maxLength: 40 }),
        async (events) => {
          const file = `${path}-${runs++}`;
          const run = new Run(sampleInfo(), { journal: new Journal(file) });
          run.apply(started(NODES.slice(0, 2)));
          for (const [each, flush] of events) {
            run.apply(each);
            if (flush) await run.flushed();
          }
          run.apply({ kind: 'finished', at: T0 + 9, end: 'quiet' });
          await run.close();
          await assertSame(await reread(file), run);
        },
      ),
      { numRuns: 80 },
    );
  });

  test('joins the chunks of a node into one frame', async () => {
    const run = new Run(sampleInfo(), { journal: new Journal(path) });
    for (let i = 0; i < 100; i++) run.apply(wrote(i % 2 ? 'odd' : 'even', `${i}\n`));
    await run.close();
    const frames = await Array.fromAsync(readJournal(path));
    assert.equal(frames.length, 2);
  });

  test('cut off anywhere, it gives what was whole before', async () => {
    const run = new Run(sampleInfo(), { journal: new Journal(path) });
    for (const each of sampleEvents()) {
      run.apply(each);
      await run.flushed();
    }
    await run.close();
    const { size } = await stat(path);
    const whole = (await Array.fromAsync(readJournal(path))).length;
    let before = whole;
    for (let length = size - 1; length >= 0; length -= 7) {
      await truncate(path, length);
      const frames = (await Array.fromAsync(readJournal(path))).length;
      assert.ok(frames <= before);
      before = frames;
    }
    assert.equal(before, 0);
  });

  test('written on after a cut, it loses no whole frame and gains the new ones', async () => {
    const first = new Journal(path);
    first.record({ kind: 'warning', at: T0, text: 'one' });
    await first.close();
    const [frame] = await Array.fromAsync(readJournal(path));
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.from([0, 0, 0, 99, 1])]));
    const second = new Journal(path, frame!.end);
    second.record({ kind: 'warning', at: T0, text: 'two' });
    await second.close();
    const texts = (await Array.fromAsync(readJournal(path))).map(({ event }) =>
      event.kind === 'warning' ? event.text : '',
    );
    assert.deepEqual(texts, ['one', 'two']);
  });

  test('does not take zeros after a loss of power for frames', async () => {
    const journal = new Journal(path);
    journal.record({ kind: 'warning', at: T0, text: 'one' });
    await journal.close();
    await writeFile(path, Buffer.concat([await readFile(path), Buffer.alloc(5000)]));
    assert.equal((await Array.fromAsync(readJournal(path))).length, 1);
  });

  test('takes garbage at the end of the file for cut off, and garbage in the middle for damage', async () => {
    const journal = new Journal(path);
    for (const text of ['one', 'two', 'three']) {
      journal.record({ kind: 'warning', at: T0, text });
      await journal.flushed();
    }
    await journal.close();
    const frames = await Array.fromAsync(readJournal(path));
    const bytes = await readFile(path);
    for (const place of [frames[1]!.end + 8, frames[1]!.end + 20, bytes.length - 5]) {
      await writeFile(path, Buffer.from(bytes).fill(0, place));
      assert.equal((await Array.fromAsync(readJournal(path))).length, 2);
    }
    await writeFile(path, Buffer.from(bytes).fill(0, frames[0]!.end + 20, frames[1]!.end));
    await assert.rejects(Array.fromAsync(readJournal(path)), JournalError);
  });

  test('refuses another kind of file, a newer version and a head that it does not know', async () => {
    const read = () => Array.fromAsync(readJournal(path));
    await writeFile(path, 'consul-exec journal 3\n and more');
    await assert.rejects(read(), JournalError);
    const journal = new Journal(path);
    journal.record({ kind: 'warning', at: T0, text: 'one' });
    await journal.close();
    const bytes = await readFile(path);
    await writeFile(path, bytes.toString('latin1').replace('warning', 'morning'), 'latin1');
    await assert.rejects(read(), JournalError);
  });

  test('of version 1 can be resumed: what is appended to it is read as version 2', async () => {
    const file = join(import.meta.dirname, 'fixtures/history-v1', V1_INTERRUPTED, 'journal');
    await writeFile(path, await readFile(file));
    const before = await Array.fromAsync(readJournal(path));
    const [first] = before;
    assert.ok(first?.event.kind === 'started');
    assert.deepEqual(first.event.sessions, [
      { datacenter: '', session: 'f9642bd0-a046-bc68-577a-4962b8c06efa' },
    ]);
    const journal = new Journal(path, before.at(-1)!.end);
    const appended: RunEvent[] = [
      { kind: 'acknowledged', at: T0, node: 'b', attempt: 2 },
      { kind: 'kept', at: T0, session: 's2' },
      { kind: 'fenced', at: T0, session: 's1', nodes: ['c'] },
    ];
    for (const event of appended) if (event.kind !== 'output') journal.record(event);
    await journal.close();
    const events = (await Array.fromAsync(readJournal(path))).map(({ event }) => event);
    assert.deepEqual(
      events.slice(0, -3),
      before.map(({ event }) => event),
    );
    assert.deepEqual(events.slice(-3), appended);
  });

  test('of version 1 has the sessions of several datacenters in one text', async () => {
    const started = {
      ...{ kind: 'started', at: T0, prefix: '_rexec', heartbeatMs: 2000, targets: ['a@dc1'] },
      session: 's1@dc1 s2@dc2',
    };
    const head = Buffer.from(JSON.stringify(started));
    const lengths = Buffer.alloc(8);
    lengths.writeUInt32BE(head.length);
    await writeFile(path, Buffer.concat([Buffer.from('consul-exec journal 1\n'), lengths, head]));
    const [frame] = await Array.fromAsync(readJournal(path));
    assert.ok(frame?.event.kind === 'started');
    assert.deepEqual(frame.event.sessions, [
      { datacenter: 'dc1', session: 's1' },
      { datacenter: 'dc2', session: 's2' },
    ]);
  });

  test('that does not exist has no frames', async () => {
    assert.deepEqual(await Array.fromAsync(readJournal(path)), []);
  });
});
