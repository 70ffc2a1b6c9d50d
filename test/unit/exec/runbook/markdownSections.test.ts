import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { MarkdownReader, parseMarkdown } from '../../../../src/exec/runbook/markdownBlocks.ts';
import { withLf } from '../../../../src/exec/runbook/lines.ts';
import { repository } from '../../../setup/repository.ts';

/** The blocks and headings as the parser sees the text as a whole, and as it is read in sections. */
function assertSame(text: string): void {
  const whole = new MarkdownIt('commonmark', { maxNesting: 40 });
  whole.core.ruler.enableOnly(['block']);
  const expected = whole
    .parse(`${text}\n`, {})
    .filter(({ type }) => type === 'fence')
    .map(({ info, map, content }) => [info.trim(), map?.[0], map?.[1], content]);
  const found = parseMarkdown(`${text}\n`).blocks.map((block) => {
    return [block.info, block.fenceLine, block.endLine, block.text];
  });
  assert.deepEqual(found, expected);
}

const LINES = [
  ...['# a', '## b', '#', '###### f', '#no', ' # c', '    # d', '\t# e', '# a #', '- # f', '> # g'],
  ...['```', '```sh', '````', '~~~', '~~~sh', '  ```', '    ```', '- ```', '> ```', '``` `'],
  ...['<!--', '-->', '<!-- a -->', '<div>', '</div>', '<script>', '</script>', '<a>', '<?', '?>'],
  ...['text', '', '', '  ', '- item', '  more', '1. x', '> q', '===', '---', '[a]: /u', "'t'"],
];

test('a text that is read in sections has the same blocks as the whole', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...LINES), { minLength: 1, maxLength: 25 }), (lines) => {
      const text = lines.join('\n');
      // Front matter is left out before.
      if (!text.startsWith('---')) assertSame(text);
    }),
    { numRuns: 5000 },
  );
});

test('so have the READMEs of packages', () => {
  const files = globSync('node_modules/**/*.md', { cwd: repository });
  const texts = files.map((file) => withLf(readFileSync(join(repository, file), 'utf8')));
  const checked = texts.filter((text) => !/^\ufeff|^---/.test(text));
  assert.ok(checked.length >= 200, String(checked.length));
  for (const text of checked) assertSame(text);
});

test('the next version of a text has the same blocks as if it was the first', () => {
  const line = fc.constantFrom(...LINES);
  const edit = fc.record({ at: fc.nat(30), remove: fc.nat(2), add: fc.array(line) });
  const start = fc.array(line, { maxLength: 30 });
  fc.assert(
    fc.property(start, fc.array(edit, { maxLength: 5 }), (lines, edits) => {
      const reader = new MarkdownReader();
      const current = [...lines];
      for (const { at, remove, add } of edits) {
        current.splice(at, remove, ...add);
        const text = current.join('\n');
        assert.deepEqual(reader.read(text), parseMarkdown(text));
      }
    }),
    { numRuns: 1000 },
  );
});
