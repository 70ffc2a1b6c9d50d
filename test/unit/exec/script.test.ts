import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findBashSyntax } from '../../../src/exec/script/bashSyntax.ts';
import { dedent } from '../../../src/exec/script/dedent.ts';
import {
  interpreterOf,
  programOf,
  type ScriptOrigin,
} from '../../../src/exec/script/interpreter.ts';
import {
  findLookAlikeSpaces,
  markLookAlikeSpaces,
} from '../../../src/exec/script/lookAlikeSpaces.ts';
import { scriptJob } from '../../../src/exec/script/script.ts';
import { bytesToSend } from '../../../src/exec/script/scriptBytes.ts';

const selection = (more: Partial<ScriptOrigin>): ScriptOrigin => ({
  text: '[[ 1 == 1 ]] && echo yes',
  isSelection: true,
  ...more,
});

for (const [what, origin, expected] of [
  ['a selection in a bash file', selection({ fileFirstLine: '#!/bin/bash' }), '#!/bin/bash'],
  [
    'a selection with its own',
    selection({ text: '#!/bin/sh\ntrue', fileFirstLine: '#!/bin/bash' }),
    '',
  ],
  [
    'a selection in a Windows file',
    selection({ fileFirstLine: '#!/bin/bash -e\r\n' }),
    '#!/bin/bash -e',
  ],
  [
    'a Python file',
    { text: '"""`id`"""', isSelection: false, language: 'python' },
    '#!/usr/bin/env python3',
  ],
  ['a selection of Python', selection({ language: 'python' }), '#!/usr/bin/env python3'],
  [
    'a file named .rb',
    { text: 'puts 1', isSelection: false, fileName: '/a/b.rb' },
    '#!/usr/bin/env ruby',
  ],
  [
    'a file named .bash',
    { text: 'x', isSelection: false, language: 'shellscript', fileName: 'b.bash' },
    '#!/usr/bin/env bash',
  ],
  [
    'a file named .sh',
    { text: 'x', isSelection: false, language: 'shellscript', fileName: 'b.sh' },
    '',
  ],
  [
    'a file named .awk',
    { text: '{print}', isSelection: false, fileName: '/a/b.awk' },
    '#!/usr/bin/awk -f',
  ],
  [
    'a file named .bash_profile',
    { text: 'x', isSelection: false, language: 'shellscript', fileName: '/a/.bash_profile' },
    '#!/usr/bin/env bash',
  ],
  ['a selection in Markdown', selection({ language: 'markdown', fileName: 'a.md' }), ''],
  ['a selection in YAML', selection({ language: 'yaml', fileName: 'a.yml' }), ''],
  ['an unnamed text', { text: 'uptime', isSelection: false, language: 'plaintext' }, ''],
] as const satisfies readonly (readonly [string, ScriptOrigin, string])[]) {
  test(`${what} runs with ${expected === '' ? 'nothing added' : expected}`, () => {
    const { text } = origin;
    const script = {
      text,
      interpreter: interpreterOf(origin),
      part: 'selection',
      hadCrlf: false,
    } as const;
    const sent = expected === '' ? text : `${expected}\n${text}`;
    assert.deepEqual(scriptJob(script), { kind: 'script', text: sent });
    assert.deepEqual(scriptJob(script, false), { kind: 'script', text });
  });
}

for (const [what, origin] of [
  ['a batch file', { text: 'dir', isSelection: false, fileName: 'a.bat' }],
  ['a PowerShell file', { text: 'dir', isSelection: false, fileName: 'a.ps1' }],
  ['a VBScript file', { text: 'x', isSelection: false, fileName: 'a.vbs' }],
  ['a Makefile', { text: 'x', isSelection: false, fileName: 'Makefile', language: 'makefile' }],
  ['a YAML file', { text: 'x', isSelection: false, fileName: 'a.yml', language: 'yaml' }],
  ['a selection of Go', selection({ language: 'go' })],
  ['a selection of TypeScript', selection({ fileName: 'a.ts' })],
] as const satisfies readonly (readonly [string, ScriptOrigin])[]) {
  test(`${what} is not given to a shell`, () => {
    assert.equal(interpreterOf(origin).kind, 'unsupported');
  });
}

for (const [text, shown] of [
  ['[[ $(uname) == Linux ]] && echo linux || echo other', '[['],
  ['if [[ -f x ]]; then\n:\nfi', '[['],
  ['x=1\n(( x++ ))', '(('],
  ['diff <(ls a) <(ls b)', '<('],
  ['cat <<<"$x"', '<<<'],
  ['make &>/dev/null', '&>'],
  ['set -euo pipefail', 'pipefail'],
  ['for i in {1..3}; do echo $i; done', '{1..3}'],
  ['source /etc/os-release', 'source'],
  ['names=(a b)\n', 'an array'],
  ['echo "${x//a/b}"', '${name//}'],
  ['function f { :; }', 'function'],
] as const) {
  test(`${JSON.stringify(text)} needs bash`, () => {
    assert.equal(findBashSyntax(text)?.shown, shown);
  });
}

