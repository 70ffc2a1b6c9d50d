import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { Journal } from '../../../src/runs/journal/journal.ts';
import { OutputStore } from '../../../src/runs/output/outputStore.ts';
import { Run } from '../../../src/runs/run.ts';
import { temporaryFolder, type TemporaryFolder } from '../../setup/temporaryFolder.ts';
import { sampleInfo, T0 } from './sampleRun.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

function append(run: Run, node: string, bytes: Uint8Array): void {
  run.apply({ kind: 'output', at: T0, node, bytes });
}

describe('output store', () => {
  let folder: TemporaryFolder;
  beforeEach(() => (folder = temporaryFolder('output')));
  afterEach(() => folder.remove());

  test('holds the bytes of each node in memory when it has no file', async () => {
    const store = new OutputStore();
    store.append('a', Buffer.from('one '));
    store.append('b', Buffer.from('other'));
    store.append('a', Buffer.from('two'));
    assert.equal(text(await store.read('a')), 'one two');
    assert.equal(text(await store.read('b')), 'other');
    assert.equal((await store.read('unknown')).length, 0);
    assert.equal(store.bytes, 12);
    assert.equal(store.size('a'), 7);
    await store.close();
  });

  test('returns any range of any schedule of chunks exactly, before, during and after writing', async () => {
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
          const run = new Run(sampleInfo(), { journal, memoryLimit });
          const store = run.output;
          const expected = new Map<string, Uint8Array>();
          for (const { node, bytes, wait } of chunks) {
            append(run, node, bytes);
            expected.set(node, Buffer.concat([expected.get(node) ?? Buffer.alloc(0), bytes]));
            if (wait) await run.flushed();
          }
          const check = async () => {
            for (const [node, bytes] of expected) {
              assert.deepEqual(Buffer.from(await store.read(node)), bytes);
              const range = Buffer.from(await store.readRange(node, start, end));
              assert.deepEqual(range, Buffer.from(bytes.subarray(start, Math.max(start, end))));
            }
          };
          await check();
          await run.flushed();
          assert.ok(store.bytesInMemory <= Math.max(memoryLimit, 0));
          await check();
          store.release();
          assert.equal(store.bytesInMemory, 0);
          await check();
          await run.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  test('holds no more than its limit in memory, and loses nothing of a large output', async () => {
    const journal = new Journal(join(folder.path, 'journal'));
    const run = new Run(sampleInfo(), { journal, memoryLimit: 1024 * 1024 });
    const store = run.output;
    const block = 64 * 1024;
    for (let i = 0; i < 160; i++) {
      append(run, 'big', Buffer.alloc(block, i));
      if (run.backlog > 2 * 1024 * 1024) await run.flushed();
    }
    await run.flushed();
    assert.equal(run.backlog, 0);
    assert.ok(store.bytesInMemory <= 1024 * 1024, `${store.bytesInMemory} bytes held`);
    let at = 0;
    for await (const bytes of store.stream('big')) {
      for (const byte of bytes) assert.equal(byte, Math.floor(at++ / block) % 256);
    }
    assert.equal(at, 160 * block);
    await run.close();
  });

  test('yields output in blocks, whether it arrived in small pieces or in large ones', async () => {
    const journal = new Journal(join(folder.path, 'journal'));
    const run = new Run(sampleInfo(), { journal });
    const store = run.output;
    for (let i = 0; i < 3000; i++) {
      append(run, 'dots', Buffer.from('.'));
      append(run, 'other', Buffer.from('x'));
      if (i % 10 === 0) await run.flushed();
    }
    append(run, 'one', Buffer.alloc(1024 * 1024, 'y'));
    await run.flushed();
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
    await run.close();
  });

  test('without a journal, creates a file for output beyond the limit', async () => {
    const path = join(folder.path, 'spill');
    let asked = 0;
    const spill = () => {
      asked++;
      return new Journal(path);
    };
    const limit = 1024 * 1024;
    const run = new Run(sampleInfo(), { spill, memoryLimit: limit });
    const store = run.output;
    const block = 64 * 1024;
    const write = async (from: number, to: number) => {
      for (let i = from; i < to; i++) {
        append(run, 'big', Buffer.alloc(block, i));
        if (run.backlog > limit) await run.flushed();
      }
      await run.flushed();
    };
    await write(0, 16);
    assert.equal(asked, 0);
    assert.deepEqual(await readdir(folder.path), []);
    await write(16, 160);
    assert.equal(asked, 1);
    assert.ok(store.bytesInMemory <= limit, `${store.bytesInMemory} bytes held`);
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    let at = 0;
    for await (const bytes of store.stream('big')) {
      for (const byte of bytes) assert.equal(byte, Math.floor(at++ / block) % 256);
    }
    assert.equal(at, 160 * block);
    await run.close();
  });

  test("holds everything in memory if a file can't be created", async () => {
    const spill = () => {
      throw new Error('no room');
    };
    const run = new Run(sampleInfo(), { spill, memoryLimit: 1 });
    const store = run.output;
    for (const word of ['safe', ' and', ' sound']) append(run, 'a', Buffer.from(word));
    assert.equal(text(await store.read('a')), 'safe and sound');
  });

  test('writes one file, regardless of the names of the nodes', async () => {
    const run = new Run(sampleInfo(), { journal: new Journal(join(folder.path, 'journal')) });
    for (const node of ['../../etc/passwd', 'a/b', 'CON', 'x\u0000y', '.']) {
      append(run, node, Buffer.from(node));
    }
    await run.close();
    assert.deepEqual(await readdir(folder.path), ['journal']);
  });

  test("holds everything in memory, and says why, while the file can't be written", async () => {
    const journal = new Journal(join(folder.path, 'missing', 'journal'));
    const run = new Run(sampleInfo(), { journal, memoryLimit: 0 });
    const store = run.output;
    append(run, 'a', Buffer.from('safe'));
    await assert.rejects(run.flushed(), { code: 'ENOENT' });
    assert.match(journal.failure?.message ?? '', /ENOENT/);
    append(run, 'a', Buffer.from(' and sound'));
    assert.equal(text(await store.read('a')), 'safe and sound');
    await assert.rejects(run.close());
  });
});
