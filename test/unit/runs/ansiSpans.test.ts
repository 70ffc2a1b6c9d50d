import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ansiSpans } from '../../../src/runs/ansi/ansiSpans.ts';
import { afterSgr, type AnsiStyle, PLAIN } from '../../../src/runs/ansi/ansiStyle.ts';
import { displayLine } from '../../../src/runs/text/displayText.ts';

const SEQUENCES: readonly [string, AnsiStyle][] = [
  ['31', { foreground: 1 }],
  ['97', { foreground: 15 }],
  ['40', { background: 0 }],
  ['107', { background: 15 }],
  ['1;4;32', { bold: true, underline: true, foreground: 2 }],
  ['3', { italic: true }],
  ['31;0', {}],
  ['31;', {}],
  ['', {}],
  ['31;42;39', { background: 2 }],
  ['31;42;49', { foreground: 1 }],
  ['1;3;4;22;23;24', {}],
  ['38;5;9', { foreground: 9 }],
  ['38;5;16', { foreground: '#000000' }],
  ['38;5;196', { foreground: '#ff0000' }],
  ['48;5;244', { background: '#808080' }],
  ['38;2;1;22;255;4', { foreground: '#0116ff', underline: true }],
  ['38;5;256;1', { bold: true }],
  ['38;2;1;2', { foreground: '#010200' }],
  ['38;2;1;2;300', {}],
  ['38', {}],
  ['5;99', {}],
  ['7', { inverse: true }],
  ['2;9', { dim: true, strike: true }],
  ['1;2;22', {}],
  ['7;9;27;29', {}],
  ['38:5:9', { foreground: 9 }],
  ['38:2::1:22:255', { foreground: '#0116ff' }],
  ['48:2:0:1:22:255;4', { background: '#0116ff', underline: true }],
  ['38:2:1:22:255;1', { foreground: '#0116ff', bold: true }],
  ['38:5:300;38:9:1;38:', {}],
  ['4:3', { underline: true }],
  ['4;4:0', {}],
  ['58;5;1', {}],
  ['58:2::1:2:3', {}],
  [':', {}],
  ['31x', {}],
];

describe('styles', () => {
  for (const [parameters, style] of SEQUENCES) {
    test(`of "${parameters}"`, () => assert.deepEqual(afterSgr(PLAIN, parameters), style));
  }
});

describe('spans of a line', () => {
  test('have the columns of the plain text, and the style goes on in the next line', () => {
    const line = 'a\u001b[31mb\u001b[1mc\u001b[0md\u001b[4me';
    assert.deepEqual(ansiSpans(line, PLAIN), {
      spans: [
        { start: 1, end: 2, style: { foreground: 1 } },
        { start: 2, end: 3, style: { foreground: 1, bold: true } },
        { start: 4, end: 5, style: { underline: true } },
      ],
      after: { underline: true },
    });
    assert.deepEqual(ansiSpans('next', { underline: true }).spans, [
      { start: 0, end: 4, style: { underline: true } },
    ]);
  });

  test('are those of what a progress bar shows in the end', () => {
    const { spans } = ansiSpans('\u001b[31m10%\r\u001b[32m100\u001b[0m%\r', PLAIN);
    assert.deepEqual(spans, [{ start: 0, end: 3, style: { foreground: 2 } }]);
  });

  test('are those of the characters that backspaces leave', () => {
    const { spans, after } = ansiSpans('\u001b[31mabc\b\b\u001b[32mx\u001b[0m!', PLAIN);
    assert.deepEqual(spans, [
      { start: 0, end: 1, style: { foreground: 1 } },
      { start: 1, end: 2, style: { foreground: 2 } },
    ]);
    assert.deepEqual(after, {});
  });

  test('are there for colours in one parameter', () => {
    const { spans } = ansiSpans('\u001b[38:5:1ma\u001b[0m \u001b[7mb', PLAIN);
    assert.deepEqual(spans, [
      { start: 0, end: 1, style: { foreground: 1 } },
      { start: 2, end: 3, style: { inverse: true } },
    ]);
  });

  test('other escapes neither count nor colour', () => {
    const { spans, after } = ansiSpans('\u001b]8;;x\u0007\u001b[2Ka\u009b33mb\u001b[?1mc', PLAIN);
    assert.deepEqual(spans, [{ start: 1, end: 3, style: { foreground: 3 } }]);
    assert.deepEqual(after, { foreground: 3 });
  });

  test('a hostile line of a megabyte takes no time and few spans', { timeout: 5000 }, () => {
    for (const piece of [
      '\u001b[31mx\u001b[32my',
      '\u001b[1;',
      '1;',
      '\u001b[38;5;',
      '\r\u001b[1m',
      '38:2::1:',
      ':',
    ]) {
      const { spans } = ansiSpans(`\u001b[${piece.repeat(2 ** 20 / piece.length)}m`, PLAIN);
      assert.ok(spans.length <= 500);
    }
  });
});

/** Text as it is shown, and the sequences between its pieces. */
const pieces = fc.array(
  fc.record({
    text: fc.string({ unit: fc.constantFrom('a', ' ', 'é', '💥', '\u0007', '\t', 'm', '[') }),
    code: fc.constantFrom('0', '1', '31', '42', '4', '38;5;100', '38;2;1;2;3', '22', '39'),
  }),
  { maxLength: 12 },
);

test('every character has the style of the sequences before it', () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      const line = parts.map(({ text, code }) => `${text}\u001b[${code}m`).join('');
      const styles: AnsiStyle[] = [];
      let style = PLAIN;
      for (const { text, code } of parts) {
        styles.push(...Array.from(text.split(''), () => style));
        style = afterSgr(style, code);
      }
      const { spans, after } = ansiSpans(line, PLAIN);
      const found = Array.from(displayLine(line).split(''), () => PLAIN);
      for (const span of spans) found.fill(span.style, span.start, span.end);
      assert.deepEqual(found, styles);
      assert.deepEqual(after, style);
    }),
  );
});

test('whatever the line, its spans lie in order within the line as it is shown', () => {
  const hostile = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        '\u001b[',
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
        'D',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(hostile, (line) => {
      let end = 0;
      for (const span of ansiSpans(line, { bold: true }).spans) {
        assert.ok(span.start >= end && span.end > span.start);
        end = span.end;
      }
      assert.ok(end <= displayLine(line).length);
    }),
    { numRuns: 1000 },
  );
});
