import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogNode } from '../../../src/consul/catalog/catalogNode.ts';
import {
  UNKNOWN_VISIBILITY,
  type VisibilityEvidence,
  assessVisibility,
  FULL_VISIBILITY,
} from '../../../src/exec/targeting/catalogVisibility.ts';

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
  parts: Partial<VisibilityEvidence> = {},
  gossip: { alive: number; failed: number } | undefined = { alive: 2, failed: 1 },
  version = '1.8.7',
): VisibilityEvidence => ({
  aclsOff: false,
  self: { datacenter: 'dc1', nodeName: 'a', version, isServer: true, gossip },
  isLocal: true,
  hasToken: true,
  filtered: false,
  ...parts,
});

test('without ACLs everything is visible, in every datacenter and without a token', () => {
  assert.deepEqual(
    assessVisibility(evidence({ aclsOff: true, isLocal: false, self: undefined }), NODES),
    FULL_VISIBILITY,
  );
});

test('with ACLs the catalog must show as many nodes as gossip counts', () => {
  assert.equal(assessVisibility(evidence(), NODES).nodes, true);
  assert.deepEqual(
    assessVisibility(evidence({}, { alive: 3, failed: 1 }), NODES),
    UNKNOWN_VISIBILITY,
  );
  // A failed agent may be back when the event is fired.
  assert.deepEqual(
    assessVisibility(evidence({}, { alive: 2, failed: 2 }), NODES),
    UNKNOWN_VISIBILITY,
  );
  assert.equal(assessVisibility(evidence({}, { alive: 2, failed: 0 }), NODES).nodes, true);
});

test("gossip counts apply only to the agent's own datacenter, and only if the agent is readable", () => {
  assert.deepEqual(assessVisibility(evidence({ isLocal: false }), NODES), UNKNOWN_VISIBILITY);
  assert.deepEqual(assessVisibility(evidence({ self: undefined }), NODES), UNKNOWN_VISIBILITY);
});

test('services are fully visible if servers would report otherwise', () => {
  const gossip = { alive: 2, failed: 1 };
  assert.deepEqual(assessVisibility(evidence({}, gossip, '1.11.0'), NODES), FULL_VISIBILITY);
  assert.deepEqual(assessVisibility(evidence({}, gossip, '2.0.0'), NODES), FULL_VISIBILITY);
  for (const version of ['1.8.7', '1.10.12', '0.9', '']) {
    const { services } = assessVisibility(evidence({}, gossip, version), NODES);
    assert.equal(services, false, version);
  }
  const noToken = evidence({ hasToken: false }, gossip, '1.22.0');
  assert.deepEqual(assessVisibility(noToken, NODES), { nodes: true, services: false });
  const unknown = evidence({ filtered: undefined }, gossip, '1.22.0');
  assert.deepEqual(assessVisibility(unknown, NODES), { nodes: true, services: false });
});

test('a report that something was left out overrides all other evidence', () => {
  assert.deepEqual(assessVisibility(evidence({ filtered: true }), NODES), UNKNOWN_VISIBILITY);
  assert.deepEqual(
    assessVisibility(evidence({ filtered: true, aclsOff: true }), NODES),
    UNKNOWN_VISIBILITY,
  );
});
