import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KnownNodes } from '../../../../src/exec/targeting/names/knownNodes.ts';
import { readManyNames, readNames } from '../../../../src/exec/targeting/names/nameNotation.ts';

const KNOWN = [
  'web-01',
  'web-02',
  'web-03',
  'web-10',
  'power-1',
  'db1.example.com',
  'db2.example.com',
  'Cache1',
  'web-01.old',
];

describe('names in the notations of others', () => {
  const read = (text: string) => readNames(text, KnownNodes.named(KNOWN));

  for (const [text, names] of [
    ['web-0*', ['web-01', 'web-02', 'web-03', 'web-01.old']],
    ['web-0?', ['web-01', 'web-02', 'web-03']],
    ['web-[01-03]', ['web-01', 'web-02', 'web-03']],
    ['web-[01:02]', ['web-01', 'web-02']],
    ['web-[01,10]', ['web-01', 'web-10']],
    ['web-[01-03],!web-02', ['web-01', 'web-03']],
    ['web-*:!web-10', ['web-01', 'web-02', 'web-03', 'web-01.old']],
    ['-w web-[01-02]', ['web-01', 'web-02']],
    ['-w web-[01-03] -x web-[02-03]', ['web-01']],
    ['web-{01..03}', ['web-01', 'web-02', 'web-03']],
    ['web-{01,10}', ['web-01', 'web-10']],
    ['web-0{1..3..2}', ['web-01', 'web-03']],
    ['web-0{1,3}', ['web-01', 'web-03']],
    ['web-0[1-2]*', ['web-01', 'web-02', 'web-01.old']],
    ['web-01..web-03', ['web-01', 'web-02', 'web-03']],
    ['web-02 to web-03', ['web-02', 'web-03']],
    ['db1.example.com – db2.example.com', ['db1.example.com', 'db2.example.com']],
    ['web-0* and not web-02', ['web-01', 'web-03', 'web-01.old']],
    ["'web-0?'", ['web-01', 'web-02', 'web-03']],
    ['web-0[1-2]^web-0[2-3]', ['web-01', 'web-03']],
    ['web-[01-10]&web-0*', ['web-01', 'web-02', 'web-03']],
    ['!web*,!db[1-2].example.com', ['power-1', 'Cache1']],
    ['*', KNOWN],
  ] as const) {
    test(`${text} is a pattern`, () => {
      const found = read(text);
      assert.deepEqual(found?.names.toSorted(), names.toSorted());
      assert.deepEqual(found.doubts, []);
    });
  }

  for (const text of [
    'web-01\nweb-02\n',
    'web-01,web-02',
    'web-01 web-02',
    'web-01; web-02',
    ' - web-01\n - web-02',
    '* web-01\n* web-02',
    '1. web-01\n2. web-02',
    '["web-01", "web-02"]',
    '"web-01", "web-02"',
    "'web-01'\r\n'web-02'\r\n",
    'web-01 | web-02',
    'L@web-01,web-02',
    'web-01: web-02:',
    '- web-01 - web-02',
    '* web-01 * web-02',
    '1. web-01 2. web-02',
    '(web-01 and web-02)',
    'web-01:9100, http://web-02:9100/metrics',
    '[{"Node": "web-01", "Address": "10.0.0.1"}, {"Node": "web-02"}]',
    '{"nodes": ["web-01", {"name": "web-02"}]}',
    "['web-01', 'web-02']",
    '[web-01, web-02]',
    '{web-01,web-02}',
    'web-01:web-02',
    'web-01/web-02',
    'web-01、web-02',
    'web-01 or web-02',
    'instance="web-01:9100" instance="web-02:9100"',
    'http://root@web-01/ https://web-02:8500/ui',
    'web-01\u200b web-02',
  ]) {
    test(`${JSON.stringify(text)} is a list`, () => {
      const found = read(text);
      assert.equal(found?.notation, 'list');
      assert.deepEqual(found.names, ['web-01', 'web-02']);
    });
  }

  for (const text of [
    'web-01',
    '^web-\\d+$',
    'web-0[1-3]$',
    'web|db',
    'web.*',
    '(?i)web',
    'web-0+',
    'web-0[0-9]{1,3}',
    String.raw`web-\d{1,3}`,
  ]) {
    test(`${text} is left to be a regular expression`, () => assert.equal(read(text), undefined));
  }

  test('unknown names are named, with the nearest; case and domain are forgiven where it is clear', () => {
    const found = read('WEB-01, db1, db2.example.com, web-04, cache1, nothing-like-it');
    assert.deepEqual(found?.names, ['web-01', 'db1.example.com', 'db2.example.com', 'Cache1']);
    assert.deepEqual(
      found.doubts.map(({ given, taken, candidates }) => [given, taken, candidates]),
      [
        ['WEB-01', 'web-01', ['web-01']],
        ['db1', 'db1.example.com', ['db1.example.com']],
        ['web-04', undefined, ['web-01', 'web-02', 'web-03']],
        ['cache1', 'Cache1', ['Cache1']],
        ['nothing-like-it', undefined, []],
      ],
    );
  });

  for (const text of ['root@web-01, root@web-02', 'web-01.\nweb-02.']) {
    test(`${JSON.stringify(text)} names nodes`, () => {
      assert.deepEqual(read(text)?.names, ['web-01', 'web-02']);
    });
  }

  for (const text of [
    '"web-01"',
    '<web-01>',
    'web-01:9100',
    'web-01\u200b',
    '{"Node": "web-01"}',
  ]) {
    test(`${JSON.stringify(text)} is a name with something around it`, () => {
      assert.deepEqual(read(text)?.names, ['web-01']);
    });
  }

  test('a dash between two names can mean several things, so the user decides', () => {
    assert.deepEqual(
      read('web-01 - web-03')?.doubts.map(({ given }) => given),
      ['-'],
    );
  });

  test('a short name that two nodes have is not decided', () => {
    const found = readNames('app, web-01', KnownNodes.named(['app.a.com', 'app.b.com', 'web-01']));
    assert.deepEqual(found?.names, ['web-01']);
    assert.deepEqual(found.doubts[0]?.candidates, ['app.a.com', 'app.b.com']);
    assert.equal(found.doubts[0].taken, undefined);
  });

  test('a pattern that matches no name is named', () => {
    assert.deepEqual(read('web-0*,zzz*')?.unmatched, ['zzz*']);
  });

  test('an exclusion that excludes nothing is named', () => {
    const found = read('web-0*,!WEB-02');
    assert.deepEqual(found?.unmatched, ['!WEB-02']);
    assert.deepEqual(found.names, ['web-01', 'web-02', 'web-03', 'web-01.old']);
  });

  test('in several datacenters, a name that two nodes have is not decided', () => {
    const nodes = ['dc1', 'dc2'].flatMap((datacenter) =>
      ['web-01', `only-${datacenter}`].map((name) => ({
        label: `${name}@${datacenter}`,
        name,
        datacenter,
      })),
    );
    const known = new KnownNodes(nodes);
    const list = readNames('web-01, only-dc1, web-01@dc2', known);
    assert.deepEqual(list?.names, ['only-dc1@dc1', 'web-01@dc2']);
    assert.deepEqual(list.doubts[0]?.candidates, ['web-01@dc1', 'web-01@dc2']);
    assert.equal(list.doubts[0].taken, undefined);
    const excluded = readNames('web*,only*,!web-01', known);
    assert.deepEqual(excluded?.names, ['only-dc1@dc1', 'only-dc2@dc2']);
    assert.deepEqual(readNames('web-*@dc2', known)?.names, ['web-01@dc2']);
    assert.deepEqual(readNames('web*2', known)?.names, []);
    const single = new KnownNodes([{ label: 'web-01', name: 'web-01', datacenter: 'dc1' }]);
    assert.deepEqual(readNames('web-01@dc1, web-01', single)?.names, ['web-01']);
  });

  test('a range beyond any fleet is no node set', () => {
    assert.equal(read('web[1-999999999]'), undefined);
  });

  for (const [text, names] of [
    ['node with space', ['node with space']],
    ['node with space, web1', ['node with space', 'web1']],
    ['web1\n"node with space"\nslash/node', ['web1', 'node with space', 'slash/node']],
    ['web[1-2]', ['web[1-2]']],
    ['web[1-3],!web2', ['web1', 'web3']],
    ['web[1-2] a.b+c(d)[e]^$', ['web[1-2]', 'a.b+c(d)[e]^$']],
    ['!node with space,!web*', ['node', 'slash/node', 'a,b', 'a.b+c(d)[e]^$']],
    ['a,b', ['a,b']],
    ['node', undefined],
  ] as const) {
    test(`where the catalog has odd names, ${JSON.stringify(text)} names them`, () => {
      const known = KnownNodes.named([
        'node',
        'node with space',
        'slash/node',
        'a,b',
        'a.b+c(d)[e]^$',
        'web[1-2]',
        'web1',
        'web2',
        'web3',
      ]);
      const found = readNames(text, known);
      assert.deepEqual(found?.names, names);
      assert.deepEqual(found?.unmatched ?? [], []);
    });
  }

  test('names that a list has twice are named', () => {
    const found = read('web-01, web-02, web-01');
    assert.deepEqual(found?.names, ['web-01', 'web-02']);
    assert.deepEqual(found.repeated, ['web-01']);
  });

  test('a hundred thousand lines are read in slices', async () => {
    const lines = Array.from({ length: 100_000 }, (_, i) => `web-${i % 20}`).join('\n');
    let turns = 0;
    const turn = setInterval(() => turns++, 1);
    const found = await readManyNames(lines, KnownNodes.named(KNOWN), new AbortController().signal);
    clearInterval(turn);
    assert.ok(turns > 1);
    assert.deepEqual(found?.names, ['web-10']);
    assert.equal(found.doubts.length, 19);
    const stop = new AbortController();
    const stopped = readManyNames(lines, KnownNodes.named(KNOWN), stop.signal);
    stop.abort();
    await assert.rejects(stopped, { name: 'AbortError' });
  });
});
