import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valueCheck } from '../../../../src/exec/script/parameters/checkValue.ts';
import { readDeclarations } from '../../../../src/exec/script/parameters/declarations.ts';
import type { ScriptLanguage } from '../../../../src/exec/script/parameters/parameter.ts';
import { valueLabel } from '../../../../src/exec/script/parameters/valueLabel.ts';

const read = (text: string, language?: ScriptLanguage) =>
  readDeclarations(text, language, 'JavaScript');

/** What one declaration gives, without what is absent. */
function parts(declaration: string): object {
  const { parameters, mistakes } = read(`# @param ${declaration}`, 'sh');
  assert.deepEqual(
    mistakes.map(({ message }) => message),
    [],
  );
  assert.equal(parameters.length, 1);
  return JSON.parse(JSON.stringify(parameters[0])) as object;
}

function mistakeIn(text: string, language?: ScriptLanguage): string {
  const { mistakes } = read(text, language);
  assert.equal(mistakes.length, 1, mistakes.map(({ message }) => message).join('\n'));
  return mistakes[0]?.message ?? '';
}

for (const [declaration, expected] of [
  ['version', { name: 'version' }],
  ['version = 1.2', { initial: '1.2' }],
  ['version=1.2', { initial: '1.2' }],
  [
    String.raw`version = 1.2 /^\d+\.\d+$/ Version to install`,
    { initial: '1.2', pattern: String.raw`^\d+\.\d+$`, description: 'Version to install' },
  ],
  ['dir = /opt/app /^[/]/ Where', { initial: '/opt/app', pattern: '^[/]', description: 'Where' }],
  [String.raw`dir /^\/srv\//`, { pattern: String.raw`^\/srv\/` }],
  ['set /^[]a/]$/', { pattern: '^[]a/]$' }],
  ['message = "two words" To show', { initial: 'two words', description: 'To show' }],
  [String.raw`message = "a \"b\" \\ c"`, { initial: String.raw`a "b" \ c` }],
  [String.raw`message = '\n $(id)'`, { initial: String.raw`\n $(id)` }],
  ['note = ""', { initial: '' }],
  ['stage = test (test | "the real one")', { initial: 'test', choices: ['test', 'the real one'] }],
  ['stage (test|live) Where', { choices: ['test', 'live'], description: 'Where' }],
  ['count (optional) How many', { description: '(optional) How many' }],
  ['count How many (1|2)', { description: 'How many (1|2)' }],
] as const) {
  test(`declares: ${declaration}`, () => {
    const name = /^\w+/.exec(declaration)?.[0];
    assert.deepEqual(parts(declaration), { name, line: 1, description: '', ...expected });
  });
}

