import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import { readInventory } from '../../src/consul/catalog/inventory.ts';
import { LiveInventory } from '../../src/consul/catalog/liveInventory.ts';
import { readDocumentedInventory } from '../../src/consul/catalog/inventoryDocumented.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { registerExternalNode } from './oddFleet.ts';

/** A node with a failing check, and a node without services. */
const clients = [
  {
    name: 'web-01',
    services: [
      { id: 'nginx-1', name: 'web', tags: ['primary'], check: { ttl: '1h', status: 'warning' } },
      { id: 'consul', name: 'myconsul' },
    ],
  },
  { name: 'bare', remoteExec: false },
];

describe('the inventory of a real fleet', () => {
  let fleet: Fleet;
  let consul: Consul;

  before(async () => {
    fleet = await startFleet({ clients });
    consul = new Consul({ endpoint: parseAddress(fleet.address) });
    await registerExternalNode(fleet.address);
  });

  after(async () => {
    await consul.close();
    await fleet.stop();
  });

  test('has nodes, service IDs, tags, health and nodes without agent', async () => {
    const nodes = new Map((await readInventory(consul)).map((node) => [node.name, node]));
    assert.deepEqual([...nodes.keys()].sort(), ['bare', 'ext-1', 'server-1', 'web-01']);
    const web = nodes.get('web-01');
    assert.deepEqual(
      web?.services.find(({ id }) => id === 'nginx-1'),
      { id: 'nginx-1', name: 'web', tags: ['primary'], kind: '' },
    );
    assert.deepEqual(web.failing, ["Service 'web' check"]);
    assert.deepEqual([web.gossip, web.isServer], ['alive', false]);
    assert.equal(nodes.get('ext-1')?.gossip, 'absent');
    assert.ok(nodes.get('server-1')?.isServer);
    assert.ok(nodes.get('server-1')?.services[0]?.catalogOnly);
  });

  test('is the same from the documented endpoints', async () => {
    const sorted = (nodes: Awaited<ReturnType<typeof readInventory>>) =>
      nodes
        .map((node) => ({
          ...node,
          services: node.services.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1));
    assert.deepEqual(
      sorted(await readDocumentedInventory(consul)),
      sorted(await readInventory(consul)),
    );
  });

  test('comes from the documented endpoints if the agent blocks the other', async () => {
    const blocking = await startFleet({
      clients: [],
      config: { http_config: { block_endpoints: ['/v1/internal/'] } },
    });
    const blocked = new Consul({ endpoint: parseAddress(blocking.address) });
    try {
      const [node] = await readInventory(blocked);
      assert.deepEqual([node?.name, node?.gossip, node?.isServer], ['server-1', 'alive', true]);
      assert.ok(blocked.transport.traffic.requests > 3);
    } finally {
      await blocked.close();
      await blocking.stop();
    }
  });

  test('stays current until it is disposed, and then sends no requests', async () => {
    const live = new LiveInventory(consul);
    try {
      assert.equal((await live.ready()).length, 4);
      const changed = new Promise<void>((resolve) => {
        live.onChange(() => {
          if (live.nodes?.some(({ name }) => name === 'late')) resolve();
        });
      });
      await fetch(`${fleet.address}/v1/catalog/register`, {
        method: 'PUT',
        body: JSON.stringify({ Node: 'late', Address: '10.9.9.8' }),
      });
      await changed;
      assert.equal(live.failure, undefined);
    } finally {
      live.dispose();
    }
    // One request, or several where the servers lack the endpoint for all nodes.
    const readAndCount = async () => {
      const { requests } = consul.transport.traffic;
      await readInventory(consul);
      return consul.transport.traffic.requests - requests;
    };
    assert.equal(await readAndCount(), await readAndCount());
  });

  test('keeps its last state and has the error if the agent is gone', async () => {
    const alone = await startFleet({ clients: [] });
    const away = new Consul({ endpoint: parseAddress(alone.address) });
    const live = new LiveInventory(away);
    try {
      await live.ready();
      const told = new Promise<void>((resolve) => {
        live.onChange(() => live.failure !== undefined && resolve());
      });
      await alone.stop();
      await told;
      assert.equal(live.nodes?.length, 1);
    } finally {
      live.dispose();
      await away.close();
      await alone.stop();
    }
  });
});
