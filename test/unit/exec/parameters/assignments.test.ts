import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { type Job, jobText, scriptBytes } from '../../../../src/exec/protocol/job.ts';
import { interpreterOf } from '../../../../src/exec/script/interpreter.ts';
import type { ParameterValue } from '../../../../src/exec/script/parameters/parameter.ts';
import {
  overwrittenIn,
  parametersOf,
  textWithValues,
} from '../../../../src/exec/script/scriptParameters.ts';
import { scriptJob } from '../../../../src/exec/script/script.ts';
import { findOnPath } from '../../../setup/command.ts';
import { temporaryFolder } from '../../../setup/temporaryFolder.ts';
import { hostileValues, jobWith, scriptOf, WRITERS } from '../../../support/parameterScripts.ts';

const folder = temporaryFolder('parameters');
after(() => folder.remove());

/** Runs a job as an agent does: as a file, by the program of its first line. */
async function output(job: Job, program: string, env: NodeJS.ProcessEnv = {}): Promise<Buffer> {
  assert.ok(job.kind === 'script');
  const file = join(folder.path, 'script');
  writeFileSync(file, scriptBytes(job));
  const child = spawn(program, [file], { env: { ...process.env, ...env } });
  const [out, errors] = await Promise.all([buffer(child.stdout), buffer(child.stderr)]);
  assert.equal(errors.toString(), '');
  return out;
}

const named = (values: readonly string[]): ParameterValue[] =>
  values.map((value, i) => ({ name: `value_${i}`, value }));

