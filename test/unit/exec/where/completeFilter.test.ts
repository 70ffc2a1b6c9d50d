import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CatalogNode, Metadata } from '../../../../src/consul/catalog/catalogNode.ts';
import {
  completeFilter,
  FilterVocabulary,
} from '../../../../src/exec/targeting/where/completeFilter.ts';

const node = (name: string, meta: Metadata): CatalogNode => ({
  name,
  address: '10.0.0.1',
  services: [
    { id: 'app-1', name: 'app', tags: ['blue'], kind: '', meta: { version: '1' } },
    { id: 'app-2', name: 'app', tags: ['green'], kind: '' },
  ],
  gossip: 'alive',
  failing: [],
  isServer: false,
  meta,
});

describe('completions of a filter expression', () => {
  const vocabulary = new FilterVocabulary([
    node('web01', { rack: 'r1', 'os-name': 'x' }),
    node('quote"d', { rack: 'r2' }),
  ]);
  const complete = (text: string) => completeFilter(text, vocabulary);

  for (const [text, expected] of [
    ['Meta.r', ['Meta.rack ']],
    ['rack', ['Meta.rack ']],
    ['Meta', ['Meta.rack ', 'Meta["os-name"] ', 'Services.Meta.version ']],
    ['Meta["', ['Meta["os-name"] ']],
    ['not (Meta.ra', ['not (Meta.rack ']],
    ['Meta.rack', []],
    ['Meta.rack ', ['== ', '!= ', 'matches ', 'not matches '].map((word) => `Meta.rack ${word}`)],
    ['Meta.rack =', ['Meta.rack == ', 'Meta.rack != ']],
    ['Meta.rack == ', ['Meta.rack == "r1" ', 'Meta.rack == "r2" ']],
    ['Meta.rack == "r', ['Meta.rack == "r1" ', 'Meta.rack == "r2" ']],
    ['Meta.rack == r2', ['Meta.rack == "r2" ']],
    ['Meta.rack == "r1"', ['Meta.rack == "r1" and ', 'Meta.rack == "r1" or ']],
    ['Meta.rack == "r1" a', ['Meta.rack == "r1" and ']],
    ['Meta.rack == "r1" and Checks.St', ['Meta.rack == "r1" and Checks.Status ']],
    ['Checks.Status == c', ['Checks.Status == "critical" ']],
    ['Node == quote', ['Node == `quote"d` ']],
    ['Services.Tags con', ['Services.Tags contains ', 'Services.Tags not contains ']],
    ['Services.Tags is ', ['Services.Tags is empty ', 'Services.Tags is not empty ']],
    [
      'Services.Tags contains ',
      ['Services.Tags contains "blue" ', 'Services.Tags contains "green" '],
    ],
    ['"blue" in ', []],
  ] as const) {
    test(`after ${JSON.stringify(text)}`, () => {
      assert.deepEqual(
        complete(text).map((completion) => completion.text),
        expected,
      );
    });
  }

  test('a value has the number of nodes that have it, once each', () => {
    const [first] = complete('Services.Service == ');
    assert.deepEqual(first, { label: '"app"', text: 'Services.Service == "app" ', count: 2 });
  });
});
