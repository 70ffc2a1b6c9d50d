import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CatalogNode } from '../../../src/consul/catalog/catalogNode.ts';
import {
  type TargetSelection,
  filtersForSelection,
  isSameList,
  ALL_NODES,
  type FieldSelection,
} from '../../../src/exec/targeting/targetSelection.ts';
import { describeFilters } from '../../../src/exec/targeting/describeFilters.ts';
import { filterBudget } from '../../../src/exec/protocol/eventBudget.ts';
import { payloadSize } from '../../../src/exec/protocol/execEvent.ts';
import {
  UNKNOWN_VISIBILITY,
  FULL_VISIBILITY,
} from '../../../src/exec/targeting/catalogVisibility.ts';

const PAYLOAD = payloadSize('_rexec');

function node(name: string, gossip: CatalogNode['gossip'] = 'alive'): CatalogNode {
  const service = { id: `id-${name}`, name: 'web', tags: [name === 'w1' ? 'a' : 'b'], kind: '' };
  return { name, address: '', services: [service], gossip, failing: [], isServer: false };
}

const FLEET = [node('w1'), node('w2'), node('x1')];
const WITH_FAILED = [...FLEET, node('w3', 'failed')];

const matching = (expression: string): FieldSelection => ({ kind: 'matching', expression });
const exactly = (...names: string[]): FieldSelection => ({ kind: 'exactly', names });
const select = (parts: Partial<TargetSelection>): TargetSelection => ({ ...ALL_NODES, ...parts });

describe('the filters of a selection with an expression', () => {
  for (const [title, fields, targets, nodes, visibility, filter, words] of [
    [
      'are the expression as typed',
      { node: matching('^w') },
      ['w1', 'w2'],
      FLEET,
      FULL_VISIBILITY,
      '^w',
      'filters as typed',
    ],
    [
      'are names, once a node is cleared',
      { node: matching('^w') },
      ['w2'],
      FLEET,
      FULL_VISIBILITY,
      '^w2$',
      'by node names',
    ],
    // Its agent may be back when the event is fired, and the user did not select it.
    [
      'are names, while a matching failed node is not selected',
      { node: matching('^w') },
      ['w1', 'w2'],
      WITH_FAILED,
      FULL_VISIBILITY,
      '^w[12]$',
      'by node names',
    ],
    [
      'are the expression, with the failed node selected',
      { node: matching('^w') },
      ['w1', 'w2', 'w3'],
      WITH_FAILED,
      FULL_VISIBILITY,
      '^w',
      'filters as typed',
    ],
    [
      'are names, if the expression may reach hidden nodes',
      { node: matching('^w') },
      ['w1', 'w2'],
      FLEET,
      UNKNOWN_VISIBILITY,
      '^w[12]$',
      'by node names',
    ],
    [
      'are names, once a target is no longer in the catalog',
      { node: matching('^w') },
      ['w1', 'w2', 'w9'],
      FLEET,
      FULL_VISIBILITY,
      '^w[129]$',
      'by node names',
    ],
  ] as const) {
    test(title, async () => {
      const selection = select(fields);
      const events = await filtersForSelection(selection, targets, nodes, PAYLOAD, visibility);
      assert.deepEqual(
        events.map((event) => event.node),
        [filter],
      );
      assert.equal(describeFilters(selection, events, nodes), words);
    });
  }

  test('are a service and tag expression as typed', async () => {
    const selection = select({ service: matching('^id-'), tag: matching('^b$') });
    const events = await filtersForSelection(
      selection,
      ['w2', 'x1'],
      FLEET,
      PAYLOAD,
      FULL_VISIBILITY,
    );
    assert.deepEqual(events, [{ service: '^id-', tag: '^b$', node: undefined }]);
    assert.equal(describeFilters(selection, events, FLEET), 'filters as typed');
  });

  test('are the IDs of a service from the list, beside the expression', async () => {
    const selection = select({ service: exactly('web'), node: matching('^w') });
    const events = await filtersForSelection(
      selection,
      ['w1', 'w2'],
      FLEET,
      PAYLOAD,
      FULL_VISIBILITY,
    );
    assert.deepEqual(events, [{ service: '^id-(?:w[12]|x1)$', tag: undefined, node: '^w' }]);
    assert.equal(describeFilters(selection, events, FLEET), 'filters as typed');
  });

  test('are names, for a service expression if services may be hidden', async () => {
    const visibility = { nodes: true, services: false };
    const byService = select({ service: matching('^id-') });
    const targets = ['w1', 'w2', 'x1'];
    assert.deepEqual(await filtersForSelection(byService, targets, FLEET, PAYLOAD, visibility), [
      { node: '^(?:w[12]|x1)$' },
    ]);
    const byNode = select({ node: matching('^[wx]') });
    assert.deepEqual(await filtersForSelection(byNode, targets, FLEET, PAYLOAD, visibility), [
      { node: '^[wx]', service: undefined, tag: undefined },
    ]);
  });

  test('are names in several events, if an expression exceeds the budget', async () => {
    const nodes = Array.from({ length: 3000 }, (_, i) => node(`n${(i * 7919) % 1_000_003}`));
    const targets = nodes.map(({ name }) => name).filter((_, i) => i % 2 === 0);
    const selection = select({ node: matching(`^n.*|${'z'.repeat(filterBudget(PAYLOAD))}`) });
    const events = await filtersForSelection(selection, targets, nodes, PAYLOAD, FULL_VISIBILITY);
    assert.ok(events.length > 1);
    assert.equal(
      describeFilters(selection, events, nodes),
      `by node names, in ${events.length} events`,
    );
  });
});

describe('the filters of a selection from lists', () => {
  test('are node names, or none if the names exceed the budget and all nodes are targets', async () => {
    const few = await filtersForSelection(
      ALL_NODES,
      ['w1', 'w2', 'x1'],
      FLEET,
      PAYLOAD,
      FULL_VISIBILITY,
    );
    assert.equal(describeFilters(ALL_NODES, few, FLEET), 'by node names');
    const nodes = Array.from({ length: 2000 }, (_, i) => node(`n${i}`));
    const names = nodes.map(({ name }) => name);
    const all = await filtersForSelection(ALL_NODES, names, nodes, PAYLOAD, FULL_VISIBILITY);
    assert.deepEqual(all, [{}]);
    assert.equal(describeFilters(ALL_NODES, all, nodes), 'no filters: every node');
  });

  test('are a service ID that only the targets have, if their names exceed the budget', async () => {
    const shop = { id: 'shop', name: 'shop', tags: [], kind: '' };
    const shops = Array.from({ length: 500 }, (_, i) => ({
      ...node(`n${(i * 7919) % 100_003}`),
      services: [shop],
    }));
    const nodes = [...shops, node('other')];
    const selection = select({ service: exactly('shop') });
    const events = await filtersForSelection(
      selection,
      shops.map(({ name }) => name),
      nodes,
      PAYLOAD,
      FULL_VISIBILITY,
    );
    assert.deepEqual(events, [{ service: '^shop$' }]);
    assert.equal(describeFilters(selection, events, nodes), 'by service IDs');
  });
});

test('lists are the same if they have the same names in the same order', () => {
  assert.ok(isSameList(exactly('a', 'b'), exactly('a', 'b')));
  assert.ok(!isSameList(exactly('a', 'b'), exactly('b', 'a')));
  assert.ok(!isSameList(exactly('a'), exactly('a', 'b')));
  assert.ok(!isSameList(matching('a'), matching('a')));
});
