import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Runbook, splitRunbook } from '../../../../src/exec/runbook/cells.ts';
import { type EditedCell, joinRunbook } from '../../../../src/exec/runbook/joinCells.ts';
import { decodeRunbook, encodeRunbook } from '../../../../src/exec/runbook/runbookBytes.ts';
import { repository } from '../../../setup/repository.ts';

const FILES = 200;

/** READMEs of the packages that this repository uses: Markdown by many authors. */
async function readReadmes(): Promise<Map<string, Buffer>> {
  const texts = new Map<string, Buffer>();
  for await (const path of glob('node_modules/**/{README,readme,Readme}.md', { cwd: repository })) {
    texts.set(path, await readFile(join(repository, path)));
  }
  return texts;
}
const readmes = await readReadmes();

function edited({ cells }: Runbook): EditedCell[] {
  return cells.map((cell, index) => ({ ...cell, origin: { ...cell, index } }));
}

const reopen = (markdown: string) => {
  const runbook = splitRunbook(markdown);
  return joinRunbook(runbook.start, edited(runbook));
};

/** Edits the text of one cell, by default of the first block. */
function edit(markdown: string, text: string, change: Partial<EditedCell> = {}): string {
  const runbook = splitRunbook(markdown);
  const cells = edited(runbook);
  const at = cells.findIndex(({ kind }) => kind === 'code');
  return joinRunbook(
    runbook.start,
    cells.map((cell, index) => (index === at ? { ...cell, text, ...change } : cell)),
  );
}

const shown = (markdown: string) =>
  splitRunbook(markdown).cells.map(({ kind, language, text }) => [kind, language, text]);

test(`${FILES} READMEs are written as they were read`, () => {
  assert.ok(readmes.size >= FILES, `only ${readmes.size}`);
  let blocks = 0;
  for (const [path, bytes] of readmes) {
    const { text, encoding } = decodeRunbook(bytes);
    const written = encodeRunbook({ text: reopen(text), encoding });
    assert.ok(written && bytes.equals(written), path);
    blocks += splitRunbook(text).cells.filter(({ kind }) => kind === 'code').length;
  }
  assert.ok(blocks > 50, `only ${blocks} blocks`);
});

test('bytes that are not UTF-8 stay as they are', () => {
  const bytes = Buffer.from([0xfc, 0xe9, 10, ...Buffer.from('```sh\nls\n```\n'), 0xff, 0xfe, 0]);
  const { text, encoding } = decodeRunbook(bytes);
  assert.deepEqual(encodeRunbook({ text: reopen(text), encoding }), bytes);
  assert.equal(encodeRunbook({ text: `${text}\u20ac`, encoding }), undefined);
});

describe('cells', () => {
  for (const [what, markdown, expected] of [
    [
      'prose, block, prose',
      '# A\n\ntext\n\n```sh\nls\n```\n\nmore\n',
      [
        ['prose', '', '# A\n\ntext'],
        ['code', 'sh', 'ls'],
        ['prose', '', 'more'],
      ],
    ],
    ['other languages are prose', '```json\n{}\n```\n', [['prose', '', '```json\n{}\n```']]],
    ['so are transcripts', '```console\n$ ls\n```', [['prose', '', '```console\n$ ls\n```']]],
    ['front matter has no cell', '---\na: 1\n---\n\n```sh\nls\n```\n', [['code', 'sh', 'ls']]],
    ['nothing', '\ufeff\n\n', []],
    [
      'CRLF',
      '\ufeffa\r\nb\r\n```sh\r\nls\r\nid\r\n```',
      [
        ['prose', '', 'a\nb'],
        ['code', 'sh', 'ls\nid'],
      ],
    ],
    [
      'in a quote and a list',
      '> - a\n>   ```sh\n>   ls\n>    id\n>   ```\n',
      [
        ['prose', '', '> - a'],
        ['code', 'sh', 'ls\n id'],
      ],
    ],
    ['a block that nothing closes', '~~~sh\nls\n\n', [['code', 'sh', 'ls\n']]],
    ['only a fence', '```sh', [['code', 'sh', '']]],
  ] as const) {
    test(what, () => {
      assert.deepEqual(shown(markdown), expected);
      assert.equal(reopen(markdown), markdown);
    });
  }
});

