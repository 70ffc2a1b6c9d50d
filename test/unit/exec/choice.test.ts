import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CatalogNode } from '../../../src/consul/catalogNode.ts';
import { type Choice, choiceFilters, EVERYTHING, type Pick } from '../../../src/exec/choice.ts';
import { describeFilters } from '../../../src/exec/describeFilters.ts';
import { filterRoom } from '../../../src/exec/filters.ts';
import { payloadSize } from '../../../src/exec/runJob.ts';
import { BLIND, WHOLE } from '../../../src/exec/sight.ts';

const PAYLOAD = payloadSize('_rexec');

function node(name: string, gossip: CatalogNode['gossip'] = 'alive'): CatalogNode {
  const service = { id: `id-${name}`, name: 'web', tags: [name === 'w1' ? 'a' : 'b'], kind: '' };
  return { name, address: '', services: [service], gossip, failing: [], isServer: false };
}

const FLEET = [node('w1'), node('w2'), node('x1')];
const WITH_FAILED = [...FLEET, node('w3', 'failed')];

const matching = (expression: string): Pick => ({ kind: 'matching', expression });
const exactly = (...names: string[]): Pick => ({ kind: 'exactly', names });
const choice = (parts: Partial<Choice>): Choice => ({ ...EVERYTHING, ...parts });

describe('what travels of a choice with an expression', () => {
  for (const [what, picks, wanted, nodes, complete, filters, words] of [
    [
      'the expression, as typed',
      { node: matching('^w') },
      ['w1', 'w2'],
      FLEET,
      WHOLE,
      '^w',
      'filters as typed',
    ],
    [
      'names, once one is unticked',
      { node: matching('^w') },
      ['w2'],
      FLEET,
      WHOLE,
      '^w2$',
      'by node names',
    ],
    // It may be back when the event goes out, and nobody agreed to it.
    [
      'names, while a failed node that fits is not ticked',
      { node: matching('^w') },
      ['w1', 'w2'],
      WITH_FAILED,
      WHOLE,
      '^w[12]$',
      'by node names',
    ],
    [
      'the expression, with the failed node ticked',
      { node: matching('^w') },
      ['w1', 'w2', 'w3'],
      WITH_FAILED,
      WHOLE,
      '^w',
      'filters as typed',
    ],
    [
      'names, where it may reach nodes unseen',
      { node: matching('^w') },
      ['w1', 'w2'],
      FLEET,
      false,
      '^w[12]$',
      'by node names',
    ],
    [
      'names, once a target is gone from the catalog',
      { node: matching('^w') },
      ['w1', 'w2', 'w9'],
      FLEET,
      WHOLE,
      '^w[129]$',
      'by node names',
    ],
  ] as const) {
    test(what, async () => {
      const picked = choice(picks);
      const events = await choiceFilters(picked, wanted, nodes, PAYLOAD, complete ? WHOLE : BLIND);
      assert.deepEqual(
        events.map((event) => event.node),
        [filters],
      );
      assert.equal(describeFilters(picked, events, nodes), words);
    });
  }

  test('a service and tag expression, as typed', async () => {
    const picked = choice({ service: matching('^id-'), tag: matching('^b$') });
    const events = await choiceFilters(picked, ['w2', 'x1'], FLEET, PAYLOAD, WHOLE);
    assert.deepEqual(events, [{ service: '^id-', tag: '^b$', node: undefined }]);
    assert.equal(describeFilters(picked, events, FLEET), 'filters as typed');
  });

  test('with a service from the list, its IDs beside the expression', async () => {
    const picked = choice({ service: exactly('web'), node: matching('^w') });
    const events = await choiceFilters(picked, ['w1', 'w2'], FLEET, PAYLOAD, WHOLE);
    assert.deepEqual(events, [{ service: '^id-(?:w[12]|x1)$', tag: undefined, node: '^w' }]);
    assert.equal(describeFilters(picked, events, FLEET), 'filters as typed');
  });

  test('names, for a service expression where services may be hidden', async () => {
    const sight = { nodes: true, services: false };
    const byService = choice({ service: matching('^id-') });
    const wanted = ['w1', 'w2', 'x1'];
    assert.deepEqual(await choiceFilters(byService, wanted, FLEET, PAYLOAD, sight), [
      { node: '^(?:w[12]|x1)$' },
    ]);
    const byNode = choice({ node: matching('^[wx]') });
    assert.deepEqual(await choiceFilters(byNode, wanted, FLEET, PAYLOAD, sight), [
      { node: '^[wx]', service: undefined, tag: undefined },
    ]);
  });

  test('names over several events, when an expression has no room', async () => {
    const nodes = Array.from({ length: 3000 }, (_, i) => node(`n${(i * 7919) % 1_000_003}`));
    const wanted = nodes.map(({ name }) => name).filter((_, i) => i % 2 === 0);
    const picked = choice({ node: matching(`^n.*|${'z'.repeat(filterRoom(PAYLOAD))}`) });
    const events = await choiceFilters(picked, wanted, nodes, PAYLOAD, WHOLE);
    assert.ok(events.length > 1);
    assert.equal(
      describeFilters(picked, events, nodes),
      `by node names, in ${events.length} events`,
    );
  });
});

describe('what travels of a choice from lists', () => {
  test('node names, or nothing where there are too many of them and all are wanted', async () => {
    const few = await choiceFilters(EVERYTHING, ['w1', 'w2', 'x1'], FLEET, PAYLOAD, WHOLE);
    assert.equal(describeFilters(EVERYTHING, few, FLEET), 'by node names');
    const nodes = Array.from({ length: 2000 }, (_, i) => node(`n${i}`));
    const names = nodes.map(({ name }) => name);
    const all = await choiceFilters(EVERYTHING, names, nodes, PAYLOAD, WHOLE);
    assert.deepEqual(all, [{}]);
    assert.equal(describeFilters(EVERYTHING, all, nodes), 'no filters: every node');
  });

  test('a service ID that just the wanted nodes have, where their names have no room', async () => {
    const one = { id: 'shop', name: 'shop', tags: [], kind: '' };
    const shops = Array.from({ length: 500 }, (_, i) => ({
      ...node(`n${(i * 7919) % 100_003}`),
      services: [one],
    }));
    const nodes = [...shops, node('other')];
    const picked = choice({ service: exactly('shop') });
    const events = await choiceFilters(
      picked,
      shops.map(({ name }) => name),
      nodes,
      PAYLOAD,
      WHOLE,
    );
    assert.deepEqual(events, [{ service: '^shop$' }]);
    assert.equal(describeFilters(picked, events, nodes), 'by service IDs');
  });
});
