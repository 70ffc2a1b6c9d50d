import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { authorize } from '../../../src/consul/acl.ts';
import { readSelf } from '../../../src/consul/agent.ts';
import { findSessionNode, listDatacenters } from '../../../src/consul/catalog/datacenters.ts';
import { readInventory } from '../../../src/consul/catalog/inventory.ts';
import { LiveInventory } from '../../../src/consul/catalog/liveInventory.ts';
import { readMembers } from '../../../src/consul/catalog/members.ts';
import { Consul } from '../../../src/consul/consul.ts';
import { ServerError, UnreachableError } from '../../../src/consul/errors/consulErrors.ts';
import { fireEvent } from '../../../src/consul/event.ts';
import { createSession } from '../../../src/consul/session.ts';
import { startLoopbackAgent } from '../../support/loopbackAgent.ts';

/** What comes instead of the first responses: a status and a text, or a broken connection. */
type Trouble = readonly [status: number, text: string] | 'cut';

const LEADERLESS: Trouble = [500, 'rpc error making call: No cluster leader'];

/** Calls an agent that is in trouble for the first requests. @returns the number of requests */
async function inTrouble(
  troubles: readonly Trouble[],
  body: string,
  use: (consul: Consul) => Promise<unknown>,
): Promise<number> {
  let requests = 0;
  const agent = await startLoopbackAgent((request, response) => {
    const trouble = troubles[requests++];
    if (trouble === 'cut') request.socket.destroy();
    else if (trouble) response.writeHead(trouble[0]).end(trouble[1]);
    else response.end(body);
  });
  try {
    await use(agent.consul);
    return requests;
  } finally {
    await agent.close();
  }
}

const SELF = JSON.stringify({ Config: { Datacenter: 'dc1', NodeName: 'a' } });
const BUSY: readonly Trouble[] = [
  LEADERLESS,
  [429, 'rate limit exceeded'],
  [503, 'rate limit exceeded for operation that can only be performed by the leader'],
];

/** The reads before a run, and a response that each accepts. */
const READS: readonly [string, string, (consul: Consul) => Promise<unknown>][] = [
  ['self', SELF, readSelf],
  ['datacenters', '["dc1"]', listDatacenters],
  ['inventory', '[]', readInventory],
  ['members', '[]', readMembers],
  ['session node', '[]', (consul) => findSessionNode(consul, undefined)],
  [
    'permissions',
    '[{"Allow":true}]',
    (consul) => authorize(consul, [{ resource: 'event', access: 'write', segment: '_rexec' }]),
  ],
];

describe('a read before a run', { concurrency: true }, () => {
  for (const [name, body, read] of READS) {
    test(`of the ${name} is repeated while Consul is busy or has no leader`, async () => {
      assert.equal(await inTrouble(BUSY, body, read), 4);
    });
  }

  test('is repeated after a broken connection and the error of a gateway', async () => {
    assert.equal(await inTrouble(['cut', [502, ''], [503, '<html>']], SELF, readSelf), 4);
  });

  test('shows the error if that lasts for some seconds', async () => {
    const from = performance.now();
    const always = Array.from({ length: 20 }, () => LEADERLESS);
    const requests = await inTrouble(always, '', (consul) =>
      assert.rejects(readSelf(consul), ServerError),
    );
    assert.equal(requests, 6);
    assert.ok(performance.now() - from < 12_000);
  });

  test('gives the live inventory its first nodes', async () => {
    await inTrouble([LEADERLESS], '[]', async (consul) => {
      const inventory = new LiveInventory(consul);
      assert.deepEqual(await inventory.ready(), []);
      assert.equal(inventory.failure, undefined);
      inventory.dispose();
    });
  });

  test('is not repeated after a refusal', async () => {
    for (const refusal of [
      [500, 'Invalid node filter: error parsing regexp'],
      [400, 'no'],
      [404, ''],
      [403, 'Permission denied'],
    ] as const) {
      const requests = await inTrouble([refusal], SELF, (consul) =>
        readSelf(consul).catch(() => undefined),
      );
      assert.equal(requests, 1);
    }
  });

  test('ends at once when it is canceled', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(new Error('enough')), 100);
    const requests = await inTrouble(BUSY, SELF, (consul) =>
      assert.rejects(readSelf(consul, stop.signal), /enough/),
    );
    assert.ok(requests <= 1, String(requests));
  });
});

test('an agent that refuses connections is reported at once', async () => {
  const agent = await startLoopbackAgent(() => undefined);
  await agent.close();
  const consul = new Consul({ endpoint: agent.consul.transport.endpoint });
  const from = performance.now();
  await assert.rejects(readSelf(consul), UnreachableError);
  assert.ok(performance.now() - from < 1000);
  await consul.close();
});

test('a request that changes something is never repeated here', async () => {
  for (const change of [
    (consul: Consul) => fireEvent(consul, '_rexec', '{}', {}),
    (consul: Consul) => createSession(consul, { name: 'x', ttlSeconds: 10 }),
  ]) {
    const requests = await inTrouble(BUSY, '{}', (consul) =>
      assert.rejects(change(consul), ServerError),
    );
    assert.equal(requests, 1);
  }
});
