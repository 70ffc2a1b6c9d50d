import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const texts = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Readonly<
  Record<string, string>
>;

/** Finds the keys of texts in package.json that VS Code doesn't render as Markdown. */
function plainKeys(value: unknown, property = ''): string[] {
  if (typeof value === 'string') {
    const [, key] = /^%(.+)%$/.exec(value) ?? [];
    return key === undefined || property.startsWith('markdown') ? [] : [key];
  }
  if (Array.isArray(value)) return value.flatMap((item) => plainKeys(item, property));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => plainKeys(item, name));
}

test('only texts that are rendered as Markdown contain backticks or links to settings', () => {
  const keys = plainKeys(JSON.parse(readFileSync('package.json', 'utf8')));
  assert.ok(keys.includes('walkthrough.connect.description'));
  assert.ok(!keys.includes('setting.address'));
  const shown = keys.filter((key) => /`|#consulExec\./.test(texts[key] ?? ''));
  assert.deepEqual(shown, []);
});
