import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogNode } from '../../../src/consul/catalogNode.ts';
import { BLIND, type Evidence, sightOf, WHOLE } from '../../../src/exec/sight.ts';

const node = (name: string, gossip: CatalogNode['gossip'] = 'alive'): CatalogNode => ({
  name,
  address: '',
  services: [],
  gossip,
  failing: [],
  isServer: false,
});
const NODES = [node('a'), node('b'), node('c', 'failed'), node('external', 'absent')];

const evidence = (
  parts: Partial<Evidence> = {},
  gossip: { alive: number; failed: number } | undefined = { alive: 2, failed: 1 },
  version = '1.8.7',
): Evidence => ({
  aclsOff: false,
  self: { datacenter: 'dc1', nodeName: 'a', version, isServer: true, gossip },
  home: true,
  hasToken: true,
  filtered: false,
  ...parts,
});

test('without ACLs everything is seen, in every datacenter and by whomever', () => {
  assert.deepEqual(
    sightOf(evidence({ aclsOff: true, home: false, self: undefined }), NODES),
    WHOLE,
  );
});

test('with ACLs it takes as many nodes as gossip counts', () => {
  assert.equal(sightOf(evidence(), NODES).nodes, true);
  assert.deepEqual(sightOf(evidence({}, { alive: 3, failed: 1 }), NODES), BLIND);
  // One that failed may be back when the event goes out.
  assert.deepEqual(sightOf(evidence({}, { alive: 2, failed: 2 }), NODES), BLIND);
  assert.equal(sightOf(evidence({}, { alive: 2, failed: 0 }), NODES).nodes, true);
});

test('gossip tells of the agent’s own datacenter only, and only to who may ask the agent', () => {
  assert.deepEqual(sightOf(evidence({ home: false }), NODES), BLIND);
  assert.deepEqual(sightOf(evidence({ self: undefined }), NODES), BLIND);
});

test('services are seen whole where servers would say that they are not', () => {
  const gossip = { alive: 2, failed: 1 };
  assert.deepEqual(sightOf(evidence({}, gossip, '1.11.0'), NODES), WHOLE);
  assert.deepEqual(sightOf(evidence({}, gossip, '2.0.0'), NODES), WHOLE);
  for (const version of ['1.8.7', '1.10.12', '0.9', '']) {
    const { services } = sightOf(evidence({}, gossip, version), NODES);
    assert.equal(services, false, version);
  }
  const noToken = evidence({ hasToken: false }, gossip, '1.22.0');
  assert.deepEqual(sightOf(noToken, NODES), { nodes: true, services: false });
  const unasked = evidence({ filtered: undefined }, gossip, '1.22.0');
  assert.deepEqual(sightOf(unasked, NODES), { nodes: true, services: false });
});

test('what the servers say they left out is left out, whatever else is known', () => {
  assert.deepEqual(sightOf(evidence({ filtered: true }), NODES), BLIND);
  assert.deepEqual(sightOf(evidence({ filtered: true, aclsOff: true }), NODES), BLIND);
});
