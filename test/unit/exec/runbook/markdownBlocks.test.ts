import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type FencedBlock,
  isRunnable,
  parseMarkdown,
} from '../../../../src/exec/runbook/markdownBlocks.ts';

const lines = (...all: string[]) => all.join('\n');

function only(markdown: string): FencedBlock {
  const [block, ...others] = parseMarkdown(markdown).blocks;
  assert.ok(block && others.length === 0, markdown);
  return block;
}

/** Language, lines, and text of each block. */
function summary(markdown: string): [string, number, number, string][] {
  return parseMarkdown(markdown).blocks.map(({ language, fenceLine, endLine, text }) => [
    language,
    fenceLine,
    endLine,
    text,
  ]);
}

describe('fences', () => {
  for (const [what, markdown, expected] of [
    ['a plain block', lines('a', '```sh', 'ls', '```', 'b'), [['sh', 1, 4, 'ls\n']]],
    ['tildes', lines('~~~sh', 'ls', '```', '~~~'), [['sh', 0, 4, 'ls\n```\n']]],
    [
      'a longer fence around another',
      lines('````md', '```sh', 'ls', '```', '````'),
      [['md', 0, 5, '```sh\nls\n```\n']],
    ],
    ['no line', lines('```sh', '```'), [['sh', 0, 2, '']]],
    ['a block that nothing closes', lines('```sh', 'ls', ''), [['sh', 0, 2, 'ls\n']]],
    ['the same without a last line break', lines('```sh', 'ls'), [['sh', 0, 2, 'ls\n']]],
    ['a last line of blanks', lines('```sh', 'ls', '  '), [['sh', 0, 3, 'ls\n  \n']]],
    ['a fence as the last line', lines('a', '```sh'), [['sh', 1, 2, '']]],
    ['CRLF', 'a\r\n```sh\r\nls\r\nid\r\n```\r\n', [['sh', 1, 5, 'ls\nid\n']]],
    ['lone carriage returns', 'a\r```sh\rls\r```\r', [['sh', 1, 4, 'ls\n']]],
    ['a byte order mark', '\ufeff```sh\nls\n```\n', [['sh', 0, 3, 'ls\n']]],
    ['indented code', lines('a', '', '    ```sh', '    ls', '    ```'), []],
    ['a tab before the fence', lines('a', '', '\t```sh', '\tls', '\t```'), []],
    ['tabs in the text', lines('```sh', '\tls', '```'), [['sh', 0, 3, '\tls\n']]],
    [
      'an indented fence',
      lines('  ```sh', '  ls', '    id', '  ```'),
      [['sh', 0, 4, 'ls\n  id\n']],
    ],
    ['a code span', lines('```sh```', 'ls'), []],
    ['an HTML comment', lines('<!--', '```sh', 'ls', '```', '-->'), []],
    ['a NUL character', '```sh\nprintf "\0"\n```\n', [['sh', 0, 3, 'printf "\0"\n']]],
    ['a paragraph directly above', lines('a', '```sh', 'ls', '```'), [['sh', 1, 4, 'ls\n']]],
    ['nothing', '', []],
  ] as const) {
    test(what, () => {
      assert.deepEqual(summary(markdown), expected);
    });
  }
});

describe('lists and quotes', () => {
  for (const [what, markdown, expected] of [
    [
      'in a list item',
      lines('1. a', '', '   ```sh', '   ls', '   ```', '2. b'),
      [['sh', 2, 5, 'ls\n']],
    ],
    ['as a list item', lines('- ```sh', '  ls', '    id', '  ```'), [['sh', 0, 4, 'ls\n  id\n']]],
    ['in a quote', lines('> ```sh', '> ls', '>   id', '> ```', 'a'), [['sh', 0, 4, 'ls\n  id\n']]],
    ['in a list in a quote', lines('> - ```sh', '>   ls', '>   ```'), [['sh', 0, 3, 'ls\n']]],
    [
      'a tab after the marker',
      lines('-\ta', '', '\t```sh', '\tls', '\t```'),
      [['sh', 2, 5, 'ls\n']],
    ],
    ['ended by the end of the quote', lines('> ```sh', '> ls', 'a'), [['sh', 0, 2, 'ls\n']]],
    ['ended by the end of the item', lines('- ```sh', '  ls', 'a'), [['sh', 0, 2, 'ls\n']]],
  ] as const) {
    test(what, () => {
      assert.deepEqual(summary(markdown), expected);
    });
  }
});

describe('front matter', () => {
  test('has no headings and no blocks, and counts as lines', () => {
    const front = lines('---', 'title: a', '# no heading', '```sh', 'ls', '```', '---');
    const { fenceLine, headings } = only(lines(front, '```sh', 'id', '```'));
    assert.equal(fenceLine, 7);
    assert.deepEqual(headings, []);
  });
  test('with CRLF, a byte order mark, and three dots', () => {
    assert.equal(only('\ufeff---\r\na: 1\r\n...\r\n```sh\r\nid\r\n```\r\n').fenceLine, 3);
  });
  test('a rule at the start is none', () => {
    const markdown = lines('---', '', '# A', '', '```sh', 'ls', '```', '', '---');
    assert.equal(only(markdown).headings.length, 1);
  });
  test('nor is one that does not end', () => {
    assert.equal(only(lines('---', 'a: 1', '', '```sh', 'ls', '```')).fenceLine, 3);
  });
});

