import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { Journal } from '../../../src/runs/journal.ts';
import { OutputStore } from '../../../src/runs/outputStore.ts';
import { temporaryFolder, type TemporaryFolder } from '../../setup/temporaryFolder.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

describe('output store', () => {
  let folder: TemporaryFolder;
  beforeEach(() => (folder = temporaryFolder('output')));
  afterEach(() => folder.remove());

  test('keeps each node’s bytes in memory when it has no file', async () => {
    const store = new OutputStore();
    store.append('a', Buffer.from('one '));
    store.append('b', Buffer.from('other'));
    store.append('a', Buffer.from('two'));
    assert.equal(text(await store.read('a')), 'one two');
    assert.equal(text(await store.read('b')), 'other');
    assert.equal((await store.read('nobody')).length, 0);
    assert.equal(store.bytes, 12);
    assert.equal(store.size('a'), 7);
    await store.flushed();
  });

  test('gives back any range of any schedule of chunks exactly, before, while and after writing', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            node: fc.constantFrom('a', '../b', 'c/ack', 'ü\u0000'),
            bytes: fc.uint8Array({ maxLength: 40 }),
            wait: fc.boolean(),
          }),
          { maxLength: 30 },
        ),
        fc.nat(60),
        fc.nat(60),
        fc.nat(120),
        async (chunks, start, end, memoryLimit) => {
          const journal = new Journal(join(folder.path, `journal-${runs++}`));
          const store = new OutputStore({ journal, memoryLimit });
          const expected = new Map<string, Uint8Array>();
          for (const { node, bytes, wait } of chunks) {
            store.append(node, bytes);
            expected.set(node, Buffer.concat([expected.get(node) ?? Buffer.alloc(0), bytes]));
            if (wait) await store.flushed();
          }
          const check = async () => {
            for (const [node, bytes] of expected) {
              assert.deepEqual(Buffer.from(await store.read(node)), bytes);
              const range = Buffer.from(await store.readRange(node, start, end));
              assert.deepEqual(range, Buffer.from(bytes.subarray(start, Math.max(start, end))));
            }
          };
          await check();
          await store.flushed();
          assert.ok(store.held <= Math.max(memoryLimit, 0));
          await check();
          store.release();
          assert.equal(store.held, 0);
          await check();
          await store.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  test('holds no more than its limit in memory, and loses nothing of a large output', async () => {
    const journal = new Journal(join(folder.path, 'journal'));
    const store = new OutputStore({ journal, memoryLimit: 1024 * 1024 });
    const block = 64 * 1024;
    for (let i = 0; i < 160; i++) {
      store.append('big', Buffer.alloc(block, i));
      if (store.backlog > 2 * 1024 * 1024) await store.flushed();
    }
    await store.flushed();
    assert.equal(store.backlog, 0);
    assert.ok(store.held <= 1024 * 1024, `${store.held} bytes held`);
    let at = 0;
    for await (const bytes of store.stream('big')) {
      for (const byte of bytes) assert.equal(byte, Math.floor(at++ / block) % 256);
    }
    assert.equal(at, 160 * block);
    await store.close();
  });

  test('hands output out in blocks, whether it came in small pieces or in large ones', async () => {
    const journal = new Journal(join(folder.path, 'journal'));
    const store = new OutputStore({ journal });
    for (let i = 0; i < 3000; i++) {
      store.append('dots', Buffer.from('.'));
      store.append('other', Buffer.from('x'));
      if (i % 10 === 0) await store.flushed();
    }
    store.append('one', Buffer.alloc(1024 * 1024, 'y'));
    await store.flushed();
    const blocksOf = async (node: string) => {
      const blocks = await Array.fromAsync(store.stream(node));
      return blocks.map(({ length }) => length);
    };
    const check = async () => {
      assert.deepEqual(await blocksOf('dots'), [3000]);
      assert.deepEqual(await blocksOf('one'), Array<number>(8).fill(128 * 1024));
    };
    await check();
    store.release();
    await check();
    assert.equal(text(await store.readRange('dots', 1000, 1010)), '..........');
    await store.close();
  });

  test('without a file, writes what is beyond its limit to one that is made then', async () => {
    const path = join(folder.path, 'spill');
    let asked = 0;
    const spill = () => {
      asked++;
      return new Journal(path);
    };
    const limit = 1024 * 1024;
    const store = new OutputStore({ spill, memoryLimit: limit });
    const block = 64 * 1024;
    const write = async (from: number, to: number) => {
      for (let i = from; i < to; i++) {
        store.append('big', Buffer.alloc(block, i));
        if (store.backlog > limit) await store.flushed();
      }
      await store.flushed();
    };
    await write(0, 16);
    assert.equal(asked, 0);
    assert.deepEqual(await readdir(folder.path), []);
    await write(16, 160);
    assert.equal(asked, 1);
    assert.ok(store.held <= limit, `${store.held} bytes held`);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    let at = 0;
    for await (const bytes of store.stream('big')) {
      for (const byte of bytes) assert.equal(byte, Math.floor(at++ / block) % 256);
    }
    assert.equal(at, 160 * block);
    await store.close();
  });

  test('keeps everything in memory where no file can be made for it', async () => {
    const spill = () => {
      throw new Error('no room');
    };
    const store = new OutputStore({ spill, memoryLimit: 1 });
    for (const word of ['safe', ' and', ' sound']) store.append('a', Buffer.from(word));
    assert.equal(text(await store.read('a')), 'safe and sound');
  });

  test('writes one file, whatever the nodes are called', async () => {
    const store = new OutputStore({ journal: new Journal(join(folder.path, 'journal')) });
    for (const node of ['../../etc/passwd', 'a/b', 'CON', 'x\u0000y', '.']) {
      store.append(node, Buffer.from(node));
    }
    await store.close();
    assert.deepEqual(await readdir(folder.path), ['journal']);
  });

  test('keeps everything in memory, and says why, while the file cannot be written', async () => {
    const journal = new Journal(join(folder.path, 'missing', 'journal'));
    const store = new OutputStore({ journal, memoryLimit: 0 });
    store.append('a', Buffer.from('safe'));
    await assert.rejects(store.flushed(), { code: 'ENOENT' });
    assert.match(journal.failure?.message ?? '', /ENOENT/);
    store.append('a', Buffer.from(' and sound'));
    assert.equal(text(await store.read('a')), 'safe and sound');
    await assert.rejects(store.close());
  });
});
