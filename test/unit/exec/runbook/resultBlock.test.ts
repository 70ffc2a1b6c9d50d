import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMarkdown } from '../../../../src/exec/runbook/markdownBlocks.ts';
import { resultEdit } from '../../../../src/exec/runbook/resultBlock.ts';

/** The text after a result was written below its first block. */
function withResult(text: string, result: readonly string[]): string {
  const lines = text.split('\n');
  const { blocks } = parseMarkdown(text);
  const [block] = blocks;
  assert.ok(block);
  const edit = resultEdit(lines, blocks, block, result);
  return lines.toSpliced(edit.from, edit.to - edit.from, ...edit.lines).join('\n');
}

test('a result is a block of its own below the block, and the next one replaces it', () => {
  const text = '# A\n\n```sh\nuptime\n```\n\nProse.\n\n```sh\nother\n```\n';
  const once = withResult(text, ['2 ok', '', 'a: up']);
  assert.equal(
    once,
    '# A\n\n```sh\nuptime\n```\n\n```text consul-exec-result\n2 ok\n\na: up\n```\n\nProse.\n\n```sh\nother\n```\n',
  );
  assert.equal(withResult(once, ['3 ok']), once.replace('2 ok\n\na: up', '3 ok'));
});

test('output cannot end its block', () => {
  const written = withResult('```sh\nx\n```\n', ['```', '````sh', 'rm -rf /']);
  const { blocks } = parseMarkdown(written);
  assert.equal(blocks.length, 2);
  assert.equal(blocks[1]?.text, '```\n````sh\nrm -rf /\n');
});

test('in a list and in a quote, the result stays inside', () => {
  const list = withResult('1. Step\n\n   ```sh\n   x\n   ```\n\n2. Next\n', ['ok']);
  assert.equal(
    list,
    '1. Step\n\n   ```sh\n   x\n   ```\n\n   ```text consul-exec-result\n   ok\n   ```\n\n2. Next\n',
  );
  const quote = withResult('> ```sh\n> x\n> ```\n> more\n', ['ok']);
  assert.equal(
    quote,
    '> ```sh\n> x\n> ```\n>\n> ```text consul-exec-result\n> ok\n> ```\n> more\n',
  );
  const item = withResult('- ```sh\n  x\n  ```\n', ['ok', 'a']);
  assert.deepEqual(
    parseMarkdown(item).blocks.map(({ text }) => text),
    ['x\n', 'ok\na\n'],
  );
  assert.equal(withResult(item, ['new']), item.replace('ok\n  a', 'new'));
});
