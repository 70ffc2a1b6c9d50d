import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { KnownNodes } from '../../../../src/exec/targeting/names/knownNodes.ts';
import { readNameFile } from '../../../../src/exec/targeting/names/nameFile.ts';

const KNOWN = ['web-01', 'web-02', 'web-03', 'db-1.example.com', 'node with space', 'a,b', '#odd'];

describe('a file of names', () => {
  const read = (text: string, names: readonly string[] = KNOWN) =>
    readNameFile(text, KnownNodes.named(names), new AbortController().signal);

  for (const [what, text, names] of [
    ['a single line', 'web-01\n', ['web-01']],
    [
      'lines of Windows, with a byte order mark',
      '\ufeffweb-01\r\nweb-02\r\n',
      ['web-01', 'web-02'],
    ],
    ['comments and empty lines', '# canaries\n\nweb-01\n  # more\nweb-03\n', ['web-01', 'web-03']],
    ['a name that begins with #', '#odd\nweb-01', ['#odd', 'web-01']],
    ['commas', 'web-01,web-02, web-03', ['web-01', 'web-02', 'web-03']],
    ['ranges and exclusions', 'web-[01-03]\n!web-02', ['web-01', 'web-03']],
    ['odd names', 'node with space\na,b\nweb-01', ['node with space', 'a,b', 'web-01']],
    ['a JSON array', '["web-01", "a,b"]', ['web-01', 'a,b']],
    ['JSON of Consul', '[{"Node": "web-02", "Address": "10.0.0.1"}]', ['web-02']],
    ['CSV', 'node,status\nweb-01,ok\n"a,b",failed\n', ['web-01', 'a,b']],
    ['CSV with lines in a field', 'out;Host\n"a\n""b"";";web-01\nx;web-02', ['web-01', 'web-02']],
    ['a table with tabs', 'id\tname\n1\tweb-01\n2\tweb-03', ['web-01', 'web-03']],
  ] as const) {
    test(what, async () => {
      const found = await read(text);
      assert.deepEqual(found.names, names);
      assert.deepEqual([found.doubts, found.unmatched], [[], []]);
    });
  }

  test('what is unclear is named', async () => {
    const found = await read('web-01\nWEB-02\nweb-9\ndb-1\nweb-01\n');
    assert.deepEqual(found.names, ['web-01', 'web-02', 'db-1.example.com']);
    assert.deepEqual(
      found.doubts.map(({ given, taken }) => [given, taken]),
      [
        ['WEB-02', 'web-02'],
        ['web-9', undefined],
        ['db-1', 'db-1.example.com'],
      ],
    );
    assert.deepEqual(found.repeated, ['web-01']);
  });

  test('text that is no list has no names', async () => {
    for (const text of ['{"a": 1', '^web-0[12]$', '"', '[]', 'name,\n"']) {
      assert.deepEqual((await read(text)).names, [], text);
    }
  });

  test('5,000 UUIDs are found, and 5,000 others are not', async () => {
    const known = Array.from({ length: 5000 }, () => crypto.randomUUID());
    const others = Array.from({ length: 5000 }, () => crypto.randomUUID());
    const found = await read([...known, ...others].join('\n'), known);
    assert.deepEqual(found.names, known);
    assert.deepEqual(
      found.doubts.map(({ given }) => given),
      others,
    );
  });
});
