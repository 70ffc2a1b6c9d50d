import { interpreterOf } from '../../src/exec/script/interpreter.ts';
import type { ParameterValue } from '../../src/exec/script/parameters/parameter.ts';
import { scriptJob, type Script } from '../../src/exec/script/script.ts';
import type { Job } from '../../src/exec/protocol/job.ts';

/** Programs that run scripts with parameters, each with a script that writes the values with NULs between. */
export const WRITERS: Readonly<Record<string, (names: readonly string[]) => string>> = {
  sh: shell,
  dash: shell,
  bash: shell,
  ksh: shell,
  mksh: shell,
  zsh: shell,
  python3: (names) =>
    `# -*- coding: latin-1 -*-\n"""Caf\u00e9."""\nfrom __future__ import annotations\nimport sys\nfor value in [${names.join(', ')}]:\n    sys.stdout.buffer.write(value.encode() + b"\\0")\n`,
  perl: (names) =>
    `use strict; use warnings;\nuse constant FIRST => $${names[0] ?? ''};\ndie unless FIRST eq $${names[0] ?? ''};\nprint "$_\\0" for (${names.map((name) => `$${name}`).join(', ')});\n`,
};

function shell(names: readonly string[]): string {
  return `set -eu\nprintf '%s\\0' ${names.map((name) => `"$${name}"`).join(' ')}\n`;
}

/** A script of a program, as it is sent with these values. */
export function jobWith(program: string, body: string, values: readonly ParameterValue[]): Job {
  const text = `#!/usr/bin/env ${program}\n# Comments\n\n${body}`;
  return scriptJob({ ...scriptOf(text), values });
}

export function scriptOf(text: string): Script {
  const interpreter = interpreterOf({ text, isSelection: false, language: 'shellscript' });
  return { text, interpreter, part: 'file', hadCrlf: false };
}

/** Values that quoting gets wrong, and then random ones from the same pieces. */
export function hostileValues(count: number, random: () => number): string[] {
  const pick = (max: number) => Math.floor(random() * max);
  const randomValue = () => {
    const length = 1 + pick(20);
    return Array.from({ length }, () => PIECES[pick(PIECES.length)] ?? '').join('');
  };
  return [
    ...PIECES,
    ...PIECES.flatMap((piece) => [`${piece}${piece}`, `a${piece}`, `${piece}a`]),
    '\\'.repeat(4096),
    "'".repeat(4096),
    'x$(id)\n'.repeat(600),
    '\u{1f98a}'.repeat(1024),
    Array.from({ length: 255 }, (_, i) => String.fromCharCode(i + 1)).join(''),
    ...Array.from({ length: count }, randomValue),
  ];
}

const PIECES = [
  "'; rm -rf / #",
  '"; rm -rf / #',
  "'",
  '"',
  "'''",
  '"""',
  '`id`',
  '$(id)',
  '${HOME}',
  '$HOME',
  '@ARGV',
  '@{[1]}',
  '%s%n',
  '\\',
  '\\n',
  "\\'",
  '\\x41',
  '\\N{BULLET}',
  '{0}',
  '\n',
  '\r',
  '\r\n',
  '\t',
  '\v\f\b\u001b[31m',
  '\u0001\u007f',
  '\u0080\u0081\u0088\u009f\u00ff',
  ' ',
  '!',
  '!!',
  '~',
  '*',
  '#',
  '# -*- coding: utf-16 -*-',
  'END\n',
  '\n__END__\n',
  '\n=cut\n',
  '--help',
  '=',
  '\u00e9',
  'e\u0301',
  '\u{1f98a}',
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
  '\ufeff',
  '\ufffd',
  '\uffff',
  '\u{10ffff}',
  '\u2028\u2029\u0085',
  '\u202e',
  '\u3042\u8868',
];
