import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CatalogNode } from '../../../src/consul/catalog/catalogNode.ts';
import { filterBudget, filterSize } from '../../../src/exec/protocol/eventBudget.ts';
import { compileRe2 } from '../../../src/exec/targeting/re2.ts';
import { exactFilters } from '../../../src/exec/targeting/matchNodes.ts';

const PAYLOAD = 68;

/** Names as fleets have them: numbered, by address, and by random instance ids. */
const STYLES: Readonly<Record<string, (i: number) => string>> = {
  numbered: (i) => `web-${String(i).padStart(5, '0')}`,
  addresses: (i) => `ip-10-${(i >> 8) & 255}-${i & 255}.eu-west-1.compute.internal`,
  'instance ids': (i) => `i-${((i + 1) * 0x9e3779b1).toString(16).slice(-8)}`,
};

describe('explicit nodes beyond the budget of one event', () => {
  for (const [style, nameOf] of Object.entries(STYLES)) {
    for (const count of [1000, 10_000]) {
      test(`${count} of twice as many (${style}) are announced once each, within the limit`, async (t) => {
        const nodes = Array.from({ length: 2 * count }, (_, i) => node(nameOf(i)));
        assert.equal(new Set(nodes.map(({ name }) => name)).size, nodes.length);
        // Scattered, so that only the names themselves distinguish them.
        const targets = nodes.map(({ name }) => name).filter((_, i) => scattered(i));
        const events = await exactFilters(targets, nodes, PAYLOAD);
        t.diagnostic(`${targets.length} nodes in ${events.length} events`);
        const times = new Map<string, number>();
        for (const filters of events) {
          assert.ok(filterSize(filters) <= filterBudget(PAYLOAD));
          const match = compileRe2(filters.node ?? '');
          for (const { name } of nodes)
            if (match(name)) times.set(name, (times.get(name) ?? 0) + 1);
        }
        assert.deepEqual([...times.keys()].sort(), targets.toSorted());
        assert.ok([...times.values()].every((n) => n === 1));
      });
    }
  }
});

/** About half of all numbers, without a pattern. */
function scattered(i: number): boolean {
  return ((i * 2654435761) >>> 16) % 2 === 0;
}

function node(name: string): CatalogNode {
  return {
    name,
    address: '10.0.0.1',
    services: [{ id: 'node-exporter', name: 'node-exporter', tags: [], kind: '' }],
    gossip: 'alive',
    failing: [],
    isServer: false,
  };
}