describe('the info string', () => {
  test('its first word is the language', () => {
    const { language, info } = only(lines('```  Bash title="a b" {1}  ', 'ls', '```'));
    assert.equal(language, 'bash');
    assert.equal(info, 'Bash title="a b" {1}');
  });
  test('can be missing', () => {
    const { language, info } = only(lines('```', 'ls', '```'));
    assert.deepEqual([language, info], ['', '']);
  });
});

describe('headings', () => {
  const headings = (markdown: string) =>
    only(markdown).headings.map(({ level, line, text }) => [level, line, text]);
  test('the sections that the block is in', () => {
    const above = ['# A', '## B', '### C', '## D', 'text', '#### E', '', '```sh', 'ls', '```'];
    assert.deepEqual(headings(lines(...above, '## F')), [
      [1, 0, 'A'],
      [2, 3, 'D'],
      [4, 5, 'E'],
    ]);
  });
  test('a higher level ends all below it', () => {
    assert.deepEqual(headings(lines('### A', '# B', '```sh', '```')), [[1, 1, 'B']]);
  });
  test('underlined, with marks', () => {
    assert.deepEqual(headings(lines('A *b*', '=====', '', '```sh', '```')), [[1, 0, 'A *b*']]);
  });
  test('in a quote or a list item, only there', () => {
    assert.deepEqual(headings(lines('# A', '> # B', '', '```sh', '```')), [[1, 0, 'A']]);
    assert.deepEqual(headings(lines('# A', '- ## B', '  ```sh', '  ```')), [
      [1, 0, 'A'],
      [2, 1, 'B'],
    ]);
  });
  test('a comment in a script is none', () => {
    const { blocks } = parseMarkdown(lines('```', '# A', '```', '```sh', '```'));
    assert.deepEqual(
      blocks.flatMap(({ headings }) => headings),
      [],
    );
  });
});

describe('comments', () => {
  const block = ['```sh', 'ls', '```'];
  for (const [what, markdown, expected] of [
    ['directly above', lines('<!-- a -->', ...block), 'a'],
    ['with blank lines between', lines('text', '<!-- a: b=c -->', '', '', ...block), 'a: b=c'],
    ['of several lines', lines('<!--', 'a', 'b', '-->', ...block), 'a\nb'],
    ['the last of several', lines('<!-- a -->', '<!-- b -->', ...block), 'b'],
    ['in a list item', lines('- a', '', '  <!-- b -->', '  ```sh', '  ```'), 'b'],
    ['in a quote', lines('> <!-- b -->', '> ```sh', '> ```'), 'b'],
    ['with CRLF', '<!-- a -->\r\n```sh\r\nls\r\n```\r\n', 'a'],
    ['empty', lines('<!---->', ...block), ''],
    ['text below it', lines('<!-- a -->', '', 'text', ...block), undefined],
    ['text beside it', lines('<!-- a --> text', ...block), undefined],
    ['two in one line', lines('<!-- a --> <!-- b -->', ...block), undefined],
    ['inside a paragraph', lines('text <!-- a -->', ...block), undefined],
    ['outside of the quote', lines('<!-- a -->', '> ```sh', '> ```'), undefined],
    ['other HTML', lines('<hr>', '', ...block), undefined],
    ['below the block', lines(...block, '<!-- a -->'), undefined],
  ] as const) {
    test(what, () => {
      assert.equal(only(markdown).comment, expected);
    });
  }
  test('below a heading', () => {
    const markdown = lines(
      '# A',
      '<!-- a -->',
      '',
      '## B',
      '',
      '<!-- b -->',
      '## C',
      'x',
      '<!-- c -->',
    );
    const { headingComments } = parseMarkdown(markdown);
    assert.deepEqual(
      [...headingComments],
      [
        [0, 'a'],
        [3, 'b'],
      ],
    );
  });
});

test('agents run shells, Python, Perl, and Ruby, but no transcripts', () => {
  for (const language of ['sh', 'bash', 'shell', 'zsh', 'python', 'py', 'perl', 'ruby']) {
    assert.ok(isRunnable(language), language);
  }
  for (const language of ['', 'console', 'shell-session', 'json', 'powershell', 'constructor']) {
    assert.ok(!isRunnable(language), language);
  }
});

test('1 MB of anything is read', () => {
  const size = 1 << 20;
  for (const unit of [
    '>',
    '> ',
    '- ',
    '[',
    '`',
    '```\n',
    '<!--\n',
    '---\n',
    '# a\n',
    '\t',
    '- a\n ',
  ]) {
    parseMarkdown(unit.repeat(size / unit.length));
  }
  const text = 'echo "a"\n'.repeat(size / 9);
  assert.equal(only(`\`\`\`sh\n${text}\`\`\`\n`).text, text);
});
