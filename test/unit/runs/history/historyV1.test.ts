import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { History } from '../../../../src/runs/history/history.ts';
import { Run } from '../../../../src/runs/run.ts';
import { sampleEvents, sampleInfo } from '../sampleRun.ts';

const FIXTURE = join(import.meta.dirname, '../fixtures/history-v1');

/** These files were written by the first version and are never written again. */
describe('a history saved by version 1', () => {
  const history = new History(FIXTURE);

  test('is listed', async () => {
    const { entries, problems } = await history.list();
    assert.deepEqual(problems, []);
    assert.deepEqual(
      entries.map(({ info, pinned, outcome, claimed }) => ({
        title: info.title,
        pinned,
        end: outcome?.end,
        claimed,
      })),
      [
        { title: "/bin/echo 'it'\\''s'", pinned: false, end: undefined, claimed: false },
        { title: 'Disks before the upgrade', pinned: true, end: 'quiet', claimed: false },
      ],
    );
  });

  test('returns a finished run completely', async () => {
    const expected = new Run(
      sampleInfo({ title: 'Disks before the upgrade', startedBy: undefined }),
    );
    for (const event of sampleEvents()) expected.apply(event);
    const run = await history.load(expected.info.id);
    assert.deepEqual(run.info, expected.info);
    assert.deepEqual([...run.ledger.nodes], [...expected.ledger.nodes]);
    assert.deepEqual(run.ledger.warnings, expected.ledger.warnings);
    for (const { node } of expected.ledger.nodes) {
      assert.deepEqual(
        Buffer.from(await run.output.read(node)),
        Buffer.from(await expected.output.read(node)),
      );
    }
  });

  test('returns an interrupted run as it was', async () => {
    const run = await history.load('7e2f0a52-0c1e-4c7e-9b58-3f0a2f0f7a12');
    assert.deepEqual(run.info.job, { kind: 'arguments', args: ['/bin/echo', "it's"] });
    assert.deepEqual(run.info.announcements, [{ node: '^(?:a|b)$' }, { node: '^c$' }]);
    assert.deepEqual(run.session?.sessions, [
      { datacenter: '', session: 'f9642bd0-a046-bc68-577a-4962b8c06efa' },
    ]);
    assert.deepEqual(run.ledger.counts, {
      failed: 0,
      lost: 0,
      noResponse: 0,
      unknown: 0,
      running: 1,
      waiting: 2,
      ok: 0,
    });
    assert.equal(Buffer.from(await run.output.read('a')).toString(), "it's\n");
    assert.equal(run.ledger.end, undefined);
  });
});