describe('an edited block', () => {
  for (const [what, markdown, text, expected] of [
    [
      'has its fences and its info string',
      'a\n~~~bash x=1\nls\n~~~  \nb',
      'id\npwd',
      'a\n~~~bash x=1\nid\npwd\n~~~  \nb',
    ],
    [
      'gets a longer fence',
      '```sh\nls\n```\n',
      'cat <<E\n```\nE',
      '````sh\ncat <<E\n```\nE\n````\n',
    ],
    ['can be emptied', '```sh\nls\n```\n', '', '```sh\n```\n'],
    ['has CRLF', '```sh\r\nls\r\n```\r\n', 'a\nb', '```sh\r\na\r\nb\r\n```\r\n'],
    [
      'stays in its list',
      '1. a\n\n   ```sh\n   ls\n   ```\n2. b\n',
      'a\n\n b',
      '1. a\n\n   ```sh\n   a\n\n    b\n   ```\n2. b\n',
    ],
    ['stays in its quote', '> ```sh\n> ls\n> ```\n', 'a\n\nb', '> ```sh\n> a\n>\n> b\n> ```\n'],
    ['is closed', '```sh\nls', 'id', '```sh\nid\n```'],
    ['is closed where it had no text', '```sh', 'id', '```sh\nid\n```'],
    ['is closed in its quote', '> ```sh\n> ls\na\n', 'id', '> ```sh\n> id\n> ```\na\n'],
  ] as const) {
    test(what, () => {
      assert.equal(edit(markdown, text), expected);
    });
  }
  test('does not get a line break that the editor adds', () => {
    assert.equal(edit('```sh\nls  \n```\n', 'ls  \n'), '```sh\nls  \n```\n');
    assert.equal(edit('```sh\nls\n\n```\n', 'ls\n'), '```sh\nls\n\n```\n');
  });
  test('can change its language', () => {
    const change = { language: 'python' };
    assert.equal(edit('```sh {a}\nls\n```\n', 'pass', change), '```python\npass\n```\n');
  });
});

describe('other changes', () => {
  const fresh = (kind: 'code' | 'prose', text: string): EditedCell => ({
    kind,
    text,
    language: kind === 'code' ? 'sh' : '',
    origin: undefined,
  });
  const [first, second, third] = ['# A\n\ntext\n', '```sh\nls\n```\n', 'more'];
  const runbook = splitRunbook(first + second + third);
  const [a, b, c] = edited(runbook);
  assert.ok(a && b && c);
  const write = (...cells: EditedCell[]) => joinRunbook('', cells);

  for (const [what, actual, expected] of [
    [
      'a new block',
      write(a, fresh('code', 'id'), b, c),
      `${first}\n\`\`\`sh\nid\n\`\`\`\n\n${second}${third}`,
    ],
    ['new prose at the end', write(a, b, c, fresh('prose', 'x')), `${first}${second}more\n\nx\n`],
    ['a cell is removed', write(a, c), `${first}\n${third}`],
    ['a cell is moved', write(b, a, c), `${second}\n${first}\n${third}`],
    ['prose is edited', write({ ...a, text: 'x\ny' }, b, c), `x\ny\n${second}${third}`],
    ['prose becomes a block', write({ ...c, kind: 'code', language: 'sh' }), '```sh\nmore\n```\n'],
    ['an empty file', joinRunbook('', [fresh('code', 'id')]), '```sh\nid\n```\n'],
    [
      'only front matter',
      joinRunbook('---\r\na: 1\r\n---', [fresh('prose', 'x')]),
      '---\r\na: 1\r\n---\r\n\r\nx\r\n',
    ],
  ] as const) {
    test(what, () => {
      assert.equal(actual, expected);
    });
  }
});

/** Lines that mean something at the borders of blocks. */
const LINES = [
  '',
  ' ',
  'a',
  '# a',
  '- a',
  '  a',
  '> a',
  '>',
  '```',
  '```sh',
  '````',
  '~~~',
  '~~~sh',
];
const MORE_LINES = [
  '   ```sh',
  '\t```',
  '> ```sh',
  '- ```sh',
  '1. a',
  '---',
  '<!-- a -->',
  '    ls',
  '\ufeff',
];
const markdowns = fc
  .array(fc.tuple(fc.constantFrom(...LINES, ...MORE_LINES), fc.constantFrom('\n', '\r\n', '\r')))
  .map((lines) => lines.map(([line, end]) => line + end).join(''))
  .chain((text) => fc.constantFrom(text, text.slice(0, -1), `\ufeff${text}`));
const texts = fc
  .array(fc.constantFrom('', 'ls', '```', ' ~~~~', '````sh', '> a', '- a', '\tid', '$(a)', '\r'))
  .map((lines) => lines.join('\n'));

test('any text is written as it was read', () => {
  fc.assert(
    fc.property(markdowns, (text) => reopen(text) === text),
    { numRuns: 3000 },
  );
});

test('an edited cell changes no other, and has its new text when the file opens again', () => {
  const property = fc.property(markdowns, texts, fc.nat(), (markdown, text, at) => {
    const runbook = splitRunbook(markdown);
    const cells = edited(runbook);
    if (cells.length === 0) return;
    const index = at % cells.length;
    const source = (some: readonly EditedCell[]) => joinRunbook('', some);
    const before = runbook.start + source(cells.slice(0, index));
    const rest = runbook.cells.slice(index + 1);
    const after = rest.map(({ head, body, tail }) => head + body + tail).join('');
    const changed = cells.map((cell, i) => (i === index ? { ...cell, text } : cell));
    const written = joinRunbook(runbook.start, changed);
    assert.ok(written.startsWith(before));
    assert.ok(written.endsWith(after));
    if (cells[index]?.kind !== 'code') return;
    const again = splitRunbook(written).cells;
    const lf = text.replace(/\r\n?/g, '\n');
    // The same text is no edit; the editor adds a last line break to any other.
    const expected = lf === cells[index].text ? lf : lf.replace(/\n$/, '');
    assert.equal(again[index]?.text, expected);
    assert.deepEqual(again.slice(index + 1), rest);
  });
  fc.assert(property, { numRuns: 3000 });
});
