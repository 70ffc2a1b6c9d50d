import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  parseAddress,
  type DocumentAddress,
  toUriParts,
} from '../../../src/runs/documents/documentAddress.ts';

const runId = '6d1f0a52-0c1e-4c7e-9b58-3f0a2f0f7a11';
const info = { title: 'uptime; df -h /', createdAt: new Date(2026, 2, 1, 14, 2).getTime() };
const names = fc.string({ unit: 'binary', maxLength: 80 });
const addresses: fc.Arbitrary<DocumentAddress> = fc.oneof(
  names.map((node) => ({ kind: 'node', runId, node }) as const),
  fc.constant({ kind: 'script', runId } as const),
  fc
    .tuple(
      fc.constantFrom('node', 'group', 'comparison'),
      fc.constantFrom({}, { timestamps: true }, { trailingSpace: true, ownName: true }),
    )
    .map(([form, ignored]) => ({ kind: 'combined', runId, form, ignored }) as const),
);

describe('where a document stands', () => {
  test('has the title and time of the run, and the node', () => {
    const path = (address: DocumentAddress) => toUriParts(address, info).path;
    assert.equal(
      path({ kind: 'node', runId, node: 'web-1@dc1' }),
      '/uptime; df -h ∕ · 2026-03-01 14:02/web-1@dc1.txt',
    );
    assert.equal(
      path({ kind: 'combined', runId, form: 'group', ignored: {} }),
      '/uptime; df -h ∕ · 2026-03-01 14:02/by-group/uptime; df -h ∕ (all).txt',
    );
    assert.equal(path({ kind: 'script', runId }), '/uptime; df -h ∕ · 2026-03-01 14:02/script');
  });

  test('gives the address back, whatever nodes and runs are called', () => {
    fc.assert(
      fc.property(addresses, names, (address, title) => {
        const { path, query } = toUriParts(address, { ...info, title });
        assert.deepEqual(parseAddress(query), address);
        assert.doesNotMatch(path, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\/\/|\/\.\.?(?:\/|$)/u);
        assert.equal(path.split('/').length, address.kind === 'combined' ? 4 : 3);
        assert.ok(path.isWellFormed());
      }),
    );
  });

  test('is another for two nodes whose names look alike', () => {
    const alike = ['web\u200b', 'web\u202e', `${'x'.repeat(70)}1`, `${'x'.repeat(70)}2`];
    const queries = alike.map((node) => toUriParts({ kind: 'node', runId, node }, info).query);
    assert.equal(new Set(queries).size, alike.length);
  });

  test('is undefined for any other query', () => {
    for (const query of [
      '',
      runId,
      `${runId}/`,
      `${runId}/by-name/`,
      '/node/web',
      `${runId}/x/y`,
    ]) {
      assert.equal(parseAddress(query), undefined, query);
    }
  });
});
