import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wrapText } from '../../../../src/exec/review/wrapText.ts';

test('a text is broken at spaces, and nothing is lost', () => {
  assert.deepEqual(wrapText('the targets include servers', 12), [
    'the targets',
    'include',
    'servers',
  ]);
  assert.deepEqual(wrapText('a-very-long-name is in', 8), ['a-very-long-name', 'is in']);
  assert.deepEqual(wrapText('ab cd', 5), ['ab cd']);
  assert.deepEqual(wrapText('short', 12), ['short']);
  const text = 'one two  three';
  assert.equal(wrapText(text, 4).join(' '), text);
});