for (const [declaration, expected] of [
  ['', /needs a name/],
  ['= 1', /needs a name/],
  ['$version = 1', /"\$version" can't be the name/],
  ['my-version = 1', /"my-version" can't be the name/],
  ['vérsion = 1', /can't be the name/],
  [`${'n'.repeat(65)} = 1`, /can't be the name/],
  ['version =', /default of "version" is missing/],
  ['version = (a|b)', /default of "version" is missing/],
  ['version = "1.2', /a quote of "version" has no end/],
  ['version = "1.2"x', /a space is missing .* before "x"/],
  ['version /^a', /pattern of "version" has no end/],
  ['version /[/', /pattern of "version" has no end/],
  ['version /^a$/i', /flags are a part of the pattern/],
  ['version /(/', /^Line 1: "\(" is not a valid regular expression/],
  ['version /(?=a)/', /is not a valid regular expression/],
  ['version = 1 /^a$/', /can't have the default "1"\. The value must match \/\^a\$\/\./],
  ['version = 1 (a|b)', /can't have the default "1"\. Select one of its choices\./],
  ['version (a|)', /choices of "version" are wrong/],
  ['version (a|a)', /choices of "version" are wrong/],
  ['version (a|b', /choices of "version" are wrong/],
  ['version /a/ (a|b)', /either one pattern or choices/],
  ['version /a/ /b/', /either one pattern or choices/],
  ['PATH = /bin', /"PATH" has a meaning of its own/],
  ['token secret The token', /can't be secret, because jobs can be read in the KV store/],
  ['secret token', /can't be secret/],
  ['token = x Secret of the API', /can't be secret/],
  [`version ${'x'.repeat(10_000)}`, /longer than 10000 characters/],
] as const) {
  test(`refuses: ${declaration.slice(0, 80)}`, () => {
    const message = mistakeIn(`# @param ${declaration}`, 'sh');
    assert.match(message, expected);
    assert.match(message, /^Line 1: .*\.$/);
  });
}

test('a name is declared once, and a mistake names its line', () => {
  const text = '#!/bin/sh\n\n# @param a\n# @secret b\n# @param a = 2\necho\n';
  const { parameters, mistakes } = read(text, 'sh');
  assert.deepEqual(
    parameters.map(({ name, line }) => [name, line]),
    [['a', 3]],
  );
  assert.deepEqual(
    mistakes.map(({ line }) => line),
    [4, 5],
  );
  assert.match(mistakes[1]?.message ?? '', /^Line 5: line 3 declares "a" already\.$/);
});

test('only comments in the head of the script count', () => {
  for (const text of [
    'cat <<END\n# @param a\nEND\n',
    'x="\n# @param a\n"\n',
    'set -e\n# @param a\n',
    '## @param a\n',
    '# see @param a\n',
    '# @params a\n',
    '# a comment\r# @param a\n',
    '// @param a = 1\n',
    '# @param {string} a\n# @param $1 a\n# @param [String] a\n# @param <a> b\n',
  ]) {
    assert.deepEqual(read(text, 'sh'), { parameters: [], mistakes: [] }, text);
  }
  const head =
    '\ufeff#!/bin/sh\r\n#\r\n\r\n \t# @param a = 1\r\n#@param b\r\necho\r\n# @param c\r\n';
  assert.deepEqual(
    read(head, 'sh').parameters.map(({ name, initial, line }) => [name, initial, line]),
    [
      ['a', '1', 4],
      ['b', undefined, 5],
    ],
  );
});

test('a reserved word of one language is a name in another', () => {
  assert.match(mistakeIn('# @param class = 1', 'python'), /meaning of its own/);
  assert.match(mistakeIn('# @param path = 1', 'zsh'), /meaning of its own/);
  assert.match(mistakeIn('# @param a = 1', 'perl'), /meaning of its own/);
  assert.match(mistakeIn('# @param EUID = 1', 'sh'), /meaning of its own/);
  for (const [name, language] of [
    ['class', 'sh'],
    ['path', 'sh'],
    ['PATH', 'python'],
    ['ID', 'sh'],
    ['version', 'perl'],
  ] as const) {
    assert.equal(read(`# @param ${name}`, language).parameters.length, 1);
  }
});

test('other languages refuse parameters, but not the comments of documentation tools', () => {
  for (const mark of ['#', '//', '--', ';', '%']) {
    const message = mistakeIn(`${mark} @param version = 1.2`);
    assert.match(message, /^Line 1: a script for JavaScript can't have parameters\. .* Perl\./);
    assert.match(mistakeIn(`${mark} @param stage (a|b)`), /can't have parameters/);
    for (const text of ['name The name', '{string} name', 'name [String] The name', '[A] a = 1']) {
      assert.deepEqual(read(`${mark} @param ${text}`).mistakes, []);
    }
  }
});

test('what a value can be', () => {
  const none = valueCheck({});
  assert.equal(none("'; rm -rf / #\r\n\t"), undefined);
  assert.match(none('a\0b') ?? '', /NUL/);
  assert.match(none('\ud83d') ?? '', /half a character/);
  for (const blank of ['', ' \t\n']) {
    assert.match(none(blank) ?? '', /^Enter a value\.$/);
    assert.equal(valueCheck({ initial: '' })(blank), undefined);
    assert.equal(valueCheck({ pattern: '^\\s*$' })(blank), undefined);
  }
  const version = valueCheck({ pattern: String.raw`^\d+$` });
  assert.equal(version('12'), undefined);
  assert.match(version('12\n') ?? '', /^The value must match \/\^\\d\+\$\/\.$/);
  assert.match(valueCheck({ choices: ['a'] })('b') ?? '', /choices/);
});

test('hostile patterns and declarations take linear time', { timeout: 20_000 }, () => {
  const check = valueCheck({ pattern: '^(a+)+$' });
  assert.ok(check(`${'a'.repeat(4096)}!`));
  for (const part of ['[]', '[^]', '\\', '(a|', '"\\', '/ ', 'a ']) {
    for (const start of ['a /', 'a = ', 'a (', 'a = "']) {
      read(`# @param ${start}${part.repeat(4000)}`.slice(0, 9000), 'sh');
      read(`# @param ${start}${part.repeat(4000)}`.slice(0, 9000));
    }
  }
});

test('a label shows every character of a value', () => {
  const label = (value: string) => valueLabel({ name: 'v', value });
  assert.equal(label('1.3'), 'v = 1.3');
  assert.equal(label("'; rm -rf / #"), "v = '; rm -rf / #");
  assert.equal(label('café 🦊'), 'v = café 🦊');
  assert.equal(label(''), 'v = ""');
  assert.equal(label(' a'), 'v = " a"');
  assert.equal(label('a  b'), 'v = "a  b"');
  assert.equal(label('a\n\tb\r\u001b'), String.raw`v = "a\n\tb\r\u001b"`);
  assert.equal(label('a\u202eb\u00a0\u{e0041}'), String.raw`v = "a\u{202e}b\u{a0}\u{e0041}"`);
  assert.ok(label('x'.repeat(5000)).length < 130);
});
