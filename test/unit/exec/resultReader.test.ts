import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { type Change, ResultReader } from '../../../src/exec/run/resultReader.ts';
import { chunkName } from '../../../src/exec/protocol/keys.ts';
import { type LoopbackAgent, startLoopbackAgent } from '../../support/loopbackAgent.ts';

const TREE = '_rexec/sid/';

/** What the collector tells, in short: `a ack`, `a 3 bytes`, `a beats`, `a exits 0`. */
function inShort(change: Change): string {
  switch (change.kind) {
    case 'acknowledged':
      return `${change.node} ack`;
    case 'output':
      return `${change.node} ${change.bytes.toString()}`;
    case 'gap':
      return `${change.node} misses ${change.chunks}`;
    case 'heartbeat':
      return `${change.node} beats`;
    case 'heldChunk':
      return `${change.node} cannot write ${change.sequence}`;
    case 'exited':
      return `${change.node} exits ${change.code}`;
  }
}

describe('reading a tree', () => {
  /** In any order; Consul gives them in that of their names. */
  let keys: Map<string, string>;
  /** Sessions that hold keys; a key without one is taken for an agent's. */
  let holders: Map<string, string>;
  let index: number;
  let urls: string[];
  let agent: LoopbackAgent;

  beforeEach(async () => {
    keys = new Map([[`${TREE}job`, '{}']]);
    holders = new Map();
    index = 10;
    urls = [];
    agent = await startLoopbackAgent(answer);
  });
  afterEach(() => agent.close());

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '';
    urls.push(url);
    response.setHeader('x-consul-index', String(index));
    const below = (prefix: string) =>
      [...keys].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
    const wire = ([Key, value]: [string, string]) => ({
      Key,
      Value: btoa(value),
      ...(holders.has(Key) && { Session: holders.get(Key) }),
    });
    if (url.startsWith('/v1/txn')) {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        const prefixes = (JSON.parse(body) as { KV: { Key: string } }[]).map(({ KV }) => KV.Key);
        const Results = prefixes.flatMap((prefix) => below(prefix).map(wire));
        response.end(JSON.stringify({ Results: Results.map((KV) => ({ KV })) }));
      });
    } else if (url.includes('?keys')) {
      response.end(JSON.stringify(below(TREE).map(([key]) => key)));
    } else {
      response.end(JSON.stringify(below(TREE).map(wire)));
    }
  }

  const put = (node: string, rest: string, value = '') => keys.set(`${TREE}${node}/${rest}`, value);
  const out = (node: string, number: number, value: string) =>
    put(node, `out/${chunkName(number)}`, value);

  async function read(collector: ResultReader, waitMs = 0): Promise<string[]> {
    const changes: string[] = [];
    for await (const some of collector.read(waitMs)) changes.push(...some.map(inShort));
    return changes;
  }

  /** From here on keys are listed, and new ones read in batches. */
  async function makeLarge(collector: ResultReader): Promise<void> {
    out('zz', 0, 'x'.repeat(400_000));
    await read(collector);
  }

  for (const way of ['whole', 'listed'] as const) {
    const begin = async (targets: readonly string[] = []) => {
      const collector = new ResultReader(agent.consul, TREE, 'sid', targets);
      if (way === 'listed') await makeLarge(collector);
      return collector;
    };

    test(`every key is told once, in the order of its node (${way})`, async () => {
      const collector = await begin();
      put('a', 'exit', '3');
      put('a', 'ack');
      out('a', 1, 'two');
      out('a', 0, 'one');
      out('a', 2, '');
      const told = ['a ack', 'a one', 'a two', 'a beats', 'a exits 3'];
      assert.deepEqual(await read(collector), told);
      assert.deepEqual(await read(collector), []);
      out('b', 0, 'late');
      assert.deepEqual(await read(collector), ['b ack', 'b late']);
    });

    test(`an acknowledgment that a fence met is told once (${way})`, async () => {
      const collector = await begin(['a', 'b']);
      for (const node of ['a', 'b']) put(node, 'ack');
      assert.equal(collector.acknowledge(TREE, 'a'), true);
      assert.equal(collector.acknowledge(TREE, 'a'), false);
      const told = await read(collector);
      assert.ok(!told.includes('a ack'), told.join());
      assert.ok(told.includes('b ack'), told.join());
      // A read was first.
      assert.equal(collector.acknowledge(TREE, 'b'), false);
      out('a', 0, 'one');
      assert.deepEqual(await read(collector), ['a one']);
    });

    test(`an exit without an acknowledgement stands for both (${way})`, async () => {
      const collector = await begin();
      put('a', 'exit', '0');
      assert.deepEqual(await read(collector), ['a ack', 'a exits 0']);
    });

    test(`a node that runs twice overwrites its keys, and is told once (${way})`, async () => {
      const collector = await begin();
      put('a', 'ack');
      out('a', 0, 'first');
      put('a', 'exit', '0');
      await read(collector);
      out('a', 0, 'second');
      put('a', 'exit', '1');
      assert.deepEqual(await read(collector), []);
    });

    test(`a name that agents clean is told as the target is called (${way})`, async () => {
      const collector = await begin(['a//b', './c']);
      put('a/b', 'ack');
      out('a/b', 0, 'one');
      put('c', 'exit', '0');
      const told = (await read(collector)).sort();
      assert.deepEqual(told, ['./c ack', './c exits 0', 'a//b ack', 'a//b one']);
      out('a/b', 1, 'two');
      put('a/b', 'exit', '0');
      assert.deepEqual(await read(collector), ['a//b two', 'a//b exits 0']);
    });

    test(`where two targets share their keys, the one of that name is told (${way})`, async () => {
      const collector = await begin(['a//b', 'a/b']);
      put('a/b', 'ack');
      assert.deepEqual(await read(collector), ['a/b ack']);
    });
  }

  test('numbers beyond five digits come in their order, not in that of their names', async () => {
    const collector = new ResultReader(agent.consul, TREE, 'sid');
    await makeLarge(collector);
    const known = 0xffff0;
    out('a', known - 1, 'known');
    await read(collector);
    // Chunk 100000 has a name that begins as that of chunk 10000 does, and sorts before fffff.
    for (let i = known; i < 0x100012; i++) out('a', i, i.toString(16));
    const told = await read(collector);
    assert.deepEqual(
      told,
      Array.from({ length: 0x100012 - known }, (_, i) => `a ${(known + i).toString(16)}`),
    );
  });

  test('what is read along with an earlier chunk of a like name is left for its turn', async () => {
    const collector = new ResultReader(agent.consul, TREE, 'sid');
    await makeLarge(collector);
    out('a', 0xffff, 'before');
    await read(collector);
    out('a', 0x10000, 'next');
    out('a', 0x100000, 'far');
    const told = await read(collector);
    assert.deepEqual(told, ['a next']);
    for (let i = 0x10001; i < 0x10005; i++) out('a', i, i.toString(16));
    assert.deepEqual(await read(collector), ['a 10001', 'a 10002', 'a 10003', 'a 10004']);
  });

  for (const way of ['whole', 'listed'] as const) {
    const begin = async () => {
      const collector = new ResultReader(agent.consul, TREE, 'sid');
      if (way === 'listed') await makeLarge(collector);
      return collector;
    };

    test(`chunks that were deleted before they were read are reported (${way})`, async () => {
      const collector = await begin();
      out('a', 0, 'one');
      await read(collector);
      out('a', 4, 'five');
      out('a', 5, 'six');
      put('a', 'exit', '0');
      assert.deepEqual(await read(collector), ['a misses 3', 'a five', 'a six', 'a exits 0']);
    });

    test(`a foreign key does not pass for a chunk, whatever its number (${way})`, async () => {
      const collector = await begin();
      out('a', 0, 'one');
      out('a', 0xffff, 'foreign');
      holders.set(`${TREE}a/out/${chunkName(0xffff)}`, 'other');
      assert.deepEqual(await read(collector), ['a ack', 'a one']);
      out('a', 1, 'two');
      assert.deepEqual(await read(collector), ['a two']);
      assert.deepEqual(await read(collector), []);
    });

    test(`a fence of another window says which chunk the node can't write (${way})`, async () => {
      const collector = await begin();
      out('a', 0, 'one');
      out('a', 5, 'fenced');
      holders.set(`${TREE}a/out/${chunkName(5)}`, 'other');
      assert.deepEqual(await read(collector), ['a cannot write 5', 'a ack', 'a one']);
    });

    test(`a fence of ours is no output, and a chunk in its place is, once it is gone (${way})`, async () => {
      const collector = await begin();
      const fence = `${TREE}a/out/${chunkName(1)}`;
      out('a', 0, 'one');
      await read(collector);
      collector.holdChunk(TREE, 'a', 1);
      keys.set(fence, 'fenced');
      holders.set(fence, 'other');
      assert.deepEqual(await read(collector), []);
      collector.freeChunk(TREE, 'a', 1);
      holders.delete(fence);
      out('a', 1, 'two');
      assert.deepEqual(await read(collector), ['a two']);
    });

    test(`nothing is read of a node after its exit (${way})`, async () => {
      const collector = await begin();
      out('a', 0, 'one');
      put('a', 'exit', '0');
      await read(collector);
      out('a', 1, 'more');
      assert.deepEqual(await read(collector), []);
    });

    test(`a node whose ack key a session of ours took has acknowledged (${way})`, async () => {
      const collector = await begin();
      put('a', 'ack', 'begun');
      holders.set(`${TREE}a/ack`, 'keeper');
      assert.deepEqual(await read(collector), ['a ack']);
      out('a', 0, 'one');
      assert.deepEqual(await read(collector), ['a one']);
    });

    test(`a further attempt is read under its own session (${way})`, async () => {
      const collector = await begin();
      collector.addAttempt(2, `${TREE}sid2/`, 'sid2');
      collector.fence(TREE, ['a']);
      put('a', 'ack', 'fenced');
      holders.set(`${TREE}a/ack`, 'sid2');
      put('sid2/a', 'ack');
      out('sid2/a', 0, 'one');
      put('b', 'ack');
      const told = (await read(collector)).sort();
      assert.deepEqual(told, ['a ack', 'a one', 'b ack']);
      put('sid2/a', 'exit', '0');
      assert.deepEqual(await read(collector), ['a exits 0']);
    });
  }

  test('a fence of an earlier window is no acknowledgment', async () => {
    const collector = new ResultReader(agent.consul, TREE, 'sid');
    put('a', 'ack', 'fenced');
    holders.set(`${TREE}a/ack`, 'other');
    assert.deepEqual(await read(collector), []);
    await makeLarge(collector);
    assert.deepEqual(await read(collector), []);
  });

  for (const [text, code] of [
    ['0x10', 255],
    ['1e3', 255],
    ['', 255],
    ['-1', -1],
    ['7', 7],
  ] as const) {
    test(`the exit value "${text}" is read as ${code}`, async () => {
      const collector = new ResultReader(agent.consul, TREE, 'sid');
      put('a', 'exit', text);
      assert.deepEqual(await read(collector), ['a ack', `a exits ${code}`]);
    });
  }

  for (const way of ['whole', 'listed'] as const) {
    test(`an index that falls is not waited on (${way})`, async () => {
      const collector = new ResultReader(agent.consul, TREE, 'sid');
      if (way === 'listed') await makeLarge(collector);
      await read(collector);
      await read(collector, 60_000);
      assert.match(urls.at(-1)!, /index=10\b/);
      index = 4;
      await read(collector, 60_000);
      await read(collector, 60_000);
      assert.doesNotMatch(urls.at(-1)!, /index=/);
      await read(collector, 60_000);
      assert.match(urls.at(-1)!, /index=4\b/);
    });
  }
});
