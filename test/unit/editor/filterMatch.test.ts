import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filterMatch } from '../../../src/editor/pick/inputs/filterMatch.ts';

const row = (label: string, description?: string) => ({ label, description });

for (const [filter, item, isShown] of [
  ['', row('web-01'), true],
  ['  ', row('web-01'), true],
  ['web-03', row('web-03'), true],
  ['WEB', row('web-03'), true],
  [' web-03 ', row('web-03'), true],
  ['web-03', row('web-01'), false],
  ['b*3', row('web-03'), true],
  ['primary', row('web-01', '10.0.0.1 · primary'), true],
  ['.', row('web-01', 'x'), false],
  ['[a', row('web-[a]'), true],
  ['warning', row('web-01', '$(warning) failing: disk'), false],
  ['disk', row('web-01', '$(warning) failing: disk'), true],
] as const) {
  test(`"${filter}" ${isShown ? 'shows' : 'hides'} ${item.label} ${item.description ?? ''}`, () => {
    assert.equal(filterMatch(filter)(item), isShown);
  });
}
