import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { CatalogNode, Metadata } from '../../../../src/consul/catalog/catalogNode.ts';
import { combineChoice } from '../../../../src/exec/targeting/choice/combineChoice.ts';
import { drawNodes, parseDraw } from '../../../../src/exec/targeting/choice/drawNodes.ts';
import { onePer, traitsOf } from '../../../../src/exec/targeting/choice/onePer.ts';

describe('nodes at random', () => {
  for (const [text, count, seed] of [
    ['5', 5, 'own'],
    [' 10% ', 4, 'own'],
    ['1%', 1, 'own'],
    ['5 seed 4821', 5, '4821'],
    ['100% seed=x', 40, 'x'],
    ['41', undefined, ''],
    ['0', undefined, ''],
    ['0%', undefined, ''],
    ['101%', undefined, ''],
    ['1.5', undefined, ''],
    ['five', undefined, ''],
    ['', undefined, ''],
  ] as const) {
    test(`${JSON.stringify(text)} of 40`, () => {
      const expected = count === undefined ? undefined : { count, seed };
      assert.deepEqual(parseDraw(text, 40, 'own'), expected);
    });
  }

  test('the same seed draws the same nodes in any order, and mostly the same if one more joined', () => {
    const labels = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 3, maxLength: 30 });
    fc.assert(
      fc.property(labels, fc.string(), fc.nat(), (names, seed, n) => {
        const draw = { count: 1 + (n % (names.length - 1)), seed };
        const drawn = drawNodes(names, draw);
        assert.equal(new Set(drawn).size, draw.count);
        assert.ok(drawn.every((name) => names.includes(name)));
        assert.deepEqual(drawNodes(names.toReversed(), draw), drawn);
        const fewer = new Set(drawNodes(names.slice(1), draw));
        assert.ok(new Set(drawn).difference(fewer).size <= 1);
      }),
    );
  });
});

describe('one node per value', () => {
  const labeled = (name: string, meta?: Metadata, ...services: Metadata[]) => ({
    label: name,
    node: {
      name,
      address: '',
      services: services.map((own, i) => ({
        id: `s${i}`,
        name: 's',
        tags: [],
        kind: '',
        meta: own,
      })),
      gossip: 'alive',
      failing: [],
      isServer: false,
      meta,
    } satisfies CatalogNode,
  });

  test('of what the nodes differ in', () => {
    const nodes = [
      labeled('c', { rack: 'r1', os: 'x' }, { version: '1' }, { version: '2' }),
      labeled('b', { rack: 'r1', os: 'x' }, { version: '1' }),
      labeled('a', { rack: 'r2', os: 'x' }),
      labeled('d'),
    ];
    const traits = traitsOf(nodes);
    assert.deepEqual(
      traits.map(({ trait: { kind, key } }) => `${kind} ${key}`),
      ['nodeMeta rack', 'serviceMeta version'],
    );
    assert.deepEqual(traits.map(onePer), [
      ['a', 'b'],
      ['b', 'c'],
    ]);
  });
});

describe('a choice changed by another one', () => {
  for (const [operation, expected] of [
    ['add', ['b', 'a', 'c']],
    ['remove', ['b']],
    ['intersect', ['a']],
  ] as const) {
    test(operation, () => {
      assert.deepEqual(combineChoice(['b', 'a'], operation, ['a', 'c']), expected);
    });
  }
});
