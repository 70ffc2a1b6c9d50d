import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AnsiTable } from '../../../src/runs/ansi/ansiTable.ts';
import { displayLine } from '../../../src/runs/text/displayText.ts';
import { outputText } from '../../../src/runs/output/outputText.ts';
import { compileSearch } from '../../../src/runs/search/searchQuery.ts';
import { searchOutputs } from '../../../src/runs/search/searchOutputs.ts';
import { OutputStore } from '../../../src/runs/output/outputStore.ts';

function storeOf(...chunks: readonly (string | Uint8Array)[]): OutputStore {
  const store = new OutputStore();
  for (const chunk of chunks) store.append('a', Buffer.from(chunk));
  return store;
}

async function textOf(store: OutputStore, bytes = 1e6, lines = 1e6): Promise<string> {
  const { text } = await outputText(store, 'a', { bytes, lines });
  return Buffer.from(text).toString();
}

test('the text is the lines as they are shown, wherever chunks are cut', async () => {
  const output = fc.array(
    fc.constantFrom('é', '💥', 'x', '\n', '\r\n', '\r', '\u001b[31m', '\u0000', '\u2028'),
  );
  await fc.assert(
    fc.asyncProperty(output, fc.integer({ min: 1, max: 7 }), async (parts, step) => {
      const bytes = Buffer.from(parts.join(''));
      const chunks: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += step) chunks.push(bytes.subarray(at, at + step));
      const lines = parts.join('').split('\n');
      const expected = lines.map((line, i) =>
        displayLine(i < lines.length - 1 && line.endsWith('\r') ? line.slice(0, -1) : line),
      );
      assert.equal(await textOf(storeOf(...chunks)), expected.join('\n'));
    }),
  );
});

test('a node that wrote nothing has an empty text', async () => {
  assert.equal(await textOf(storeOf()), '');
});

test('beyond the limit of bytes, whole lines and how much is not shown', async () => {
  const store = storeOf('one\ntwo\nthr', 'ee\nfour\n');
  assert.equal(
    await textOf(store, 10),
    'one\ntwo\n… 11 bytes not shown. "Save Raw Output As…" saves everything.',
  );
  assert.equal(await textOf(store, 19), 'one\ntwo\nthree\nfour\n');
});

test('beyond the limit of lines as well, but for a block', async () => {
  const lines = '\n'.repeat(100_000);
  const { text, omittedBytes } = await outputText(storeOf(lines, lines), 'a', {
    bytes: 1e6,
    lines: 500,
  });
  assert.equal(omittedBytes, 100_000);
  assert.equal(Buffer.from(text).toString().split('\n').length, 100_001);
});

test('chunks that are missing have a line at their place, in the text and its colors', async () => {
  const store = storeOf('one\ntw');
  store.addGap('a', 2);
  store.append('a', Buffer.from('\u001b[31mo\nthree'));
  store.addGap('a', 1);
  const table = new AnsiTable(store, 'a');
  await table.follow(false);
  assert.equal(
    await textOf(store),
    'one\ntw\n… up to 8 KB missing here …\no\nthree\n… up to 4 KB missing here …\n',
  );
  const found = searchOutputs(store, ['a'], compileSearch({ text: 'three' }));
  const { value } = await found.next();
  assert.ok('hits' in value && Array.isArray(value.hits));
  assert.equal((value.hits[0] as { line: number } | undefined)?.line, 5);
  await table.follow(true);
  assert.deepEqual(
    [...table.spans(0, 10)].map(({ line }) => line),
    [3, 4, 5],
  );
  assert.deepEqual(await store.read('a'), Buffer.from('one\ntw\u001b[31mo\nthree'));
});

test('output is decoded with the encoding of the node, wherever chunks are cut', async () => {
  const bytes = Buffer.from([0xd6, 0xd0, 0xce, 0xc4, 0x0a, 0xb4, 0xed]);
  const store = storeOf(...Array.from(bytes, (byte) => Uint8Array.of(byte)));
  assert.equal(await textOf(store), '\ufffd\ufffd\ufffd\ufffd\n\ufffd\ufffd');
  assert.ok(store.encodings.set({ nodes: { a: 'gbk' } }));
  assert.ok(!store.encodings.set({ nodes: { a: 'gbk' } }));
  assert.equal(await textOf(store), '中文\n错');
  store.encodings.set({ all: 'windows-1252', nodes: { b: 'gbk' } }, 'shift_jis');
  assert.equal(await textOf(store), 'ÖÐÎÄ\n´í');
  assert.equal(store.encodings.of('toString'), 'windows-1252');
  store.encodings.set({}, 'gbk');
  assert.equal(await textOf(store), '中文\n错');
  assert.deepEqual(await store.read('a'), bytes);
});

test("a script's temporary file has the name of the script", async () => {
  const store = new OutputStore({ isScript: true });
  const text = '/tmp/rexec12: 1: [[: not found\nin /tmp/rexec12\n';
  for (const byte of Buffer.from(text)) store.append('a', Uint8Array.of(byte));
  assert.equal(await textOf(store), 'script: 1: [[: not found\nin script\n');
  assert.equal(Buffer.from(await store.read('a')).toString(), text);
  assert.equal(await textOf(storeOf(text)), text);
});

test('a line longer than the limit is shown up to there', async () => {
  const text = await textOf(storeOf('x'.repeat(100)), 10);
  assert.match(text, /^x{10}… 90 bytes not shown\./);
});

test('sizes from a megabyte up are in megabytes', async () => {
  const store = storeOf('line\n', Buffer.alloc(3 * 1024 * 1024, 'x\n'));
  assert.match(await textOf(store, 5), /^line\n… 3\.0 MB not shown\./);
});

test('colors are placed on the lines of the text, also while the output grows', async () => {
  const store = storeOf('plain\n\u001b[31mred', '\nstill red\u001b[0m\nplain\n\u001b[1mbo');
  const table = new AnsiTable(store, 'a');
  const spans = () =>
    [...table.spans(0, 10)].map(({ line, start, end, style }) => [line, start, end, style]);
  await table.follow(false);
  const first = [
    [1, 0, 3, { foreground: 1 }],
    [2, 0, 9, { foreground: 1 }],
  ];
  assert.deepEqual(spans(), first);
  store.append('a', Buffer.from('ld\nx\u001b[0m'));
  await Promise.all([table.follow(false), table.follow(true)]);
  assert.deepEqual(spans(), [...first, [4, 0, 4, { bold: true }], [5, 0, 1, { bold: true }]]);
  assert.deepEqual(
    [...table.spans(2, 4)].map(({ line }) => line),
    [2, 4],
  );
});
