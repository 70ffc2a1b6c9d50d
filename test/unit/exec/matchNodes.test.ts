import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CatalogNode, ServiceInstance } from '../../../src/consul/catalog/catalogNode.ts';
import { filterBudget, filterSize } from '../../../src/exec/protocol/eventBudget.ts';
import {
  UNKNOWN_VISIBILITY,
  FULL_VISIBILITY,
} from '../../../src/exec/targeting/catalogVisibility.ts';
import { exactFilters, findTargets } from '../../../src/exec/targeting/matchNodes.ts';

function service(id: string, name = id, tags: readonly string[] = []): ServiceInstance {
  return { id, name, tags, kind: '' };
}

function node(
  name: string,
  services: readonly ServiceInstance[] = [],
  gossip: CatalogNode['gossip'] = 'alive',
): CatalogNode {
  return { name, address: '10.0.0.1', services, gossip, failing: [], isServer: false };
}

const FLEET = [
  node('web-1', [service('nginx-1', 'web', ['primary']), service('log', 'log', ['secondary'])]),
  node('web-10', [service('nginx-10', 'web', ['secondary'])]),
  node('db-1', [service('pg', 'db')]),
  node('down-1', [service('nginx-9', 'web', ['primary'])], 'failed'),
  node('external', [service('nginx-8', 'web', ['primary'])], 'absent'),
];

function reached(filters: Parameters<typeof findTargets>[1], nodes = FLEET): string[] {
  return findTargets(nodes, filters).reached.map(({ name }) => name);
}

test('no filter reaches every node with a live agent', () => {
  assert.deepEqual(reached({}), ['web-1', 'web-10', 'db-1']);
  assert.deepEqual(
    findTargets(FLEET, {}).unreachable.map(({ name }) => name),
    ['down-1', 'external'],
  );
});

test('node expressions are unanchored and case-sensitive', () => {
  assert.deepEqual(reached({ node: 'web-1' }), ['web-1', 'web-10']);
  assert.deepEqual(reached({ node: '^web-1$' }), ['web-1']);
  assert.deepEqual(reached({ node: 'WEB' }), []);
});

test('service expressions are matched against IDs, not names', () => {
  assert.deepEqual(reached({ service: '^web$' }), []);
  assert.deepEqual(reached({ service: 'nginx' }), ['web-1', 'web-10']);
});

test('the tag must be on the service instance that matches', () => {
  assert.deepEqual(reached({ service: 'nginx', tag: 'secondary' }), ['web-10']);
  assert.deepEqual(reached({ service: 'pg', tag: '' }), ['db-1']);
  assert.deepEqual(reached({ service: 'pg', tag: '.*' }), []);
});

test('the consul service of servers exists only in the catalog', () => {
  const server = node('server-1', [{ ...service('consul'), catalogOnly: true }]);
  assert.deepEqual(reached({ service: 'consul' }, [server]), []);
});

const PAYLOAD = 68;
const fleets = fc
  .uniqueArray(fc.tuple(fc.constantFrom('web', 'db', 'ip-10.0', 'ノ'), fc.nat(3000)), {
    selector: ([stem, n]) => `${stem}-${n}`,
    minLength: 1,
    maxLength: 200,
  })
  .chain((names) =>
    fc.tuple(
      ...names.map(([stem, n]) =>
        fc
          .tuple(fc.constantFrom('alive', 'alive', 'alive', 'failed', 'absent'), fc.boolean())
          .map(([gossip, extra]) =>
            node(
              `${stem}-${n}`,
              [service(`${stem}-id`, stem), ...(extra ? [service(`extra-${n % 3}`, 'extra')] : [])],
              gossip,
            ),
          ),
      ),
    ),
  );
const targetRules: readonly ((n: CatalogNode, i: number) => boolean)[] = [
  () => true,
  (n) => n.name.startsWith('web'),
  (n) => n.services.length > 1,
  (_, i) => i % 2 === 0,
  (_, i) => i !== 0,
];

test('exact filters reach exactly the targets, each by only one event', async () => {
  await fc.assert(
    fc.asyncProperty(
      fleets,
      fc.constantFrom(...targetRules),
      fc.boolean(),
      fc.boolean(),
      async (nodes, isTarget, aliveOnly, isVisible) => {
        const targets = nodes
          .filter(isTarget)
          .filter(({ gossip }) => !aliveOnly || gossip === 'alive')
          .map(({ name }) => name);
        if (targets.length === 0) return;
        const events = await exactFilters(
          targets,
          nodes,
          PAYLOAD,
          isVisible ? FULL_VISIBILITY : UNKNOWN_VISIBILITY,
        );
        const all = events.flatMap((filters) => reached(filters, nodes));
        const alive = nodes.filter((n) => n.gossip === 'alive' && targets.includes(n.name));
        assert.deepEqual(all.toSorted(), alive.map(({ name }) => name).toSorted());
        for (const filters of events) assert.ok(filterSize(filters) <= filterBudget(PAYLOAD));
      },
    ),
    { numRuns: 300 },
  );
});

test('filters cannot reach nodes that the catalog may hide', async () => {
  const names = Array.from({ length: 150 }, (_, i) => `ip-${(i * 7919) % 65_521}`);
  const nodes = names.map((name) => node(name, [], 'alive'));
  const events = await exactFilters(names, nodes, PAYLOAD, UNKNOWN_VISIBILITY);
  assert.ok(events.every((filters) => filters.node && !filters.service));
  assert.deepEqual(await exactFilters(names, nodes, PAYLOAD, FULL_VISIBILITY), [{}]);
});

test('as many targets as live nodes are not every node, if one of the targets is down', async () => {
  const names = Array.from({ length: 150 }, (_, i) => `ip-${(i * 7919) % 65_521}`);
  const nodes = names.map((name, i) => node(name, [], i < 149 ? 'alive' : 'failed'));
  const targets = names.slice(1);
  const events = await exactFilters(targets, nodes, PAYLOAD, FULL_VISIBILITY);
  const all = events.flatMap((filters) => reached(filters, nodes));
  assert.equal(all.includes(names[0]!), false);
  assert.equal(new Set(all).size, 148);
});
