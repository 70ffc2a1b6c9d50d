import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chunkName } from '../../../src/exec/protocol/keys.ts';
import { planReads, type Unread } from '../../../src/exec/protocol/readPlan.ts';

const TREE = '_rexec/sid/';

const unread: fc.Arbitrary<Unread> = fc.record({
  node: fc
    .constantFrom('a', 'b', 'web-01', 'x/ack', 'job')
    .chain((stem) => fc.nat(40).map((n) => `${stem}-${n}`)),
  chunks: fc
    .tuple(fc.oneof(fc.nat(300), fc.constantFrom(0xfff0, 0xffff0)), fc.nat(200))
    .map(([from, count]) => Array.from({ length: count }, (_, i) => from + i)),
  exit: fc.boolean(),
  fresh: fc.boolean(),
});
const listings = fc
  .uniqueArray(unread, { selector: ({ node }) => node, maxLength: 40 })
  .map((nodes) => nodes.map((one) => ({ ...one, fresh: one.fresh && (one.chunks[0] ?? 0) === 0 })));

function wantedKeys({ node, chunks, exit }: Unread): string[] {
  const keys = chunks.map((chunk) => `${TREE}${node}/out/${chunkName(chunk)}`);
  return exit ? [...keys, `${TREE}${node}/exit`] : keys;
}

test('every wanted key is covered, in the order of its node, within the limits of a request', () => {
  fc.assert(
    fc.property(listings, (nodes) => {
      const requests = [...planReads(TREE, nodes)];
      for (const request of requests) assert.ok(request.length > 0 && request.length <= 64);
      const flat = requests.flat();
      for (const node of nodes) {
        let at = 0;
        for (const key of wantedKeys(node)) {
          const found = flat.findIndex((prefix) => key.startsWith(prefix));
          assert.ok(found >= 0, `${key} is not read`);
          assert.ok(found >= at, `${key} is read before what comes before it`);
          at = found;
        }
      }
    }),
  );
});

test('no request asks for more than half a megabyte of chunks', () => {
  fc.assert(
    fc.property(listings, (nodes) => {
      const keys = nodes.flatMap(wantedKeys).filter((key) => key.includes('/out/'));
      for (const request of planReads(TREE, nodes)) {
        const chunks = keys.filter((key) => request.some((prefix) => key.startsWith(prefix)));
        assert.ok(chunks.length * 4096 <= 512 * 1024, `${chunks.length} chunks`);
      }
    }),
  );
});

test('nothing unread needs no request', () => {
  assert.deepEqual([...planReads(TREE, [])], []);
});

test('many small nodes share requests, one operation each', () => {
  const nodes = Array.from({ length: 130 }, (_, i) => {
    return { node: `n${i}`, chunks: [0], exit: true, fresh: true };
  });
  const requests = [...planReads(TREE, nodes)];
  assert.deepEqual(
    requests.map(({ length }) => length),
    [64, 64, 2],
  );
  assert.equal(requests[0]?.[0], `${TREE}n0/`);
});

test('a long output is read in blocks of sixteen chunks', () => {
  const chunks = Array.from({ length: 32 }, (_, i) => 16 + i);
  const [request] = planReads(TREE, [{ node: 'n', chunks, exit: true, fresh: false }]);
  assert.deepEqual(request, [`${TREE}n/out/0001`, `${TREE}n/out/0002`, `${TREE}n/exit`]);
});
