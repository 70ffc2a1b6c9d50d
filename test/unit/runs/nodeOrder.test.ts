import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { compareNodes } from '../../../src/runs/model/nodeOrder.ts';

const name = fc.oneof(
  fc.string(),
  fc.stringMatching(/^[a-b]{0,2}0{0,2}[0-9]{0,2}[a-]?[0-9]{0,2}$/),
);

describe('order of nodes', () => {
  test('counts as people do', () => {
    const sorted = ['web-01', 'web-1', 'web-2', 'web-10', 'web-10a', 'web-99999999999999999999'];
    for (let i = 1; i < sorted.length; i++) {
      assert.ok(compareNodes(sorted[i - 1]!, sorted[i]!) < 0, `${sorted[i - 1]} < ${sorted[i]}`);
    }
  });

  test('is total: antisymmetric, transitive, and equal only for the same name', () => {
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        assert.equal(Math.sign(compareNodes(a, b)), -Math.sign(compareNodes(b, a)) || 0);
        assert.equal(compareNodes(a, b) === 0, a === b);
        if (compareNodes(a, b) < 0 && compareNodes(b, c) < 0) assert.ok(compareNodes(a, c) < 0);
      }),
      { numRuns: 3000 },
    );
  });
});
