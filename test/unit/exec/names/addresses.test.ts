import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { KnownNodes } from '../../../../src/exec/targeting/names/knownNodes.ts';
import { readNames } from '../../../../src/exec/targeting/names/nameNotation.ts';

const ADDRESSES: Readonly<Record<string, string>> = {
  a: '10.0.1.1',
  b: '10.0.1.200',
  c: '10.0.2.1',
  d: '192.168.1.1',
  e: 'fd00::1',
  f: 'FD00:0:0:1::2',
  g: '10.0.1.1',
  h: 'db.example.com',
  '10.0.9.9': '10.0.2.2',
};

describe('nodes by address', () => {
  const known = new KnownNodes(
    Object.entries(ADDRESSES).map(([name, address]) => ({ label: name, name, address })),
  );

  for (const [text, names] of [
    ['10.0.1.200', ['b']],
    ['10.0.1.1', ['a', 'g']],
    ['10.0.1.0/24', ['a', 'b', 'g']],
    ['10.0.1.77/24', ['a', 'b', 'g']],
    ['10.0.0.0/8', ['a', 'b', 'c', 'g', '10.0.9.9']],
    ['0.0.0.0/0', ['a', 'b', 'c', 'd', 'g', '10.0.9.9']],
    ['::/0', ['e', 'f']],
    ['fd00::/64', ['e']],
    ['fd00::/16', ['e', 'f']],
    ['fd00:0:0:0:0:0:0:1', ['e']],
    ['fd00::1, fd00:0:0:1::2', ['e', 'f']],
    ['10.0.1.0/24,!b', ['a', 'g']],
    ['10.0.0.0/8,!10.0.1.0/24', ['c', '10.0.9.9']],
    ['!10.0.0.0/8,!fd00::/16', ['d', 'h']],
    ['10.0.0.0/8&10.0.2.0/24', ['c', '10.0.9.9']],
    ['c, 10.0.1.200\n192.168.0.0/16', ['c', 'b', 'd']],
    ['10.0.1.[200-201]', ['b']],
    ['http://10.0.1.200:9100/metrics, 192.168.1.1:22', ['b', 'd']],
    ['["10.0.1.200", "10.0.2.0/24"]', ['b', 'c', '10.0.9.9']],
    // A name comes first.
    ['10.0.9.9', ['10.0.9.9']],
    ['10.0.2.2', ['10.0.9.9']],
  ] as const) {
    test(text, () => {
      const found = readNames(text, known);
      assert.deepEqual(found?.names.toSorted(), names.toSorted());
    });
  }

  test('a range says how many nodes it has', () => {
    for (const text of ['10.0.1.0/24, 10.9.0.0/16', '10.0.1.0/24,10.9.0.0/16,!d']) {
      const found = readNames(text, known);
      assert.deepEqual(found?.ranges, [
        { given: '10.0.1.0/24', count: 3 },
        { given: '10.9.0.0/16', count: 0 },
      ]);
    }
  });

  test('ranges of IPv4 are those of Node', () => {
    const address = fc.ipV4();
    fc.assert(
      fc.property(address, address, fc.integer({ min: 0, max: 32 }), (own, other, prefix) => {
        const list = new BlockList();
        list.addSubnet(other, prefix, 'ipv4');
        const node = new KnownNodes([{ label: 'n', name: 'n', address: own }]);
        const found = readNames(`${other}/${prefix}`, node);
        assert.equal(found?.names.length, list.check(own, 'ipv4') ? 1 : 0);
      }),
      { numRuns: 2000 },
    );
  });

  test('an address without a node is unknown, as a name would be', () => {
    for (const address of ['10.0.1.3', '10.77.0.0/16', 'fd01::/64']) {
      const found = readNames(address, known);
      assert.deepEqual(
        [found?.names, found?.ranges.map(({ count }) => count)],
        [[], address.includes('/') ? [0] : []],
      );
      assert.deepEqual(found?.doubts, [{ given: address, candidates: [], isAmbiguous: false }]);
    }
    assert.deepEqual(readNames('a,!10.77.0.0/16', known)?.unmatched, ['!10.77.0.0/16']);
  });

  test('what only looks like an address is a name', () => {
    for (const text of [
      '10.0.1.0/33',
      '10.0.1.256, a',
      '10.0.1, a',
      'fd00::1::2, a',
      'dead:beef',
    ]) {
      assert.deepEqual(readNames(text, known)?.ranges ?? [], [], text);
    }
    assert.deepEqual(readNames('10.0.1.256, a', known)?.names, ['a']);
  });

  test('in several datacenters, an address has nodes in each', () => {
    const nodes = ['dc1', 'dc2'].map((datacenter) => ({
      label: `a@${datacenter}`,
      name: 'a',
      datacenter,
      address: '10.0.0.1',
    }));
    assert.deepEqual(readNames('10.0.0.1', new KnownNodes(nodes))?.names, ['a@dc1', 'a@dc2']);
  });
});
