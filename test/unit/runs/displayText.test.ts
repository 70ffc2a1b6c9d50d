import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { displayName } from '../../../src/base/displayName.ts';
import { displayLine } from '../../../src/runs/text/displayText.ts';

const LINES: readonly [string, string, string][] = [
  ['plain text', 'a\tb é ノ 💥', 'a\tb é ノ 💥'],
  ['colours', '\u001b[1;31mred\u001b[0m', 'red'],
  ['C1 colours', '\u009b31mred\u009b0m', 'red'],
  ['cursor movement', '\u001b[2J\u001b[Hx\u001b[K', 'x'],
  ['links', '\u001b]8;;http://evil.example\u0007click\u001b]8;;\u0007', 'click'],
  ['window titles', '\u001b]0;pwned\u0007x', 'x'],
  ['a progress bar', ' 10%\r 50%\r100%', '100%'],
  ['a progress bar that ends in a return', '50%\r100%\r', '100%'],
  ['only returns', '\r\r', ''],
  ['a bell and a backspace', 'a\u0007b\bc', 'a\ufffdc'],
  [
    'the counter of mkfs',
    'Writing inode tables: 0/9\b\b\b1/9\b\b\bdone',
    'Writing inode tables: done',
  ],
  ['a bar that is erased by blanks', 'wait |\b/\b-\b \b\b: ok', 'wait: ok'],
  ['bold and underlined text of manuals', 'N\bNA\bAM\bM _\bx_\by', 'NAM xy'],
  ['backspaces beyond the beginning', 'a\b\b\bbc', 'bc'],
  ['backspaces after a return', '10%\r20%\b\b\b30', '30%'],
  ['backspaces over composed characters', 'e\u0301💥\b\bo', 'o💥'],
  ['a line that is erased to its end', 'downloading 99%\b\b\b\u001b[Kdone', 'downloading done'],
  ['a spinner that moves to the first column', '\u001b[1G⠙ wait\u001b[1G\u001b[0Kdone', 'done'],
  ['a spinner that moves to the left', 'a|\u001b[D/\u001b[1D-\u001b[Dok', 'aok'],
  ['a line that is erased after a return', 'wait\r\u001b[K', ''],
  ['direction overrides', 'user\u202egpj.exe', 'user\ufffdgpj.exe'],
  ['direction isolates and marks', '\u2066a\u2069\u200f\u061c', '\ufffda\ufffd\ufffd\ufffd'],
  ['separators that break lines', 'a\u2028b\u2029c\u0085d', 'a\ufffdb\ufffdc\ufffdd'],
  ['joined emoji', '👩\u200d🚀', '👩\u200d🚀'],
];

for (const [what, line, shown] of LINES) {
  test(`shows ${what}`, () => {
    assert.equal(displayLine(line), shown);
  });
}

for (const [what, name] of [
  ['a direction override', 'web\u202e10'],
  ['a zero-width space', 'web\u200b-01'],
  ['a soft hyphen', 'web\u00ad-01'],
  ['a byte order mark', '\ufeffweb-01'],
  ['a tag character', 'web-01\u{e0041}'],
  ['a tab', 'web\t01'],
  ['a line end', 'web\n01'],
  ['an escape', 'web\u001b[31m'],
] as const) {
  test(`a name does not hide ${what}`, () => {
    assert.ok(displayName(name).includes('\ufffd'));
  });
}

test('ordinary names are shown as they are', () => {
  for (const name of ['web-01.eu', 'x/ack', 'node with space', 'ünïcode-ノード', '💥']) {
    assert.equal(displayName(name), name);
  }
});

test('nothing that is shown holds an escape or another control', () => {
  const hostile = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        '\u001b',
        '[',
        ']',
        '3',
        '1',
        'm',
        ';',
        '\u0007',
        '\u009b',
        '\r',
        '\b',
        'K',
        '\u202e',
        '\\',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(hostile, (text) => {
      assert.doesNotMatch(displayLine(text).replaceAll('\t', ''), /[\p{Cc}\u202a-\u202e]/u);
      assert.doesNotMatch(displayName(text), /[\p{Cc}\p{Cf}]/u);
    }),
    { numRuns: 1000 },
  );
});

test('a hostile line of a megabyte takes no time to speak of', { timeout: 5000 }, () => {
  for (const piece of [
    '\u001b[',
    '\u001b]',
    '\u001b[1;',
    '\u001b',
    ';',
    '\u009b[[[',
    '\r',
    'x\b',
    '\u001b[9C',
    '\u001b[Kx',
    '\u001b[999Cx\u001b[G\u001b[K',
    '\b\u0301',
  ]) {
    displayLine(piece.repeat(2 ** 20 / piece.length));
  }
});
