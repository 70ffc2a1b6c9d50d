import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  fileReferences,
  isUploadedScript,
  longestSuffixMatch,
} from '../../../src/runs/text/fileReferences.ts';

const LINES: readonly [string, readonly string[]][] = [
  ['src/app.ts:12:3: error', ['src/app.ts 12 3 @0-15']],
  ['at /opt/app/disk.sh:7', ['/opt/app/disk.sh 7 - @3-21']],
  ['(lib/a.py:1), "b.go:22:5"', ['lib/a.py 1 - @1-11', 'b.go 22 5 @15-24']],
  ['C:\\app\\x.ps1:4', ['/app/x.ps1 4 - @2-14']],
  ['./größe.c:9: note', ['./größe.c 9 - @0-11']],
  ['file:///opt/x.sh:3', ['///opt/x.sh 3 - @5-18']],
  ['http://host.example/src/x.sh:3 see https://host.example/docs/a.md', []],
  ['Makefile:12: recipe for target failed', ['Makefile 12 - @0-11']],
  ['make: *** [sub/Makefile:7: all] Error 1', ['sub/Makefile 7 - @11-25']],
  ['./x.sh: line 3: foo: command not found', ['./x.sh 3 - @0-14']],
  ['/opt/bin/deploy: line 14: [: too many arguments', ['/opt/bin/deploy 14 - @0-24']],
  ['x.sh: 3: foo: not found', ['x.sh 3 - @0-7']],
  ['  File "/opt/app/x.py", line 21, in main', ['/opt/app/x.py 21 - @2-31']],
  ['  File "<stdin>", line 1, in <module>', []],
  ['Died at /opt/app/x.pl line 12.', ['/opt/app/x.pl 12 - @8-29']],
  ['bad at lib/x.pm line 3, <STDIN> line 5.', ['lib/x.pm 3 - @7-22']],
  ['in /srv/www/x.php on line 7', ['/srv/www/x.php 7 - @3-27']],
  ['x.ksh[3]: foo: not found', ['x.ksh 3 - @0-8']],
  ['    (file "lib/x.tcl" line 3)', ['lib/x.tcl 3 - @5-28']],
  ['open line 3 of the file, line 4', []],
  ['src/x.ts(12,3): error TS2304', ['src/x.ts 12 3 @0-14']],
  ['Program.cs(7): warning', ['Program.cs 7 - @0-13']],
  ['wrote src/app/x.conf, then etc/y.yaml.', ['src/app/x.conf - - @6-20', 'etc/y.yaml - - @27-37']],
  ['--- a/src/x.ts', ['a/src/x.ts - - @4-14']],
  ['x.conf ./x.conf ../x.conf /usr/bin /x.conf', []],
  ['/usr/bin/env and/or 1/2:3 26/11:30 eth0: 3: up', []],
  ['web: line 3: x', []],
  ['12:30:11 up 4 days', []],
  ['web-01.eu:8500', ['web-01.eu 8500 - @0-14']],
  ['10.0.0.1:80', []],
  ['.bashrc:3', []],
  ['a.sh:0 b.sh: c.sh:x', []],
  ['nothing', []],
];

describe('places in files', () => {
  for (const [line, found] of LINES) {
    test(`in "${line}"`, () => {
      assert.deepEqual(
        fileReferences(line).map(
          ({ path, line, column, start, end }) =>
            `${path} ${line ?? '-'} ${column ?? '-'} @${start}-${end}`,
        ),
        found,
      );
    });
  }

  test('in the script that was run are told apart', () => {
    const lines = [
      '/tmp/rexec12: line 3: x: not found',
      '/tmp/rexec12: 3: x: not found',
      'script: line 3: x: not found',
      'Died at script line 3.',
      'File "script", line 3',
      '/tmp/rexec: 3:',
      'the script: ok',
    ];
    assert.deepEqual(
      lines.map((line) => fileReferences(line).some(isUploadedScript)),
      [true, true, true, true, true, false, false],
    );
  });

  test('in a hostile line of a megabyte take no time', { timeout: 3000 }, () => {
    const pieces = [
      'a',
      'a.',
      'a:',
      'a.b:1',
      ':1',
      '/',
      'a.b:11111111',
      '.',
      'File "',
      'a(1,',
      '../',
    ];
    for (const piece of [...pieces, 'a.b: line ', 'a.b: 1', 'a/b.c ', 'File "a.b", line ', '://']) {
      fileReferences(piece.repeat(2 ** 20 / piece.length));
    }
  });
});

describe('the local copy of a file', () => {
  const find = (path: string, ...candidates: string[]) =>
    longestSuffixMatch(path, candidates, (candidate) => candidate);

  test('is the one with the longest end of the path in common', () => {
    assert.equal(find('/opt/app/src/x.sh', '/w/src/x.sh', '/w/test/x.sh'), '/w/src/x.sh');
    assert.equal(find('/opt/deep/x.sh', '/w/deep/x.sh'), '/w/deep/x.sh');
    assert.equal(find('./x.sh', '/w/a/x.sh'), '/w/a/x.sh');
    assert.equal(find('../b/../x.sh', '/w/a/x.sh'), '/w/a/x.sh');
  });

  test('is none where the path has folders and they are others', () => {
    assert.equal(find('/opt/x.sh', '/w/deep/x.sh'), undefined);
    assert.equal(find('/usr/lib/python3/json/__init__.py', '/w/app/__init__.py'), undefined);
    assert.equal(find('node_modules/x/index.ts', '/w/index.ts', '/w/a/index.ts'), undefined);
    assert.equal(find('__init__.py', '/w/a/__init__.py', '/w/b/__init__.py'), undefined);
  });

  test('is none where several fit as well', () => {
    assert.equal(find('x.sh', '/w/a/x.sh', '/w/b/x.sh'), undefined);
    assert.equal(find('b/x.sh', '/w/a/x.sh', '/w/c/x.sh', '/w/b/x.sh'), '/w/b/x.sh');
    assert.equal(find('x.sh'), undefined);
    assert.equal(find('x.sh', '/w/y.sh'), undefined);
  });
});
