import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { uiNode } from '../../../src/consul/catalog/inventoryWire.ts';

describe('an element of internal/ui/nodes', () => {
  const serf = { CheckID: 'serfHealth', Name: 'Serf Health Status', Status: 'passing' };

  test('is a node', () => {
    const node = uiNode({ Node: 'a', Address: '10.0.0.1', Services: null, Checks: [serf] });
    assert.equal(node?.name, 'a');
    assert.equal(node.gossip, 'alive');
  });

  test('is a node of this cluster unless it names a peer', () => {
    const item = { Node: 'a', Address: '10.0.0.1', Services: [], Checks: [] };
    assert.equal(uiNode({ ...item, PeerName: '' })?.name, 'a');
    assert.equal(uiNode({ ...item, PeerName: 'cluster-02' }), undefined);
  });
});
