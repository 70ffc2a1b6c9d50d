import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitArguments } from '../../../src/exec/protocol/splitArguments.ts';
import { JobError } from '../../../src/exec/protocol/job.ts';

const SPLITS: readonly [string, readonly string[]][] = [
  ['', []],
  ['  \t ', []],
  ['uptime', ['uptime']],
  ['  ls   -l\t/tmp ', ['ls', '-l', '/tmp']],
  [`echo 'a b' "c d"`, ['echo', 'a b', 'c d']],
  [`echo ''`, ['echo', '']],
  [`"" x`, ['', 'x']],
  [`a'b'"c"d`, ['abcd']],
  [`echo "it's"`, ['echo', `it's`]],
  [`echo 'say "hi"'`, ['echo', 'say "hi"']],
  [`echo a\\ b`, ['echo', 'a b']],
  [`echo "a\\"b\\\\c\\d"`, ['echo', 'a"b\\c\\d']],
  ['echo "\\$HOME \\`id\\`" \\$x', ['echo', '$HOME `id`', '$x']],
  ['one \\\ntwo "th\\\nree"', ['one', 'two', 'three']],
  ['no\u00a0break no\u3000break', ['no\u00a0break', 'no\u3000break']],
  [`echo 'a\\b'`, ['echo', 'a\\b']],
  ['echo $HOME * | cat', ['echo', '$HOME', '*', '|', 'cat']],
  ['one\ntwo', ['one', 'two']],
  ['grüße 💥', ['grüße', '💥']],
];

for (const [line, args] of SPLITS) {
  test(`splits ${JSON.stringify(line)}`, () => {
    assert.deepEqual(splitArguments(line), args);
  });
}

for (const line of [`echo 'open`, `echo "open`, `echo "a'`, 'echo \\', `"\\`]) {
  test(`refuses ${JSON.stringify(line)}`, () => {
    assert.throws(() => splitArguments(line), JobError);
  });
}
