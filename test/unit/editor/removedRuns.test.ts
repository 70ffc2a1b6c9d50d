import './support/useFakeVscode.ts';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { LogOutputChannel } from 'vscode';
import type { ListedRun as ListedRunType } from '../../../src/editor/runs/listedRun.ts';
import type { RunList as RunListType } from '../../../src/editor/runs/runList.ts';
import { History } from '../../../src/runs/history/history.ts';
import { type TemporaryFolder, temporaryFolder } from '../../setup/temporaryFolder.ts';
import { sampleEvents, sampleInfo } from '../runs/sampleRun.ts';

const { ListedRun } = await import('../../../src/editor/runs/listedRun.ts');
const { RunHistory } = await import('../../../src/editor/runs/runHistory.ts');
const { RunList } = await import('../../../src/editor/runs/runList.ts');

const ignore = () => undefined;
const log = { info: ignore, warn: ignore, error: ignore } as unknown as LogOutputChannel;

describe('a removed run', () => {
  let folder: TemporaryFolder;
  /** The same folder, as another window uses it. */
  let disk: History;
  let runs: RunListType;
  let listed: ListedRunType;
  beforeEach(async () => {
    folder = temporaryFolder('removed-runs');
    const path = join(folder.path, 'runs');
    disk = new History(path);
    const run = await disk.create(sampleInfo({ id: randomUUID() }));
    for (const event of sampleEvents()) run.apply(event);
    await disk.finish(run);
    runs = new RunList(new RunHistory(path, log), log);
    listed = new ListedRun(await disk.entry(run.info.id));
    runs.add([listed]);
    assert.equal(await runs.removeForNow(listed), true);
  });
  afterEach(() => folder.remove());

  const listedIds = () => runs.all.map(({ id }) => id);

  test('leaves the list, but not the disk, and does not come back by itself', async () => {
    assert.deepEqual(listedIds(), []);
    runs.add([new ListedRun(await disk.entry(listed.id))]);
    assert.deepEqual(listedIds(), []);
    assert.equal(runs.isKnown(listed.id), true);
  });

  test('can be restored until its files are deleted', async () => {
    assert.equal(runs.restore(listed), true);
    assert.deepEqual(listedIds(), [listed.id]);
    await runs.deleteRemoved();
    assert.deepEqual(await disk.ids(), [listed.id]);
    await runs.removeForNow(listed);
    await runs.deleteRemoved();
    assert.deepEqual(await disk.ids(), []);
    assert.equal(runs.restore(listed), false);
    assert.deepEqual(listedIds(), []);
  });

  test('is listed again when another window has pinned it', async () => {
    await disk.pin(listed.id, true);
    await runs.deleteRemoved();
    assert.deepEqual(listedIds(), [listed.id]);
    assert.equal(listed.pinned, true);
    assert.deepEqual(await disk.ids(), [listed.id]);
  });

  test('is gone when another window has deleted it', async () => {
    await disk.delete(listed.id);
    await runs.refresh(listed);
    assert.equal(runs.restore(listed), false);
  });
});
