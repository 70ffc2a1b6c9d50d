import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  hasReadableKeys,
  chunkName,
  keyName,
  parseKey,
  PrefixError,
  requirePrefix,
  runKeys,
  unreadableNodeMessage,
} from '../../../src/exec/protocol/keys.ts';

const { tree, job } = runKeys('_rexec', 'f9642bd0-a046-bc68-577a-4962b8c06efa');

const ODD_NAMES = [
  'job',
  'ack',
  'exit',
  'out',
  'x/ack',
  'x/exit',
  'x/out',
  'x/out/00000',
  'a/b/c',
  'node with space',
  'ünïcode-ノード',
  '00000',
  'dots.in.name',
  '100%',
];
const names = fc.oneof(
  fc.constantFrom(...ODD_NAMES),
  fc
    .array(
      fc.oneof(fc.constantFrom('ack', 'exit', 'out', 'job', '00000'), fc.string({ minLength: 1 })),
      {
        minLength: 1,
        maxLength: 4,
      },
    )
    .map((parts) => parts.join('/'))
    .filter((name) => name !== ''),
);

test('reads back the keys an agent writes, whatever its name', () => {
  fc.assert(
    fc.property(names, fc.nat(0xfffffff), (node, sequence) => {
      assert.deepEqual(parseKey(tree, `${tree}${node}/ack`), { kind: 'ack', node });
      assert.deepEqual(parseKey(tree, `${tree}${node}/exit`), { kind: 'exit', node });
      const out = `${tree}${node}/out/${chunkName(sequence)}`;
      assert.deepEqual(parseKey(tree, out), { kind: 'out', node, sequence });
    }),
    { numRuns: 2000 },
  );
});

test('numbers chunks as agents do: five hexadecimal digits, and more when needed', () => {
  assert.deepEqual([0, 10, 0xfffff, 0x100000].map(chunkName), [
    '00000',
    '0000a',
    'fffff',
    '100000',
  ]);
});

for (const key of [
  job,
  tree,
  `${tree}ack`,
  `${tree}exit`,
  `${tree}/ack`,
  `${tree}node`,
  `${tree}node/`,
  `${tree}node/other`,
  `${tree}node/out/`,
  `${tree}node/out/0000`,
  `${tree}node/out/0000G`,
  `${tree}node/out/0000A`,
  `${tree}out/00000`,
  `_rexec/another-session/node/ack`,
  '',
]) {
  test(`ignores ${JSON.stringify(key)}`, () => {
    assert.equal(parseKey(tree, key), undefined);
  });
}

for (const prefix of ['_rexec', '_rexec/', 'team/a/_rexec', 'with space', 'ünï']) {
  test(`takes ${JSON.stringify(prefix)} as a prefix`, () => {
    assert.equal(requirePrefix(prefix), prefix.replace(/\/$/, ''));
  });
}

for (const prefix of [
  '',
  '/',
  '/a',
  'a//b',
  'a//',
  './a',
  'a/../b',
  '..',
  ' a',
  'a /b',
  'x'.repeat(201),
]) {
  test(`refuses ${JSON.stringify(prefix).slice(0, 20)} as a prefix`, () => {
    assert.throws(() => requirePrefix(prefix), PrefixError);
  });
}

const CLEANED: readonly [string, string | undefined][] = [
  ['web-01', 'web-01'],
  ['a/b', 'a/b'],
  ['a//b', 'a/b'],
  ['./a', 'a'],
  ['/a', 'a'],
  ['a/', 'a'],
  ['a/./b/../c', 'a/c'],
  ['..a', '..a'],
  ['...', '...'],
  ['', undefined],
  ['.', undefined],
  ['/', undefined],
  ['..', undefined],
  ['a/..', undefined],
  ['../x', undefined],
  ['/../x', undefined],
  ['a/../../x', undefined],
];

for (const [node, name] of CLEANED) {
  test(`the keys of “${node}” are ${name === undefined ? 'nowhere' : `below ${name}`}`, () => {
    assert.equal(keyName(node), name);
    assert.equal(hasReadableKeys(node), name !== undefined);
  });
}

test('a node whose results are out of reach is named in a sentence', () => {
  assert.match(unreadableNodeMessage('../x'), /Results from "\.\.\/x" can't be read/);
});
