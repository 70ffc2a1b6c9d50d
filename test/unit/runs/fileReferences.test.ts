import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fileReferences, longestSuffixMatch } from '../../../src/runs/fileReferences.ts';

const LINES: readonly [string, readonly string[]][] = [
  ['src/app.ts:12:3: error', ['src/app.ts 12 3 @0-15']],
  ['at /opt/app/disk.sh:7', ['/opt/app/disk.sh 7 - @3-21']],
  ['(lib/a.py:1), "b.go:22:5"', ['lib/a.py 1 - @1-11', 'b.go 22 5 @15-24']],
  ['C:\\app\\x.ps1:4', ['/app/x.ps1 4 - @2-14']],
  ['./größe.c:9: note', ['./größe.c 9 - @0-11']],
  ['file:///opt/x.sh:3', ['///opt/x.sh 3 - @5-18']],
  ['12:30:11 up 4 days', []],
  ['web-01.eu:8500', ['web-01.eu 8500 - @0-14']],
  ['10.0.0.1:80', []],
  ['.bashrc:3', []],
  ['a.sh:0 b.sh: c.sh:x', []],
  ['nothing', []],
];

describe('places in files', () => {
  for (const [line, found] of LINES) {
    test(`in “${line}”`, () => {
      assert.deepEqual(
        fileReferences(line).map(
          ({ path, line, column, start, end }) =>
            `${path} ${line} ${column ?? '-'} @${start}-${end}`,
        ),
        found,
      );
    });
  }

  test('in a hostile line of a megabyte take no time', { timeout: 3000 }, () => {
    for (const piece of ['a', 'a.', 'a:', 'a.b:1', ':1', '/', 'a.b:11111111']) {
      fileReferences(piece.repeat(2 ** 20 / piece.length));
    }
  });
});

describe('the local copy of a file', () => {
  const find = (path: string, ...candidates: string[]) =>
    longestSuffixMatch(path, candidates, (candidate) => candidate);

  test('is the one with the longest end of the path in common', () => {
    assert.equal(find('/opt/app/src/x.sh', '/w/src/x.sh', '/w/test/x.sh'), '/w/src/x.sh');
    assert.equal(find('/opt/x.sh', '/w/deep/x.sh'), '/w/deep/x.sh');
    assert.equal(find('./x.sh', '/w/a/x.sh'), '/w/a/x.sh');
  });

  test('is none where several fit as well', () => {
    assert.equal(find('x.sh', '/w/a/x.sh', '/w/b/x.sh'), undefined);
    assert.equal(find('b/x.sh', '/w/a/x.sh', '/w/c/x.sh', '/w/b/x.sh'), '/w/b/x.sh');
    assert.equal(find('x.sh'), undefined);
    assert.equal(find('x.sh', '/w/y.sh'), undefined);
  });
});
