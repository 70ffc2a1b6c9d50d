import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FilterError, requireValidFilters } from '../../../src/exec/targeting/validateFilters.ts';
import { filterBudget, filterSize } from '../../../src/exec/protocol/eventBudget.ts';
import { compileRe2, FilterSyntaxError, quoteRe2 } from '../../../src/exec/targeting/re2.ts';
import { payloadSize } from '../../../src/exec/protocol/execEvent.ts';

/** Where JavaScript refuses, or means something else. */
const RE2_MATCHES: readonly [string, string, boolean][] = [
  ['web', 'my-web-01', true],
  ['web', 'WEB-01', false],
  ['(?i)web', 'WEB-01', true],
  ['^a(?i:b)c$', 'aBc', true],
  ['^a(?i:b)c$', 'ABc', false],
  ['\\Aweb\\z', 'web', true],
  ['^web$', 'web\n', false],
  ['\\pL', 'é', true],
  ['^[[:alpha:]]+$', 'abc', true],
  ['^[[:alpha:]]+$', 'abc1', false],
  ['^\\Qa.b\\E$', 'a.b', true],
  ['^\\Qa.b\\E$', 'axb', false],
  ['(?P<n>x)', 'x', true],
  ['^\\w+$', 'é', false],
  ['^\\s$', '\u00a0', false],
  ['^.$', '💥', true],
  ['^[ノド]+$', 'ノド', true],
  ['(?s)^a.b$', 'a\nb', true],
  ['^a.b$', 'a\nb', false],
  ['a{2}', 'caab', true],
  ['^\\x{30CE}$', 'ノ', true],
  ['(?U)^a+', 'aa', true],
];

for (const [expression, name, expected] of RE2_MATCHES) {
  test(`/${expression}/ ${expected ? 'matches' : 'does not match'} ${JSON.stringify(name)}`, () => {
    assert.equal(compileRe2(expression)(name), expected);
  });
}

for (const expression of [
  '(',
  '[',
  'a**',
  '(?=x)',
  '(?<!x)y',
  '(a)\\1',
  '\\8',
  'a{1001}',
  '*',
  '(?z)a',
  '\\y',
]) {
  test(`/${expression}/ is refused, as agents do`, () => {
    assert.throws(
      () => compileRe2(expression),
      (error) => error instanceof FilterSyntaxError && error.message.includes(`"${expression}"`),
    );
  });
}

test('quoting makes any text match itself only', () => {
  for (const text of [
    'a.b',
    '^$',
    '[x]',
    'a|b',
    '(?i)',
    '\\d',
    'a{2}',
    'tab\there',
    'ノ-💥',
    ' ',
    '#',
    '~`!@%&_=;:"\'<>,/',
  ]) {
    const match = compileRe2(`^${quoteRe2(text)}$`);
    assert.ok(match(text), text);
    assert.ok(!match(`${text}x`));
  }
  assert.ok(!compileRe2(`^${quoteRe2('web.1')}$`)('webx1'));
});

test('filters cost their UTF-8 bytes and three to six more', () => {
  assert.equal(filterSize({}), 0);
  assert.equal(filterSize({ node: '', service: undefined }), 0);
  assert.equal(filterSize({ node: 'x' }), 5);
  assert.equal(filterSize({ node: 'x'.repeat(31) }), 35);
  assert.equal(filterSize({ node: 'x'.repeat(32) }), 37);
  assert.equal(filterSize({ node: 'x'.repeat(256) }), 262);
  assert.equal(filterSize({ node: 'ノ' }), 7);
  assert.equal(filterSize({ node: 'a', service: 'bb', tag: 'ccc' }), 18);
});

test('with the usual prefix there is room for about 330 bytes', () => {
  assert.equal(payloadSize('_rexec'), 68);
  assert.equal(filterBudget(68), 332);
});

test('a tag needs a service, expressions must be RE2, and all must fit', () => {
  const payload = payloadSize('_rexec');
  assert.doesNotThrow(() => requireValidFilters({}, payload));
  assert.doesNotThrow(() => requireValidFilters({ service: 'web', tag: 'a' }, payload));
  assert.doesNotThrow(() => requireValidFilters({ node: 'x'.repeat(326) }, payload));
  assert.throws(() => requireValidFilters({ node: 'x'.repeat(327) }, payload), FilterError);
  assert.throws(() => requireValidFilters({ tag: 'a' }, payload), FilterError);
  assert.throws(() => requireValidFilters({ service: '', tag: 'a' }, payload), FilterError);
  assert.throws(() => requireValidFilters({ service: '(' }, payload), FilterSyntaxError);
});
