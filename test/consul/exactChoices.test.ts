import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { foldedText } from '../../src/base/fold/foldNames.ts';
import { FilterRefusedError, readFilteredNodes } from '../../src/consul/catalog/filteredNodes.ts';
import { readInventory } from '../../src/consul/catalog/inventory.ts';
import type { CatalogNode } from '../../src/consul/catalog/catalogNode.ts';
import { Consul } from '../../src/consul/consul.ts';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import { payloadSize } from '../../src/exec/protocol/execEvent.ts';
import { runJob } from '../../src/exec/run/runJob.ts';
import { FULL_VISIBILITY } from '../../src/exec/targeting/catalogVisibility.ts';
import { combineChoice } from '../../src/exec/targeting/choice/combineChoice.ts';
import { drawNodes } from '../../src/exec/targeting/choice/drawNodes.ts';
import { onePer, traitsOf } from '../../src/exec/targeting/choice/onePer.ts';
import { KnownNodes } from '../../src/exec/targeting/names/knownNodes.ts';
import { readNames } from '../../src/exec/targeting/names/nameNotation.ts';
import { doAtOnce } from '../../src/exec/targeting/names/steps.ts';
import {
  ANY,
  filtersForSelection,
  selectTargets,
} from '../../src/exec/targeting/targetSelection.ts';
import { listEntry, ruleEntry } from '../../src/exec/targeting/sets/newSet.ts';
import { parseSets } from '../../src/exec/targeting/sets/parseSets.ts';
import { findDrift } from '../../src/exec/targeting/sets/setDrift.ts';
import { findingFormerNodes, findingSetNodes } from '../../src/exec/targeting/sets/setNodes.ts';
import { completeFilter, FilterVocabulary } from '../../src/exec/targeting/where/completeFilter.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { choiceClients } from './choiceFleet.ts';

const RANGES: readonly (readonly [text: string, expected: readonly string[]])[] = [
  ['web[01-05]', ['web01', 'web02', 'web03', 'web04', 'web05']],
  ['web[01-05],!web03', ['web01', 'web02', 'web04', 'web05']],
  ['web[01-05/2]', ['web01', 'web03', 'web05']],
  ['web[01-03]&web[02-05]', ['web02', 'web03']],
  ['web[01-03]^web[02-05]', ['web01', 'web04', 'web05']],
  ['web[01-05]!web[02-03],web02', ['web01', 'web02', 'web04', 'web05']],
  ['web0[1-2],web10', ['web01', 'web02', 'web10']],
  ['web[01,10]', ['web01', 'web10']],
  ['web{01..03}', ['web01', 'web02', 'web03']],
  ['-w web[01-03] -x web02', ['web01', 'web03']],
  ['web01 to web03', ['web01', 'web02', 'web03']],
  ['web0*,!web0[2-4]', ['web01', 'web05']],
  ['web*', ['web01', 'web02', 'web03', 'web04', 'web05', 'web10', 'web1', 'web[1-2]']],
  ['web?', ['web1']],
  ['[7,007]', ['7', '007']],
  ['[7-7],web1', ['7', 'web1']],
  ['web*,!web[1-2]', ['web01', 'web02', 'web03', 'web04', 'web05', 'web10', 'web1']],
  ['web[1-2] web[01-02]', ['web[1-2]', 'web01', 'web02']],
  ['web[01-05:2]', ['web01', 'web03', 'web05']],
];

const LISTS: readonly (readonly [text: string, expected: readonly string[]])[] = [
  ['web01, web02', ['web01', 'web02']],
  ['web01\nweb02\nweb01', ['web01', 'web02']],
  ['node with space', ['node with space']],
  ['node with space, web01', ['node with space', 'web01']],
  ['a,b', ['a,b']],
  ['a,b,7,007', ['a,b', '7', '007']],
  ['slash/node x&y', ['slash/node', 'x&y']],
  ['!odd, web1', ['!odd', 'web1']],
  ['a.b+c(d)[e]^$ ünïcode-ノード', ['a.b+c(d)[e]^$', 'ünïcode-ノード']],
  ['db-1, DB-2.EXAMPLE.COM', ['DB-1.example.com', 'db-2.example.com']],
  ['["web01", "a,b", "quote\\"d"]', ['web01', 'a,b', 'quote"d']],
  ['* web01\n* node with space\n* quote"d', ['web01', 'node with space', 'quote"d']],
  ['"web[1-2]"; "x&y"', ['web[1-2]', 'x&y']],
  ['7 007', ['7', '007']],
  ['web[1-2]', ['web[1-2]']],
];