/** Reproducible: a linear congruential generator. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state / 2147483648;
  };
}

for (const [program, writer] of Object.entries(WRITERS)) {
  const isMissing = findOnPath(program) === undefined;
  test(`what a script of ${program} sees is what was typed`, { skip: isMissing }, async () => {
    const values = named(hostileValues(2000, randomFrom(18)));
    for (const env of [{ LC_ALL: 'C' }, { LC_ALL: 'C.UTF-8' }]) {
      const job = jobWith(program, writer(values.map(({ name }) => name)), values);
      const seen = (await output(job, program, env)).toString().split('\0');
      assert.equal(seen.pop(), '');
      assert.deepEqual(
        seen,
        values.map(({ value }) => value),
      );
    }
  });
}

const VERSION = [{ name: 'version', value: 'é\n🦊' }];
const textWith = (text: string) => jobText(scriptJob({ ...scriptOf(text), values: VERSION }));

test('a Perl script with characters of its own sees characters', async () => {
  const text = '#!/usr/bin/perl\nuse utf8;\nbinmode STDOUT, ":utf8";\nprint "é", $version;\n';
  const job = scriptJob({ ...scriptOf(text), values: VERSION });
  assert.equal((await output(job, 'perl')).toString(), 'éé\n🦊');
});

test('assignments are after the comments, and in Python after what must be first', () => {
  const sh = "version='é\n🦊'\n";
  assert.equal(textWith('echo\n'), `${sh}echo\n`);
  assert.equal(textWith('#!/bin/sh\n# a\n\necho\n# b\n'), `#!/bin/sh\n# a\n\n${sh}echo\n# b\n`);
  assert.equal(textWith('#!/bin/sh\r\n# a\r\necho\r\n'), `#!/bin/sh\n# a\n${sh}echo\n`);
  assert.equal(textWith('# a'), `# a\n${sh}`);
  const py = String.raw`version = "\u00e9\n\U0001f98a"`;
  const cases: readonly (readonly [prologue: string, rest: string])[] = [
    ['', 'import sys\n'],
    ['# coding: latin-1\n', 'x = """a"""\n'],
    ['"""A\nb \\""" c"""\n', 'pass\n'],
    ["r'''A'''  # b\n", 'pass\n'],
    ['"a" \'b\' \\\n  "c"\n', 'pass\n'],
    ['', '"a".split()\n'],
    ['', 'f"a"\n'],
    ['', '"""a\n'],
    ['"""A."""\n\n# b\nfrom __future__ import (a, # )\n  b)\n', 'import c\n'],
    ['from __future__ import a, \\\n  b\nfrom  __future__  import c # ;\n', '\nimport d\n'],
    ['', 'from __future__x import a\n'],
    ['""\n', 'pass\n'],
  ];
  for (const [prologue, rest] of cases) {
    const start = `#!/usr/bin/python3\n${prologue}`;
    assert.equal(textWith(start + rest), `${start}${py}\n${rest}`);
  }
  assert.match(textWith('#!/usr/bin/python\npass\n'), /^.*\nversion = b"\\xc3\\xa9\\n\\xf0/);
  assert.match(textWith('#!/usr/bin/perl -w\nuse strict;\n'), /^.*\nour \$version; BEGIN \{ /);
});

test('a long docstring needs no stack', { timeout: 5000 }, () => {
  const text = `#!/usr/bin/python3\n"""${'a\n'.repeat(2_000_000)}"""\npass\n`;
  assert.ok(textWith(text).endsWith('"""\nversion = "\\u00e9\\n\\U0001f98a"\npass\n'));
});

test('the bytes of a script in another encoding stay', async () => {
  const bytes = Buffer.from('#!/bin/sh\n# caf\xe9\nprintf "caf\xe9$version"', 'latin1');
  const text = bytes.toString('latin1');
  const script = { ...scriptOf(text), bytes: bytes.toString('base64'), values: VERSION };
  const seen = await output(scriptJob(script), 'sh');
  assert.deepEqual(seen, Buffer.concat([Buffer.from('caf\xe9', 'latin1'), Buffer.from('é\n🦊')]));
  assert.match(jobText(scriptJob(script)), /café\nversion='é\n🦊'\nprintf/);
});

test('without the added line, the assignments are those of the shell', () => {
  const text = '# @param version\nprint(version)\n';
  const interpreter = interpreterOf({ text, isSelection: false, language: 'python' });
  const script = { ...scriptOf(text), interpreter, values: [{ name: 'version', value: "it's" }] };
  assert.equal(
    jobText(scriptJob(script)),
    '#!/usr/bin/env python3\n# @param version\nversion = "it\'s"\nprint(version)\n',
  );
  assert.equal(
    jobText(scriptJob(script, false)),
    "# @param version\nversion='it'\\''s'\nprint(version)\n",
  );
});

test('a script that gives a parameter another value is found', () => {
  const find = (program: string, body: string) =>
    overwrittenIn({ ...scriptOf(`#!/usr/bin/${program}\n# a\n${body}\n`), values: VERSION });
  for (const [program, body] of [
    ['sh', 'version=1.2'],
    ['bash', 'export version="$(cat x)"'],
    ['python3', 'version = "1.2"'],
    ['perl', "$version = '1.2';"],
    ['perl', 'my $version= shift;'],
  ] as const) {
    assert.deepEqual(find(program, body), { name: 'version', line: 3 }, body);
  }
  for (const [program, body] of [
    ['sh', 'version=${version:-1.2}'],
    ['sh', 'version="v$version"'],
    ['sh', '[ -n "$version" ] ||\n  version=1'],
    ['sh', 'my_version=1\necho version=1'],
    ['python3', 'version == "1"\nversion = version.strip()'],
    ['perl', 'my $version = $version // 1;\n$version =~ s/a/b/;'],
  ] as const) {
    assert.equal(find(program, body), undefined, body);
  }
});

test('the text of a block is found in the job that was made from it', () => {
  for (const [line, text] of [
    ['#!/bin/sh', '# @param version\necho "$version"'],
    ['#!/usr/bin/env python3', '# @param version\n"A."\nprint(version)'],
    ['#!/usr/bin/ruby', 'puts 1'],
  ] as const) {
    const interpreter = { kind: 'language', line, language: 'any' } as const;
    const values = line.includes('ruby') ? [] : VERSION;
    const job = scriptJob({ ...scriptOf(text), interpreter, values });
    assert.equal(jobText(job), `${line}\n${textWithValues(text, job, values)}`);
  }
});

test('a part of a file asks for the parameters that it uses', () => {
  const fileText = '#!/bin/sh\n# @param version\n# @param stage\necho "$version" "$stage"\n';
  const names = (text: string) =>
    parametersOf({ ...scriptOf(text), part: 'selection', fileText }).map(({ name }) => name);
  assert.deepEqual(names('echo "${version}"'), ['version']);
  assert.deepEqual(names('echo $stage-1 $version'), ['version', 'stage']);
  assert.deepEqual(names('echo $versions $_stage'), []);
  assert.deepEqual(names('# @param version\necho $stage'), ['stage']);
  assert.deepEqual(
    parametersOf(scriptOf(fileText)).map(({ name }) => name),
    ['version', 'stage'],
  );
});

for (const [text, expected] of [
  ['#!/usr/bin/ruby\n# @param version = 1\n', /^Line 2: a script for ruby can't have parameters/],
  ['#!/usr/bin/fish\n# @param version = 1\n', /^Line 2: a script for fish can't/],
  ['#!/usr/bin/python3\n# @param v\n"""A"""; import os\n', /^Line 2: .* lines of their own\.$/],
  ['#!/usr/bin/python3\n# @param v\nfrom __future__ import a; b()\n', /^Line 2: .*__future__/],
] as const) {
  test(`parameters are refused in ${JSON.stringify(text)}`, () => {
    assert.throws(() => parametersOf(scriptOf(text)), { message: expected });
  });
}

test('programs are known by their names', () => {
  for (const line of [
    '/bin/sh',
    '/usr/bin/env bash -eu',
    '/bin/busybox sh',
    '/usr/bin/python3.11',
  ]) {
    assert.equal(parametersOf(scriptOf(`#!${line}\n# @param v = 1\n`)).length, 1, line);
  }
});
