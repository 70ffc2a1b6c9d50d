import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { OutputStore } from '../../../src/runs/outputStore.ts';
import {
  compileSearch,
  SearchError,
  type NodeHits,
  type SearchEnd,
  type SearchLimits,
  type SearchQuery,
  searchOutputs,
} from '../../../src/runs/search.ts';

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
      },
      {
        node: 'c',
        hits: [{ line: 4, text: 'two', matches: [{ column: 0, length: 3 }] }],
        truncated: false,
      },
    ]);
    assert.deepEqual(end, { hits: 2, nodes: 2, truncated: false });
  });

  const columns = (line: string, query: SearchQuery) =>
    compileSearch(query)(line).map(({ column, length }) => [column, length]);

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
    assert.deepEqual(columns('bbb', { text: 'a*', regex: true }), []);
  });

  test('says in a sentence what is wrong with an expression', () => {
    for (const text of ['(', 'a)|(b', '[z-a]', '*']) {
      assert.throws(
        () => compileSearch({ text, regex: true, wholeWord: true }),
        (error) => error instanceof SearchError && error.message.includes(`“${text}” is not`),
      );
    }
    assert.throws(() => compileSearch({ text: '' }), SearchError);
  });

  test('stops at its limits and says so', async () => {
    const outputs = { a: 'x\n'.repeat(5), b: 'x\n'.repeat(5), c: 'x\n' };
    const one = await search(outputs, { text: 'x' }, { hits: 100, hitsPerNode: 5 });
    assert.deepEqual(one.end, { hits: 11, nodes: 3, truncated: false });
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
    assert.deepEqual(three.end, { hits: 7, nodes: 2, truncated: true });
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
