import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KnownNodes } from '../../../../src/exec/targeting/names/knownNodes.ts';
import { doAtOnce } from '../../../../src/exec/targeting/names/steps.ts';
import { describeRule } from '../../../../src/exec/targeting/sets/describeRule.ts';
import { listEntry, ruleEntry, ruleOf } from '../../../../src/exec/targeting/sets/newSet.ts';
import { parseSets } from '../../../../src/exec/targeting/sets/parseSets.ts';
import type { SavedSet, SetRule } from '../../../../src/exec/targeting/sets/savedSet.ts';
import { findDrift } from '../../../../src/exec/targeting/sets/setDrift.ts';
import {
  findingFormerNodes,
  findingSetNodes,
} from '../../../../src/exec/targeting/sets/setNodes.ts';
import {
  ALL_NODES,
  ANY,
  type TargetSelection,
} from '../../../../src/exec/targeting/targetSelection.ts';

const PLACE = { connection: 'prod', datacenters: ['dc1'] };

function theOnly(value: unknown): SavedSet {
  const { sets, mistakes } = parseSets([value]);
  assert.deepEqual(mistakes, []);
  const [set] = sets;
  assert.ok(set);
  return set;
}

describe('saved sets in settings', () => {
  const web = { kind: 'exactly', names: ['web'] } as const;
  const rules: readonly SetRule[] = [
    { service: web, tag: ANY, node: { kind: 'any' } },
    {
      service: { kind: 'exactly', names: ['web', 'api'] },
      tag: { kind: 'matching', expression: '^v[12]$' },
      node: { kind: 'matching', expression: '^eu-' },
    },
    { service: { kind: 'matching', expression: 'web' }, tag: web, node: { kind: 'any' } },
    { service: ANY, tag: ANY, node: { kind: 'where', filter: 'Meta.rack == "r1"' } },
    { service: web, tag: ANY, node: { kind: 'nodes', text: 'web*,!web07' } },
  ];

  test('a rule is read as it was written', () => {
    for (const rule of rules) {
      const labels = ['web-01', 'web-02', 'node with space'];
      const entry = ruleEntry(rule, { name: 'mine', place: PLACE, labels });
      const set = theOnly(JSON.parse(JSON.stringify(entry)));
      assert.deepEqual(set.rule, rule);
      assert.deepEqual(set.place, PLACE);
      const former = doAtOnce(findingFormerNodes(set, KnownNodes.named(labels)));
      assert.deepEqual(former?.toSorted(), labels.toSorted());
    }
  });

  test('a list is read as it was written, also with odd and with thousands of names', () => {
    const uuids = Array.from({ length: 5000 }, () => crypto.randomUUID());
    for (const labels of [['web-01'], ['a,b', 'web[1-2]', 'quote"d', '!odd', '7'], uuids]) {
      const set = theOnly(listEntry({ name: 'mine', place: PLACE, labels }));
      assert.equal(set.rule.node.kind, 'nodes');
      const found = doAtOnce(findingSetNodes(set.was ?? '', set.place, KnownNodes.named(labels)));
      assert.deepEqual(found.labels.toSorted(), labels.toSorted());
      assert.deepEqual(found.unknown, []);
    }
  });

  test('what is wrong with a set is said, and the others can be used', () => {
    const { sets, mistakes } = parseSets([
      { name: 'good', nodes: 'web1' },
      { name: 'good', nodes: 'web2' },
      { name: 'all' },
      { name: 'tag', tag: 'blue' },
      { name: 'both', nodes: 'web1', where: 'Node == web1' },
      { name: 'range', nodes: 'web[1-' },
      { name: 'huge', nodes: 'web[1-999999999]' },
      { name: 'regex', nodeMatches: '(?=x)' },
      { name: 'typo', node: 'web1' },
      { nodes: 'web1' },
      'web1',
      null,
      { name: 'x'.repeat(200), nodes: 7 },
      { name: 'last', service: ['web'] },
    ]);
    assert.deepEqual(
      sets.map(({ name, was }) => [name, was]),
      [
        ['good', 'web1'],
        ['last', undefined],
      ],
    );
    assert.deepEqual(mistakes, [
      'Two sets have the name "good". Rename one of them.',
      'Set "all": It has no nodes. Add "service", "nodes", or "where".',
      'Set "tag": "tag" needs "service".',
      'Set "both": Use one of "nodes", "nodeMatches", and "where".',
      'Set "range": "nodes": A ] is missing.',
      'Set "huge": "nodes": This names more than 100000 nodes. Check the numbers.',
      mistakes[6],
      'Set "typo": "node" is missing, unknown, or has a wrong value.',
      'Set 10: "name" is missing, unknown, or has a wrong value.',
      'Set 11 must be an object with a name and nodes.',
      'Set 12 must be an object with a name and nodes.',
      `Set "${'x'.repeat(59)}…": "nodes" is missing, unknown, or has a wrong value.`,
    ]);
    assert.match(mistakes[6] ?? '', /^Set "regex": .*\(\?=x\)/);
    assert.deepEqual(parseSets('web1').mistakes, ['"consulExec.sets" must be a list of sets.']);
    assert.deepEqual(parseSets(undefined), { sets: [], mistakes: [] });
  });

  test('a name cannot imitate another one in a mistake', () => {
    const [mistake = ''] = parseSets([{ name: 'a\u202eb\n' }]).mistakes;
    assert.ok(!/[\u202e\n]/.test(mistake), mistake);
  });

  test('rules are described in words', () => {
    assert.deepEqual(rules.map(describeRule), [
      'service web',
      'services web, api · tag /^v[12]$/ · nodes matching /^eu-/',
      'service /web/ · tag web',
      'where Meta.rack == "r1"',
      'service web · web*,!web07',
    ]);
  });

  test('only what is more than a list can be saved as a rule', () => {
    const list: TargetSelection = { ...ALL_NODES, node: { kind: 'exactly', names: ['web1'] } };
    assert.equal(ruleOf(list, undefined), undefined);
    assert.equal(ruleOf(ALL_NODES, undefined), undefined);
    assert.deepEqual(ruleOf({ ...ALL_NODES, service: web }, undefined), rules[0]);
    assert.deepEqual(ruleOf(list, { kind: 'where', filter: 'Meta.rack == "r1"' }), rules[3]);
    assert.deepEqual(
      ruleOf({ ...list, service: web }, { kind: 'nodes', text: 'web*,!web07' }),
      rules[4],
    );
  });
});

