import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  blockLanguageOf,
  editorLanguageOf,
  interpreterOfBlock,
  isRunnable,
  runnableEditorLanguages,
} from '../../../../src/exec/runbook/blockLanguage.ts';
import { addedLine } from '../../../../src/exec/script/interpreter.ts';

for (const [language, text, expected] of [
  ['sh', 'ls', undefined],
  ['shell', 'ls', undefined],
  ['bash', 'ls', '#!/usr/bin/env bash'],
  ['zsh', 'ls', '#!/usr/bin/env zsh'],
  ['fish', 'ls', '#!/usr/bin/env fish'],
  ['python3', 'pass', '#!/usr/bin/env python3'],
  ['py', 'pass', '#!/usr/bin/env python3'],
  ['perl', '1', '#!/usr/bin/env perl'],
  ['rb', '1', '#!/usr/bin/env ruby'],
  ['python', '#!/opt/python\npass', undefined],
] as const) {
  test(`${language}: ${text}`, () => {
    assert.equal(addedLine(interpreterOfBlock(language, text)), expected);
  });
}

test('each language that the editor has for a block is one that a new block can have', () => {
  for (const language of runnableEditorLanguages()) {
    const name = blockLanguageOf(language);
    assert.ok(isRunnable(name), language);
    assert.equal(editorLanguageOf(name), language);
  }
});
