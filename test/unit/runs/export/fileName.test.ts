import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { exportName } from '../../../../src/runs/export/fileName.ts';

const createdAt = new Date(2026, 2, 1, 14, 2).getTime();

test('the name tells what ran and when', () => {
  assert.equal(exportName({ title: 'uptime', createdAt }), 'uptime-2026-03-01-1402');
  assert.equal(
    exportName({ title: 'echo "$NODE_NAME runs"; df -h /', createdAt }),
    'echo-NODE_NAME-runs-df-h-2026-03-01-1402',
  );
});

test('a title without a letter gives a name all the same', () => {
  assert.equal(exportName({ title: '../..', createdAt }), 'run-2026-03-01-1402');
});

test('no title leads out of the folder, hides the file or is too long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (title) => {
      const name = exportName({ title, createdAt });
      assert.doesNotMatch(name, /[/\\:*?"<>|\p{Cc}\s]|^[-.]/u);
      assert.ok(name.length <= 60 && name.isWellFormed());
    }),
  );
});