describe('the nodes of a saved set', () => {
  const several = new KnownNodes(
    ['dc1', 'dc2'].flatMap((datacenter) =>
      ['web-01', 'web-02'].map((name) => ({ label: `${name}@${datacenter}`, name, datacenter })),
    ),
  );

  test('in several datacenters, a name is that of the datacenter of the set', () => {
    const found = (text: string, datacenters: readonly string[]) =>
      doAtOnce(findingSetNodes(text, { connection: 'prod', datacenters }, several));
    assert.deepEqual(found('web-[01-03]', ['dc2']), {
      labels: ['web-01@dc2', 'web-02@dc2'],
      unknown: ['web-03'],
    });
    assert.deepEqual(found('web-[01-02]@dc1', ['dc1', 'dc2']).labels, ['web-01@dc1', 'web-02@dc1']);
    assert.deepEqual(found('web-01', []), { labels: [], unknown: ['web-01'] });
  });

  test('nodes of a datacenter that is not selected are gone', () => {
    const known = new KnownNodes([{ label: 'web-01', name: 'web-01', datacenter: 'dc1' }]);
    const set = theOnly(
      listEntry({
        name: 'mine',
        place: { connection: 'prod', datacenters: ['dc1', 'dc2'] },
        labels: ['web-01@dc1', 'web-01@dc2'],
      }),
    );
    assert.deepEqual(doAtOnce(findingFormerNodes(set, known)), ['web-01', 'web-01@dc2']);
  });

  test('a node with a domain is found by its host name, but is a new node', () => {
    const known = KnownNodes.named(['web-01.example.com']);
    const set = theOnly({ name: 'mine', nodes: 'web-01' });
    const { labels } = doAtOnce(findingSetNodes('web-01', undefined, known));
    const former = doAtOnce(findingFormerNodes(set, known)) ?? [];
    assert.deepEqual(findDrift(former, { reached: labels, unreachable: [] }), {
      was: 1,
      now: 1,
      gone: ['web-01'],
      added: ['web-01.example.com'],
      cannotRespond: [],
    });
  });

  test('what has changed since a set was saved', () => {
    const drift = findDrift(['a', 'b', 'c', 'd'], { reached: ['d', 'e', 'b'], unreachable: ['c'] });
    assert.deepEqual(drift, {
      was: 4,
      now: 3,
      gone: ['a'],
      added: ['e'],
      cannotRespond: ['c'],
    });
    assert.equal(findDrift(['a', 'b'], { reached: ['b', 'a'], unreachable: [] }), undefined);
  });
});
