import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogNode } from '../../../../src/consul/catalog/catalogNode.ts';
import { directiveTargets } from '../../../../src/exec/directive/directiveTargets.ts';
import { matchDirective } from '../../../../src/exec/directive/matchDirective.ts';
import { inheritDirectives } from '../../../../src/exec/directive/directive.ts';
import { readDirective } from '../../../../src/exec/directive/readDirective.ts';
import { scriptHead } from '../../../../src/exec/directive/scriptHead.ts';

test('nodes by name and by address', () => {
  const nodes = ['10.0.1.1', '10.0.1.2', '10.0.2.1'].map((address, i): CatalogNode => ({
    name: `web${i}`,
    address,
    services: [],
    gossip: 'alive',
    failing: [],
    isServer: false,
  }));
  for (const [value, names] of [
    ['web[0-1],!web1', ['web0']],
    ['10.0.1.0/24', ['web0', 'web1']],
    ['10.0.1.0/24,!10.0.1.1', ['web1']],
    ['10.0.2.1', ['web2']],
  ] as const) {
    const targets = directiveTargets(
      inheritDirectives([readDirective(scriptHead([`# consul-exec: nodes=${value}`]))]),
    );
    assert.deepEqual(
      matchDirective(targets, nodes, 'dc1').map(({ name }) => name),
      names,
      value,
    );
  }
});