for (const text of [
  'uptime',
  'test -f x && [ "$a" = b ]',
  'echo $((1 + 2)) "${x:-y}" "${x#a}" "${#x}"',
  "grep '[[:space:]]' x",
  'grep "[[:space:]]" x | sed s/a/b/',
  '# [[ a ]]\ntrue',
  'cat <<EOF\nx\nEOF',
  'cmd >x 2>&1 &',
  '. /etc/os-release',
  'f() { :; }',
  'awk "{print}" <x',
  'curl "http://x/?a=1&b=2"',
  'echo resource; set -eu',
]) {
  test(`${JSON.stringify(text)} runs in any shell`, () => {
    assert.equal(findBashSyntax(text), undefined);
  });
}

test('the added line comes before exact bytes too', () => {
  const bytes = Buffer.from([0x70, 0xff]).toString('base64');
  const interpreter = { kind: 'file', line: '#!/bin/bash' } as const;
  const script = {
    text: 'p\ufffd',
    bytes,
    interpreter,
    part: 'selection',
    hadCrlf: false,
  } as const;
  const job = scriptJob(script);
  assert.ok(job.kind === 'script');
  assert.equal(job.text, '#!/bin/bash\np\ufffd');
  assert.equal(Buffer.from(job.bytes ?? '', 'base64').toString('latin1'), '#!/bin/bash\npÿ');
});

for (const [line, program] of [
  ['#!/bin/bash', 'bash'],
  ['#! /bin/sh -eu', 'sh -eu'],
  ['#!/usr/bin/env python3', 'python3'],
  ['#!/usr/bin/env -S A=1 python3 -u', 'python3 -u'],
  ['#!/usr/bin/env', 'env'],
] as const) {
  test(`${line} is run by ${program}`, () => assert.equal(programOf(line), program));
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');

for (const [what, text, bytes, sent] of [
  ['UTF-8', 'grüße\n', Buffer.from('grüße\n'), undefined],
  ['UTF-8 with a mark and CRLF', 'grüße\r\n', Buffer.from('\ufeffgrüße\r\n'), undefined],
  ['a lone CR', 'a\rb\n', Buffer.from('a\rb\n'), undefined],
  ['Latin-1 opened as UTF-8', 'gr\ufffd\n', latin1('grü\n'), latin1('grü\n')],
  ['Latin-1 opened as such', 'grü\r\n', latin1('grü\r\n'), latin1('grü\n')],
  ['an archive after a script', 'x\n\ufffd\r\n', latin1('x\nÿ\r\n'), latin1('x\nÿ\r\n')],
] as const) {
  test(`the bytes of ${what} are ${sent ? 'sent' : 'those of the text'}`, () => {
    assert.equal(bytesToSend(text, bytes), sent?.toString('base64'));
  });
}

test('look-alike spaces are found and marked', () => {
  assert.equal(findLookAlikeSpaces('plain text\t\n'), undefined);
  assert.deepEqual(findLookAlikeSpaces('ls\nrm\u00a0-rf\u3000/tmp'), {
    count: 2,
    line: 2,
    code: 'U+00A0',
  });
  assert.equal(markLookAlikeSpaces('rm\u00a0-rf\u202f/tmp x'), 'rm␣-rf␣/tmp x');
});

for (const origin of [
  { text: '@echo off', isSelection: false, language: 'bat', fileName: 'a.bat' },
  { text: 'Get-Date', isSelection: true, language: 'powershell', fileName: 'a.ps1' },
  { text: '{}', isSelection: false, language: 'json', fileName: 'a.json' },
  { text: '# Title', isSelection: false, language: 'markdown', fileName: 'a.md' },
  { text: 'int main;', isSelection: false, language: 'c', fileName: 'a.c' },
] satisfies readonly ScriptOrigin[]) {
  test(`agents can't run ${origin.fileName}`, () => {
    assert.equal(interpreterOf(origin).kind, 'unsupported');
  });
}

for (const [what, text, expected] of [
  ['a common indentation', '    a\n      b\n\n    c', 'a\n  b\n\nc'],
  ['tabs', '\t\ta\n\tb', '\ta\nb'],
  ['no common one', '  a\nb', '  a\nb'],
  ['tabs and spaces mixed', '\ta\n    b', '\ta\n    b'],
  ['a here-document at the margin', '  cat <<E\nx\nE', '  cat <<E\nx\nE'],
  ['blank lines with fewer blanks', '    a\n  \n    b', 'a\n\nb'],
  ['nothing', '', ''],
] as const) {
  test(`dedent takes off ${what}`, () => assert.equal(dedent(text), expected));
}
