import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Consul } from '../../src/consul/consul.ts';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import type { EventFilters } from '../../src/consul/event.ts';
import { readInventory } from '../../src/consul/catalog/inventory.ts';
import type { CatalogNode } from '../../src/consul/catalog/catalogNode.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { findTargets } from '../../src/exec/targeting/matchNodes.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { oddClients, oddServer, registerExternalNode } from './oddFleet.ts';
import { TRIPLES } from './filterTriples.ts';

/** Runs share two cores with the agents: more at once only delay each other's acknowledgments. */
const RUNS_AT_ONCE = 24;

describe('the preview equals the nodes that run the job', () => {
  let fleet: Fleet;
  let consul: Consul;
  let nodes: readonly CatalogNode[];

  before(async () => {
    fleet = await startFleet({ clients: oddClients, servers: [oddServer] });
    consul = new Consul({ endpoint: parseAddress(fleet.address) });
    await registerExternalNode(fleet.address);
    const maintenance = '/v1/agent/maintenance?enable=true&reason=test';
    await fetch(fleet.agent('maint-1').httpAddress + maintenance, { method: 'PUT' });
    nodes = await readInventory(consul);
  });

  after(async () => {
    await consul.close();
    await fleet.stop();
  });

  test('the fleet has the odd nodes that the table needs', () => {
    assert.ok(fleet.agents.length >= 12);
    assert.ok(TRIPLES.length >= 70);
    assert.equal(nodes.find(({ name }) => name === 'ext-1')?.gossip, 'absent');
    assert.deepEqual(nodes.find(({ name }) => name === 'maint-1')?.failing.length, 1);
  });

  describe('for each triple of filters', { concurrency: RUNS_AT_ONCE }, () => {
    for (const [node, service, tag, expected] of TRIPLES) {
      test(`node ${show(node)}, service ${show(service)}, tag ${show(tag)}`, async () => {
        const filters = { node, service, tag };
        const predicted = findTargets(nodes, filters).reached.map(({ name }) => name);
        const ran = new Set(await whoRuns(fleet.address, filters));
        // Gossip can miss a node, and a run without known targets does not tell it again.
        if (predicted.some((name) => !ran.has(name))) {
          for (const name of await whoRuns(fleet.address, filters)) ran.add(name);
        }
        assert.deepEqual([...ran].sort(), predicted.sort());
        if (expected !== undefined) assert.deepEqual(predicted, expected.toSorted());
      });
    }
  });
});

function show(expression: string): string {
  return expression === '' ? 'any' : `/${expression}/`;
}

/** @returns the names of the nodes that acknowledged, sorted */
async function whoRuns(address: string, filters: EventFilters): Promise<string[]> {
  const consul = new Consul({ endpoint: parseAddress(address) });
  const request = {
    job: { kind: 'arguments' as const, args: ['true'] },
    announcements: [filters],
    options: { prefix: '_rexec', quietMs: 3000, replicationWaitMs: 0 },
  };
  const names = new Set<string>();
  for await (const event of runJob(consul, request)) {
    if (event.kind === 'acknowledged') names.add(event.node);
  }
  await consul.close();
  return [...names].sort();
}
