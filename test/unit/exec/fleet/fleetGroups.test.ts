import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupFleet } from '../../../../src/exec/fleet/fleetGroups.ts';

function node(name: string, services: readonly string[]) {
  return {
    label: name,
    node: {
      name,
      address: '10.0.0.1',
      services: services.map((service, i) => ({
        id: `${service}-${i}`,
        name: service,
        tags: [],
        kind: '',
      })),
      gossip: 'alive' as const,
      failing: [],
      isServer: false,
    },
  };
}

test('a node is below each of its services, once, and those without come last', () => {
  const nodes = [
    node('a', ['web10', 'web2']),
    node('b', []),
    node('c', ['web2', 'web2']),
    node('d', ['__proto__']),
  ];
  const groups = groupFleet(nodes).map(({ service, nodes: members }) => [
    service,
    members.map(({ label }) => label),
  ]);
  assert.deepEqual(groups, [
    ['__proto__', ['d']],
    ['web2', ['a', 'c']],
    ['web10', ['a']],
    [undefined, ['b']],
  ]);
});

test('ten thousand nodes keep their order in each group', () => {
  const nodes = Array.from({ length: 10_000 }, (_, i) => node(`n${i}`, [`s${i % 7}`, 'all']));
  const groups = groupFleet(nodes);
  assert.equal(groups.length, 8);
  assert.deepEqual(groups[0]?.nodes, nodes);
  assert.equal(
    groups.slice(1).reduce((sum, group) => sum + group.nodes.length, 0),
    10_000,
  );
});
