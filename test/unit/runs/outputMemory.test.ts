import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { OutputMemory } from '../../../src/runs/output/outputMemory.ts';
import { Journal } from '../../../src/runs/journal/journal.ts';
import { OutputStore } from '../../../src/runs/output/outputStore.ts';
import { Run } from '../../../src/runs/run.ts';
import { temporaryFolder, type TemporaryFolder } from '../../setup/temporaryFolder.ts';
import { sampleInfo, wrote } from './sampleRun.ts';

const BYTES = 1000;

describe('outputs of finished runs', () => {
  let folder: TemporaryFolder;
  let runs: Run[];
  let stores: OutputStore[];
  beforeEach(async () => {
    folder = temporaryFolder('memory');
    runs = Array.from({ length: 4 }, (_, i) => {
      const journal = new Journal(join(folder.path, `journal-${i}`));
      return new Run(sampleInfo(), { journal });
    });
    stores = runs.map(({ output }) => output);
    for (const [i, run] of runs.entries()) {
      run.apply(wrote('a', Buffer.alloc(BYTES, i)));
      await run.flushed();
    }
  });
  afterEach(async () => {
    for (const run of runs) await run.close();
    folder.remove();
  });

  const inMemory = () => stores.map((store) => store.bytesInMemory);

  test('stay in memory up to a shared limit, the most recently used first', () => {
    const outputs = new OutputMemory(2 * BYTES);
    for (const i of [0, 1]) outputs.use(stores[i]!, stores.slice(0, 2));
    assert.deepEqual(inMemory().slice(0, 2), [BYTES, BYTES]);
    outputs.use(stores[0]!, stores.slice(0, 2));
    outputs.use(stores[2]!, stores.slice(0, 3));
    assert.deepEqual(inMemory().slice(0, 3), [BYTES, 0, BYTES]);
    outputs.use(stores[3]!, stores);
    assert.deepEqual(inMemory(), [0, 0, BYTES, BYTES]);
  });

  test('are read from disk again when they are needed', async () => {
    const outputs = new OutputMemory(BYTES);
    for (const [i, store] of stores.entries()) outputs.use(store, stores.slice(0, i + 1));
    assert.deepEqual(inMemory(), [0, 0, 0, BYTES]);
    for (const [i, store] of stores.entries()) {
      assert.deepEqual(Buffer.from(await store.read('a')), Buffer.alloc(BYTES, i));
    }
  });

  test('that are not on disk stay, regardless of the limit', async () => {
    const outputs = new OutputMemory(0);
    const only = new OutputStore();
    only.append('a', Buffer.from('safe'));
    outputs.use(only, [...stores, only]);
    assert.deepEqual(inMemory(), [0, 0, 0, 0]);
    assert.equal(Buffer.from(await only.read('a')).toString(), 'safe');
  });
});
