import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseArray } from '../../../src/consul/http/jsonArray.ts';

describe('a JSON array parsed in slices', () => {
  test('has the elements that JSON.parse finds, for every slice size', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        fc.nat(40),
        fc.constantFrom(undefined, 1),
        async (array, sliceBytes, indent) => {
          const text = JSON.stringify(array, undefined, indent);
          assert.deepEqual(await all(text, sliceBytes), JSON.parse(text));
        },
      ),
    );
  });

  test('is empty for null, which is how Go encodes an empty list', async () => {
    assert.deepEqual(await all('null', 100), []);
  });

  test('is an error if it is truncated, followed by text or not an array', async () => {
    for (const text of [
      '[1,2',
      '[1,"a',
      '[1,"a\\"]',
      '[1,2]]',
      '[1,2] x',
      '{"a":[1]}',
      'x',
      '[1 2]',
    ]) {
      await assert.rejects(all(text, 1), SyntaxError, text);
    }
  });
});

async function all(text: string, sliceBytes: number): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const slice of parseArray(Buffer.from(text), sliceBytes)) items.push(...slice);
  return items;
}
