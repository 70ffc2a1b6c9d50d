import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TextDocument } from 'vscode';
import { blocksOf } from '../../../src/editor/source/documentBlocks.ts';

/** What the blocks read of a document of VS Code. */
function documentOf(text: string): TextDocument {
  const lines = text.split('\n');
  return {
    version: 1,
    languageId: 'shellscript',
    lineCount: lines.length,
    lineAt: (line: number) => ({ text: lines[line] ?? '' }),
    getText: () => text,
  } as unknown as TextDocument;
}

/** The directive of the script and of each cell: its keys, and its mistakes. */
function directives(text: string): string[] {
  return blocksOf(documentOf(text)).map(({ kind, directive: { entries, problems } }) =>
    [
      kind,
      ...entries.map(({ key, value }) => `${key}=${value}`),
      ...problems.map(({ place, message }) => `${place.line}: ${message}`),
    ].join(' '),
  );
}

test('cells inherit the directive of their script, and add to it', () => {
  const text = `#!/bin/sh
# consul-exec: service=web
# %% First
uptime
# %% Second
# consul-exec: tag=blue limit=5s
uptime
`;
  assert.deepEqual(directives(text), [
    'file service=web',
    'cell service=web',
    'cell service=web tag=blue limit=5s',
  ]);
});

test('a mistake in a cell is one, although nothing else is in its directive', () => {
  const text = '# consul-exec: service=web\nset -e\n# %%\n# consul-exec: limt=5s\nuptime\n';
  assert.match(directives(text)[1] ?? '', /^cell service=web 3: "limt" is not a key\./);
});

test('comments of the script that are also above the first cell count once', () => {
  const text = '# %%\n# consul-exec: service=web\nuptime\n';
  assert.deepEqual(directives(text), ['file service=web', 'cell service=web']);
});