type Fact = Readonly<{ name: string; rack: string; version: string; status: string }>;

const FILTERS: readonly (readonly [filter: string, isTrue: (fact: Fact) => boolean])[] = [
  ['Meta.rack == "r1"', ({ rack }) => rack === 'r1'],
  ['Meta.rack != r1 and Meta.rack != r2 and rack in Meta', ({ rack }) => rack === 'r3'],
  ['Meta["os-name"] == "old os"', ({ version }) => version < '2'],
  ['Checks.Status == "critical"', ({ status }) => status === 'critical'],
  [
    'Meta.rack == "r1" and Checks.Status == "critical"',
    ({ rack, status }) => rack === 'r1' && status === 'critical',
  ],
  [
    'Meta.rack == r2 or Checks.Status == warning',
    ({ rack, status }) => rack === 'r2' || status === 'warning',
  ],
  ['Services.Meta.version == "2.0"', ({ version }) => version === '2.0'],
  ['Services.Tags contains "blue"', ({ rack }) => rack === 'r1'],
  ['"green" in Services.Tags', ({ rack }) => rack !== 'r1'],
  [
    'Node matches "^web0" and Meta.rack == r2',
    ({ name, rack }) => name.startsWith('web0') && rack === 'r2',
  ],
  ['Node == "node with space"', ({ name }) => name === 'node with space'],
  ['Node == "a,b" or Node == `quote"d`', ({ name }) => ['a,b', 'quote"d'].includes(name)],
  ['Services.ID == "app-1.1"', ({ version }) => version === '1.1'],
  [
    'Services.Service == app and not Services.Meta.version matches "^1"',
    ({ version }) => !version.startsWith('1'),
  ],
  ['Node contains "[" or Node contains "&"', ({ name }) => /[[&]/.test(name)],
];

const FACTS: readonly Fact[] = choiceClients.map(({ name, config, services }) => {
  const meta = config?.['node_meta'] as Readonly<Record<string, string>>;
  const service = services?.[0] as unknown as {
    meta: { version: string };
    checks: { status: string }[];
  };
  return {
    name,
    rack: meta['rack'] ?? '',
    version: service.meta.version,
    status: service.checks[0]?.status ?? '',
  };
});

const namesWhere = (isTrue: (fact: Fact) => boolean) =>
  FACTS.filter(isTrue).map(({ name }) => name);

describe('new ways to choose nodes, on real agents', () => {
  let fleet: Fleet;
  let consul: Consul;
  let nodes: readonly CatalogNode[];
  let known: KnownNodes;
  /** Whether the servers evaluate services and checks: the documented endpoint doesn't. */
  let hasUiNodes: boolean;
  let runs = 0;
  const marks: { readonly mark: string; readonly expected: readonly string[] }[] = [];

  before(async () => {
    fleet = await startFleet({ clients: choiceClients });
    consul = new Consul({ endpoint: parseAddress(fleet.address) });
    nodes = await readInventory(consul);
    hasUiNodes = (await fetch(`${fleet.address}/v1/internal/ui/nodes`)).ok;
    known = new KnownNodes(nodes.map(({ name, address }) => ({ label: name, name, address })));
  });

  after(async () => {
    await consul.close();
    await fleet.stop();
  });

  for (const [kind, table] of [
    ['a range', RANGES],
    ['a list', LISTS],
  ] as const) {
    test(`${kind} reaches exactly the named nodes`, async () => {
      for (const [text, expected] of table) {
        const read = readNames(text, known);
        assert.deepEqual(read?.names.toSorted(), expected.toSorted(), text);
        await run(read.names, expected);
      }
    });
  }

  test('a filter expression reaches exactly the nodes for which it is true', async () => {
    for (const [filter, isTrue] of FILTERS) {
      if (!hasUiNodes && /Services|Checks/.test(filter)) {
        await assert.rejects(readFilteredNodes(consul, filter), FilterRefusedError);
        continue;
      }
      const names = await readFilteredNodes(consul, filter);
      assert.deepEqual(names.toSorted(), namesWhere(isTrue).sort(), filter);
      await run(names, namesWhere(isTrue));
    }
  });

  test('a choice that another one changes, draws, and one node per value reach exactly these nodes', async () => {
    const clients = FACTS.map(({ name }) => name);
    const r1 = namesWhere(({ rack }) => rack === 'r1');
    const filter = hasUiNodes
      ? 'Checks.Status == critical'
      : 'Node matches "^(web02|web10|slash.node)$"';
    const critical = await readFilteredNodes(consul, filter);
    const web = readNames('web[01-05]', known)?.names ?? [];
    await run(combineChoice(web, 'add', critical), [
      ...new Set([...web, 'web10', 'slash/node', 'web02']),
    ]);
    await run(combineChoice(web, 'remove', critical), ['web01', 'web03', 'web04', 'web05']);
    await run(combineChoice(web, 'intersect', r1), ['web01', 'web02']);
    await run(
      combineChoice(r1, 'remove', web),
      r1.filter((name) => !web.includes(name)),
    );
    for (const seed of ['1', '2', '3']) {
      const drawn = drawNodes(clients, { count: 5, seed });
      assert.deepEqual(drawNodes(clients.toReversed(), { count: 5, seed }), drawn);
      await run(drawn, drawn);
    }
    const traits = traitsOf(nodes.map((node) => ({ label: node.name, node })));
    assert.deepEqual(
      traits.map(({ trait }) => trait.key),
      ['os-name', 'rack', 'version'],
    );
    for (const values of traits) {
      const names = onePer(values);
      assert.equal(names.length, values.labels.size);
      await run(names, names);
    }
    // Folded names mean the same nodes when they are pasted back.
    for (let from = 0; from < 3; from++) {
      const some = clients.filter((_, i) => i % 3 !== from);
      const read = readNames(foldedText(some), known);
      assert.deepEqual(read?.names.toSorted(), some.toSorted());
      await run(read.names, some);
    }
  });

  test('addresses and ranges of them reach exactly the nodes that have one', async () => {
    const bits = (address: string) =>
      address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
    const own = nodes.find(({ name }) => name === 'web05')?.address ?? '';
    await run(readNames(own, known)?.names ?? [], ['web05']);
    for (const prefix of [32, 31, 30, 29, 28]) {
      const size = 2 ** (32 - prefix);
      const expected = nodes
        .filter(({ isServer, name }) => !isServer && name !== 'web05')
        .filter(({ address }) => Math.floor(bits(address) / size) === Math.floor(bits(own) / size));
      const servers = nodes.filter(({ isServer }) => isServer).map(({ name }) => `!${name}`);
      const text = [`${own}/${prefix}`, 'web01', '!web05', ...servers].join(',');
      const names = new Set(['web01', ...expected.map(({ name }) => name)]);
      await run(readNames(text, known)?.names ?? [], [...names]);
    }
  });

  test('a saved set reaches exactly its nodes, and says what has changed', async () => {
    const place = { connection: 'prod', datacenters: ['dc1'] };
    const facts = (labels: readonly string[]) => ({ name: 'mine', place, labels });
    const r1 = namesWhere(({ rack }) => rack === 'r1');
    const odd = ['a,b', 'web[1-2]', 'quote"d', '!odd', 'node with space', '007'];
    const where = { kind: 'where', filter: 'Meta.rack == "r1"' } as const;
    const written: unknown = JSON.parse(
      JSON.stringify([
        { ...listEntry(facts(odd)), name: 'list' },
        ruleEntry({ service: ANY, tag: ANY, node: where }, facts([...r1.slice(1), 'gone-1'])),
      ]),
    );
    const { sets, mistakes } = parseSets(written);
    assert.deepEqual(mistakes, []);
    for (const { rule, was = '' } of sets) {
      const found =
        rule.node.kind === 'where'
          ? await readFilteredNodes(consul, rule.node.filter)
          : doAtOnce(findingSetNodes(was, place, known)).labels;
      await run(found, rule.node.kind === 'where' ? r1 : odd);
    }
    const former = sets[1] && doAtOnce(findingFormerNodes(sets[1], known));
    const drift = findDrift(former ?? [], { reached: r1, unreachable: [] });
    assert.deepEqual(drift, {
      was: r1.length,
      now: r1.length,
      gone: ['gone-1'],
      added: r1.slice(0, 1),
      cannotRespond: [],
    });
  });

  test('every node ran exactly the jobs that it should', async () => {
    assert.ok(marks.length >= (hasUiNodes ? 60 : 50), `${marks.length} choices`);
    await sleep(1000); // for nodes that should not have run it
    for (const { mark, expected } of marks) {
      const ran = await Promise.all(
        fleet.agents.map(async ({ name, workFolder }) => {
          const text = await readFile(join(workFolder, mark), 'utf8').catch(() => '');
          return Array.from({ length: text.length / 'x\n'.length }, () => name);
        }),
      );
      assert.deepEqual(ran.flat().sort(), expected.toSorted());
    }
  });

  test('what the servers refuse is in their words, with the position', async () => {
    await assert.rejects(readFilteredNodes(consul, 'Meta.rack = r1'), (error) => {
      assert.ok(error instanceof FilterRefusedError);
      assert.equal(error.position, 10);
      assert.match(error.message, /^no match found, expected: /);
      return true;
    });
    await assert.rejects(readFilteredNodes(consul, 'Foo == 1'), {
      message: 'Selector "Foo" is not valid',
      position: undefined,
    });
  });

  test('every completion of a selector and of its values is an expression that the servers take', async () => {
    const vocabulary = new FilterVocabulary(nodes);
    for (const { text } of completeFilter('', vocabulary)) {
      if (!hasUiNodes && /^(?:Services|Checks)/.test(text)) continue;
      const isSet = text.startsWith('Services.Tags');
      const withOperator = `${text}${isSet ? 'contains' : '=='} `;
      const [value = { text: `${withOperator}"x"` }] = completeFilter(withOperator, vocabulary);
      const names = await readFilteredNodes(consul, value.text);
      if (value.text !== `${withOperator}"x"` && !text.startsWith('Checks.')) {
        assert.notEqual(names.length, 0, value.text);
      }
    }
  });

  /** Runs a job that leaves a mark, on nodes chosen by name, as the launcher does. */
  async function run(names: readonly string[], expected: readonly string[]): Promise<void> {
    const selection = { service: ANY, tag: ANY, node: { kind: 'exactly' as const, names } };
    const targets = selectTargets(selection, nodes).reached.map(({ name }) => name);
    assert.deepEqual(targets.toSorted(), expected.toSorted());
    const payload = payloadSize('_rexec');
    const announcements = await filtersForSelection(
      selection,
      targets,
      nodes,
      payload,
      FULL_VISIBILITY,
    );
    const mark = `mark-${runs++}`;
    const acknowledged: string[] = [];
    const request = {
      job: { kind: 'command' as const, text: `echo x >> ${mark}` },
      announcements,
      targets,
      options: { prefix: '_rexec', quietMs: 3000, replicationWaitMs: 0 },
    };
    for await (const event of runJob(consul, request)) {
      if (event.kind === 'acknowledged') acknowledged.push(event.node);
    }
    assert.deepEqual(acknowledged.sort(), expected.toSorted());
    marks.push({ mark, expected });
  }
});
