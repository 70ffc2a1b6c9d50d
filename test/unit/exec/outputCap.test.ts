import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Attempts } from '../../../src/exec/attempt/attempts.ts';
import { OutputCap } from '../../../src/exec/cap/outputCap.ts';
import { OutputLimit } from '../../../src/exec/cap/outputLimit.ts';
import type { RunEvent } from '../../../src/exec/events/runEvent.ts';
import { type LoopbackAgent, startLoopbackAgent } from '../../support/loopbackAgent.ts';

const CHUNK = 4096;
const out = (node: string, chunk: number) =>
  `_rexec/s1/${node}/out/${chunk.toString(16).padStart(5, '0')}`;

interface Operation {
  readonly Verb: string;
  readonly Key: string;
  readonly Session?: string;
}

/** A lock that is lost at the wrong moment can't be had from a real agent. */
describe('fences on chunks', () => {
  /** The session that holds each key. */
  let held: Map<string, string>;
  let sessions: Set<string>;
  let transactions: number;
  /** What happens to the next transactions. */
  let faults: ('unavailable' | 'lostAnswer' | 'denied')[];
  let agent: LoopbackAgent;
  let attempts: Attempts;
  let limit: OutputLimit;
  let cap: OutputCap;
  let noted: string[];

  beforeEach(async () => {
    held = new Map([['_rexec/s1/job', 's1']]);
    sessions = new Set();
    transactions = 0;
    faults = [];
    noted = [];
    agent = await startLoopbackAgent((request, response) => void answer(request, response));
    const job = { kind: 'command', text: 'x' } as const;
    const encodedJob = Buffer.from('{}');
    const { consul } = agent;
    attempts = new Attempts({ consul, prefix: '_rexec', sessionNode: undefined, job, encodedJob });
    await attempts.open(undefined);
    limit = new OutputLimit({ perNode: 100 * CHUNK, perRun: 0 });
    const fences = {
      holdChunk: (_: string, node: string, chunk: number) => noted.push(`${node} hold ${chunk}`),
      freeChunk: (_: string, node: string, chunk: number) => noted.push(`${node} free ${chunk}`),
    };
    cap = new OutputCap(consul, attempts, limit, fences);
  });
  afterEach(async () => {
    cap.dispose();
    await attempts.close(false, 1000);
    assert.deepEqual([...sessions], [], 'no session stays');
    await agent.close();
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString();
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    const session = pathname.split('/').at(-1) ?? '';
    if (pathname === '/v1/session/create') {
      const ID = `s${sessions.size + 1}`;
      sessions.add(ID);
      response.end(JSON.stringify({ ID }));
    } else if (pathname.startsWith('/v1/session/renew/')) {
      if (!sessions.has(session)) response.statusCode = 404;
      response.end(
        sessions.has(session) ? '[{"TTL":"120s"}]' : `Session id '${session}' not found`,
      );
    } else if (pathname.startsWith('/v1/session/destroy/')) {
      end(session);
      response.end('true');
    } else if (pathname === '/v1/txn') {
      transact(JSON.parse(body) as { KV: Operation }[], response);
    } else if (request.method === 'GET') {
      const key = pathname.slice('/v1/kv/'.length);
      if (!held.has(key)) response.statusCode = 404;
      response.setHeader('x-consul-index', '1');
      response.end(held.has(key) ? JSON.stringify([{ Session: held.get(key) }]) : '');
    } else {
      response.end('true');
    }
  }

  function end(session: string): void {
    sessions.delete(session);
    for (const [key, holder] of held) if (holder === session) held.delete(key);
  }

  function transact(operations: { KV: Operation }[], response: ServerResponse): void {
    transactions++;
    const fault = faults.shift();
    if (fault === 'unavailable') {
      response.writeHead(500).end('No cluster leader');
      return;
    }
    if (fault === 'denied') {
      response.writeHead(403).end('Permission denied');
      return;
    }
    const Errors = operations.flatMap(({ KV }, OpIndex) => {
      const holder = held.get(KV.Key);
      if (KV.Verb === 'lock' && holder !== undefined && holder !== KV.Session) {
        return [{ OpIndex, What: 'lock is already held' }];
      }
      const isLost = KV.Verb === 'check-session' && holder !== KV.Session;
      return isLost ? [{ OpIndex, What: 'session does not hold the key' }] : [];
    });
    if (Errors.length > 0) {
      response.writeHead(409).end(JSON.stringify({ Results: null, Errors }));
      return;
    }
    for (const { KV } of operations) {
      if (KV.Verb === 'lock') held.set(KV.Key, KV.Session ?? '');
      if (KV.Verb === 'delete') held.delete(KV.Key);
    }
    if (fault === 'lostAnswer') response.destroy();
    else response.end('{"Results":[]}');
  }

  /** The agent writes chunks that we read. */
  function write(node: string, from: number, count: number, bytes = CHUNK): void {
    for (let i = from; i < from + count; i++) {
      held.set(out(node, i), 's1');
      cap.note({ kind: 'output', node, bytes: Buffer.alloc(bytes) }, 20 * i);
    }
  }

  async function enforce(): Promise<RunEvent[]> {
    const { signal } = new AbortController();
    return cap.isDue ? Array.fromAsync(cap.enforce(signal)) : [];
  }

  async function enforceLater(): Promise<RunEvent[]> {
    for (let i = 0; i < 100 && !cap.isDue; i++) await new Promise((then) => setTimeout(then, 20));
    return enforce();
  }

  const exit = (node: string, code: number) => cap.note({ kind: 'exited', node, code }, 9999);

  test('far from the limit nothing is written', async () => {
    write('a', 0, 20);
    assert.deepEqual(await enforce(), []);
    assert.equal(transactions, 0);
    assert.equal(sessions.size, 1);
  });

  test('near the limit the chunk that reaches it is locked, and 255 behind it is a cut', async () => {
    write('a', 0, 85);
    const [limited] = await enforce();
    assert.equal(limited?.kind === 'limited' && limited.session, 's2');
    assert.equal(held.get(out('a', 100)), 's2');
    assert.deepEqual(noted, ['a hold 100']);
    write('a', 85, 15);
    const cut = exit('a', 255);
    assert.equal(cut?.kind === 'cut' && cut.bytes, 100 * CHUNK);
  });

  test("an exit before the fence, or with another code, is the job's own", async () => {
    write('a', 0, 85);
    write('b', 0, 85);
    await enforce();
    assert.equal(exit('a', 255), undefined);
    write('b', 85, 15);
    assert.equal(exit('b', 3), undefined);
  });

  test('a chunk that was written before the lock is left, and a later one is locked', async () => {
    write('a', 0, 85);
    write('b', 0, 85);
    // Written, and not read yet.
    for (let i = 85; i < 130; i++) held.set(out('a', i), 's1');
    await enforce();
    assert.equal(held.get(out('a', 100)), 's1');
    assert.equal(held.get(out('a', 148)), 's2');
    assert.equal(held.get(out('b', 100)), 's2');
    // It stays there while the rest is read.
    write('a', 85, 63);
    await enforce();
    assert.equal(held.get(out('a', 148)), 's2');
    assert.equal(exit('a', 255)?.kind, 'cut');
  });

  test('heartbeats move the fence, and the old key is free', async () => {
    write('a', 0, 99);
    await enforce();
    assert.equal(held.get(out('a', 100)), 's2');
    write('a', 99, 1, 0);
    await enforce();
    assert.equal(held.get(out('a', 100)), undefined);
    assert.equal(held.get(out('a', 109)), 's2');
    assert.deepEqual(noted.slice(1), ['a hold 109', 'a free 100']);
  });

  test('trouble for a moment is tried again', async () => {
    write('a', 0, 85);
    faults = ['unavailable'];
    await enforce();
    assert.equal(held.get(out('a', 100)), undefined);
    await enforceLater();
    assert.equal(held.get(out('a', 100)), 's2');
  });

  test('a move whose answer got lost is not made twice', async () => {
    write('a', 0, 99);
    await enforce();
    faults = ['lostAnswer'];
    write('a', 99, 1, 0);
    await enforce();
    assert.equal(held.get(out('a', 109)), 's2');
    write('a', 100, 1, 0);
    const events = await enforceLater();
    assert.ok(!events.some(({ kind }) => kind === 'warning'));
    assert.equal(held.get(out('a', 100)), 's1');
    assert.ok([...held].some(([key, holder]) => key.includes('/a/out/') && holder === 's2'));
  });

  test('where the token must not, one warning says so and the run continues', async () => {
    write('a', 0, 85);
    faults = ['denied', 'denied'];
    const events = await enforce();
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['limited', 'warning'],
    );
    write('a', 85, 5);
    assert.deepEqual(await enforce(), []);
  });

  test('fences whose session is gone are placed again under another', async () => {
    write('a', 0, 85);
    await enforce();
    end('s2');
    faults = ['unavailable']; // which makes us ask whether the session is alive
    limit.raise({ perNode: 105 * CHUNK, perRun: 0 });
    await enforce();
    await enforceLater();
    assert.match(held.get(out('a', 105)) ?? '', /^s/);
    assert.equal(held.get(out('a', 100)), undefined);
  });

  test('raising moves the fence at once, and no limit removes it', async () => {
    write('a', 0, 85);
    await enforce();
    assert.ok(!cap.raised.aborted);
    limit.raise({ perNode: 200 * CHUNK, perRun: 0 });
    assert.ok(cap.raised.aborted);
    const [limited] = await enforce();
    assert.deepEqual(limited?.kind === 'limited' && [limited.nodes, limited.perNode], [
      [],
      200 * CHUNK,
    ]);
    assert.equal(held.get(out('a', 200)), 's2');
    limit.raise({ perNode: 0, perRun: 0 });
    await enforce();
    assert.ok(![...held.values()].includes('s2'));
    assert.equal(noted.at(-1), 'a free 200');
  });
});
