import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { outputText } from '../../../src/runs/output/outputText.ts';
import { OutputStore } from '../../../src/runs/output/outputStore.ts';
import {
  compileSearch,
  SearchError,
  type SearchQuery,
} from '../../../src/runs/search/searchQuery.ts';
import {
  type NodeHits,
  type SearchEnd,
  type SearchLimits,
  searchOutputs,
} from '../../../src/runs/search/searchOutputs.ts';

function storeOf(outputs: Record<string, string>): OutputStore {
  const store = new OutputStore();
  for (const [node, text] of Object.entries(outputs)) {
    // In small chunks, which cut lines and characters.
    const bytes = Buffer.from(text);
    for (let i = 0; i < bytes.length; i += 3) store.append(node, bytes.subarray(i, i + 3));
  }
  return store;
}

async function search(
  outputs: Record<string, string>,
  query: SearchQuery,
  limits?: SearchLimits,
): Promise<{ found: NodeHits[]; end: SearchEnd }> {
  const results = searchOutputs(
    storeOf(outputs),
    Object.keys(outputs),
    compileSearch(query),
    limits,
  );
  const found: NodeHits[] = [];
  for (;;) {
    const { done, value } = await results.next();
    if (done) return { found, end: value };
    found.push(value);
  }
}

describe('search in all outputs', () => {
  test('finds lines and places in them, node by node', async () => {
    const outputs = { a: 'one\ntwo ünïcode Two\r\n', b: 'nothing', c: 'x\n\n\ntwo' };
    const { found, end } = await search(outputs, { text: 'two' });
    assert.deepEqual(found, [
      {
        node: 'a',
        hits: [
          {
            line: 2,
            text: 'two ünïcode Two',
            matches: [
              { column: 0, length: 3 },
              { column: 12, length: 3 },
            ],
          },
        ],
        truncated: false,
        cut: false,
      },
      {
        node: 'c',
        hits: [{ line: 4, text: 'two', matches: [{ column: 0, length: 3 }] }],
        truncated: false,
        cut: false,
      },
    ]);
    assert.deepEqual(end, { hits: 2, nodes: 2, truncated: false, cut: false });
  });

  const columns = (line: string, query: SearchQuery) =>
    compileSearch(query)
      .find(line)
      .map(({ column, length }) => [column, length]);

  test('takes text as it stands unless told that it is an expression', () => {
    assert.deepEqual(columns('a.c abc (x)', { text: 'a.c' }), [[0, 3]]);
    assert.deepEqual(columns('a.c abc', { text: 'a.c', regex: true }), [
      [0, 3],
      [4, 3],
    ]);
    assert.deepEqual(columns('[x](y)*', { text: '](y)*' }), [[2, 5]]);
  });

  test('heeds case and whole words when told to', () => {
    assert.deepEqual(columns('Err err', { text: 'err', matchCase: true }), [[4, 3]]);
    assert.deepEqual(columns('error err', { text: 'err', wholeWord: true }), [[6, 3]]);
    assert.deepEqual(columns('ab b', { text: 'a|b', regex: true, wholeWord: true }), [[3, 1]]);
  });

  test('finds empty lines, and not the nothing between letters', () => {
    assert.deepEqual(columns('', { text: '^$', regex: true }), [[0, 0]]);
    assert.deepEqual(columns('baab', { text: 'a*', regex: true }), [[1, 2]]);
    // Empty places count where there is nothing else, as in the editor's own search.
    assert.deepEqual(columns('bbb', { text: 'a*', regex: true }), [[0, 0]]);
    assert.deepEqual(columns('abc', { text: '^', regex: true }), [[0, 0]]);
    assert.deepEqual(columns('abc', { text: '$', regex: true }), [[3, 0]]);
  });

  test('counts lines as the document does, also very long ones', async () => {
    const store = new OutputStore();
    const bytes = Buffer.from(`${'y'.repeat(2_500_000)}\nneedle\n`);
    for (let i = 0; i < bytes.length; i += 4096) store.append('a', bytes.subarray(i, i + 4096));
    const found = await searchOutputs(store, ['a'], compileSearch({ text: 'needle' })).next();
    const { text } = await outputText(store, 'a');
    const lines = Buffer.from(text).toString().split('\n');
    assert.ok('node' in found.value);
    assert.equal(found.value.hits[0]?.line, lines.indexOf('needle') + 1);
  });

  test('knows words of every script', () => {
    for (const regex of [false, true]) {
      assert.deepEqual(columns('über Übermut ber', { text: 'ber', wholeWord: true, regex }), [
        [13, 3],
      ]);
      assert.deepEqual(columns('ber,ber ber', { text: 'ber', wholeWord: true, regex }), [
        [0, 3],
        [4, 3],
        [8, 3],
      ]);
    }
  });

  test('looks at the whole of a line for a text, and says where an expression does not', async () => {
    const outputs = { a: `${'x'.repeat(150_000)}needle\n`, b: 'needle' };
    const plain = await search(outputs, { text: 'needle' });
    assert.deepEqual(plain.found[0]?.hits[0]?.matches, [{ column: 150_000, length: 6 }]);
    assert.deepEqual(plain.end, { hits: 2, nodes: 2, truncated: false, cut: false });
    const expression = await search(outputs, { text: 'need.e', regex: true });
    assert.deepEqual(expression.end, { hits: 1, nodes: 1, truncated: false, cut: true });
  });

  test('takes no time to speak of for an expression made to blow up', () => {
    // In an expression that tries one way after the other this is forever.
    assert.deepEqual(columns(`${'a'.repeat(5000)}b`, { text: '(a+)+$', regex: true }), []);
  });

  test('says in a sentence what is wrong with an expression', () => {
    for (const text of ['(', 'a)|(b', '[z-a]', '*']) {
      assert.throws(
        () => compileSearch({ text, regex: true, wholeWord: true }),
        (error) => error instanceof SearchError && error.message.includes(`"${text}" is not`),
      );
    }
    assert.throws(() => compileSearch({ text: '' }), SearchError);
  });

  test('stops at its limits and says so', async () => {
    const outputs = { a: 'x\n'.repeat(5), b: 'x\n'.repeat(5), c: 'x\n' };
    const one = await search(outputs, { text: 'x' }, { hits: 100, hitsPerNode: 5 });
    assert.deepEqual(one.end, { hits: 11, nodes: 3, truncated: false, cut: false });
    const two = await search(outputs, { text: 'x' }, { hits: 100, hitsPerNode: 2 });
    assert.deepEqual(
      two.found.map(({ node, hits, truncated }) => [node, hits.length, truncated]),
      [
        ['a', 2, true],
        ['b', 2, true],
        ['c', 1, false],
      ],
    );
    const three = await search(outputs, { text: 'x' }, { hits: 7, hitsPerNode: 5 });
    assert.deepEqual(three.end, { hits: 7, nodes: 2, truncated: true, cut: false });
  });

  test('can be cancelled', async () => {
    const signal = AbortSignal.abort();
    const results = searchOutputs(
      storeOf({ a: 'x' }),
      ['a'],
      compileSearch({ text: 'x' }),
      undefined,
      signal,
    );
    await assert.rejects(results.next(), { name: 'AbortError' });
  });

  test('searches what the document shows: no escape sequences', async () => {
    const { found } = await search({ a: '\u001b[31mred\u001b[0m alert' }, { text: 'red alert' });
    assert.deepEqual(found[0]?.hits[0]?.text, 'red alert');
  });
});
