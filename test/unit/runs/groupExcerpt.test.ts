import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GroupExcerpts } from '../../../src/runs/grouping/groupExcerpt.ts';
import type { IgnoredDifferences } from '../../../src/runs/grouping/ignoredDifferences.ts';
import { OutputStore } from '../../../src/runs/output/outputStore.ts';

function excerptsOf(
  outputs: Readonly<Record<string, string | Uint8Array>>,
  { ignored = {}, reference = 'most', groups = 2 }: Options = {},
): { store: OutputStore; describe: (node: string) => Promise<string> } {
  const store = new OutputStore();
  for (const [node, output] of Object.entries(outputs)) store.append(node, Buffer.from(output));
  const nameOf = (node: string) => node;
  const excerpts = new GroupExcerpts({ output: store, reference, ignored, nameOf, groups });
  return { store, describe: (node) => excerpts.describe(node) };
}

interface Options {
  readonly ignored?: IgnoredDifferences;
  readonly reference?: string;
  readonly groups?: number;
}

const long = 'x'.repeat(80);

const GROUPS: readonly [what: string, reference: string, output: string, excerpt: string][] = [
  ['the first line when it differs', 'app 1\n', 'app 2\n', '"app 2"'],
  ['that more follows', 'app 1\n', 'app 2\nnext', '"app 2…"'],
  ['a later line with its number', 'a\nb\nc\nd\n', 'a\nb\nx\nd\n', 'line 3: "x…"'],
  ['the last line', 'a\nb\n', 'a\nx', 'line 2: "x"'],
  ['a line that only this group has', 'a\nb\n', 'a\nb\nmore\n', 'line 3: "more"'],
  ['where the output ends before', 'a\nb\nc\n', 'a\nb\n', 'ends after line 2'],
  ['no output', 'a\n', '', 'no output'],
  ['blank lines only', 'a\n', '\n', 'line 1: ""'],
  ['the first line with text', 'a\nb\n', '\n\nx\n', 'line 1: "…"'],
  ['the part of a long line that differs', `${long}a\n`, `${long}b\n`, `"…${'x'.repeat(20)}b"`],
  [
    'the part of a later long line',
    `0\n${long}a\n`,
    `0\n${long}b\nc`,
    `line 2: "…${'x'.repeat(20)}b…"`,
  ],
  ['the first line where only colors differ', 'red\n', '\u001b[31mred\u001b[0m\n', '"red"'],
];

describe('a group is described by', () => {
  for (const [what, reference, output, excerpt] of GROUPS) {
    test(what, async () => {
      const { describe: of } = excerptsOf({ most: reference, other: output });
      assert.equal(await of('other'), excerpt);
    });
  }

  test('its first line if it is the reference, or there is none', async () => {
    assert.equal(await excerptsOf({ most: '\n a\nb\n' }).describe('most'), '"a…"');
    assert.equal(await excerptsOf({ a: 'a\n' }, { reference: 'gone' }).describe('a'), '"a"');
  });

  test('a line with a difference that counts', async () => {
    const outputs = { most: 'on most 04:05:06\nx  \nlast\n', b: 'on b 14:15:16\nx\nend\n' };
    const ignored = { timestamps: true, ownName: true, trailingSpace: true };
    assert.equal(await excerptsOf(outputs, { ignored }).describe('b'), 'line 3: "end"');
    const empty = { most: 'a\nb\n', b: 'a\nb\n\n\nc\n', c: 'a\nb\n\n' };
    const { describe: of } = excerptsOf(empty, { ignored: { trailingSpace: true } });
    assert.equal(await of('b'), 'line 5: "c"');
    assert.equal(await of('c'), '"a…"');
  });

  test('far differences, with little reading where there are many groups', async () => {
    const outputs = { most: `${'line\n'.repeat(20_000)}a\n`, b: `${'line\n'.repeat(20_000)}b\n` };
    assert.equal(await excerptsOf(outputs).describe('b'), 'line 20001: "b"');
    assert.equal(await excerptsOf(outputs, { groups: 500 }).describe('b'), '"line…"');
  });

  test("text in the node's encoding", async () => {
    const { store, describe: of } = excerptsOf({ most: 'a\n', b: Uint8Array.of(0xd6, 0xd0) });
    store.encodings.set({ nodes: { b: 'gbk' } });
    assert.equal(await of('b'), '"中"');
  });
});

test('describing 500 groups of 10,000 nodes takes little time', { timeout: 20_000 }, async () => {
  const outputs: Record<string, string> = {};
  for (let i = 0; i < 500; i++) outputs[`n${i}`] = `${'same line\n'.repeat(100)}${i}\n`;
  const { describe: of } = excerptsOf(outputs, { reference: 'n0', groups: 500 });
  const start = performance.now();
  for (let i = 1; i < 500; i++) assert.equal(await of(`n${i}`), `line 101: "${i}"`);
  // About 100 ms; the limit leaves room for a busy machine.
  assert.ok(performance.now() - start < 5000);
});
