import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { HeldOutputs } from '../../../src/runs/heldOutputs.ts';
import { Journal } from '../../../src/runs/journal.ts';
import { OutputStore } from '../../../src/runs/outputStore.ts';
import { temporaryFolder, type TemporaryFolder } from '../../setup/temporaryFolder.ts';

const BYTES = 1000;

describe('outputs of runs that are over', () => {
  let folder: TemporaryFolder;
  let stores: OutputStore[];
  beforeEach(async () => {
    folder = temporaryFolder('held');
    stores = Array.from(
      { length: 4 },
      (_, i) => new OutputStore({ journal: new Journal(join(folder.path, `journal-${i}`)) }),
    );
    for (const [i, store] of stores.entries()) {
      store.append('a', Buffer.alloc(BYTES, i));
      await store.flushed();
    }
  });
  afterEach(async () => {
    for (const store of stores) await store.close();
    folder.remove();
  });

  const held = () => stores.map((store) => store.held);

  test('stay in memory up to a limit of all together, those first that were used last', () => {
    const outputs = new HeldOutputs(2 * BYTES);
    for (const i of [0, 1]) outputs.use(stores[i]!, stores.slice(0, 2));
    assert.deepEqual(held().slice(0, 2), [BYTES, BYTES]);
    outputs.use(stores[0]!, stores.slice(0, 2));
    outputs.use(stores[2]!, stores.slice(0, 3));
    assert.deepEqual(held().slice(0, 3), [BYTES, 0, BYTES]);
    outputs.use(stores[3]!, stores);
    assert.deepEqual(held(), [0, 0, BYTES, BYTES]);
  });

  test('are read from disk again when they are asked for', async () => {
    const outputs = new HeldOutputs(BYTES);
    for (const [i, store] of stores.entries()) outputs.use(store, stores.slice(0, i + 1));
    assert.deepEqual(held(), [0, 0, 0, BYTES]);
    for (const [i, store] of stores.entries()) {
      assert.deepEqual(Buffer.from(await store.read('a')), Buffer.alloc(BYTES, i));
    }
  });

  test('that are nowhere on disk stay, whatever the limit', async () => {
    const outputs = new HeldOutputs(0);
    const only = new OutputStore();
    only.append('a', Buffer.from('safe'));
    outputs.use(only, [...stores, only]);
    assert.deepEqual(held(), [0, 0, 0, 0]);
    assert.equal(Buffer.from(await only.read('a')).toString(), 'safe');
  });
});
