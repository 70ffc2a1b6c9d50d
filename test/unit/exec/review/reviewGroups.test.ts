import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  groupReviewed,
  type ReviewGroup,
  type ReviewGrouping,
} from '../../../../src/exec/review/reviewGroups.ts';
import type { Reviewable } from '../../../../src/exec/review/reviewedNodes.ts';
import { reviewable } from './reviewable.ts';

function drawn(nodes: readonly Reviewable[], grouping: ReviewGrouping): [string, string][] {
  const name = ({ by }: ReviewGroup<Reviewable>) =>
    by.kind === 'service' ? by.services.join('+') : by.problem;
  return groupReviewed(nodes, grouping).map((group) => [
    name(group),
    group.nodes.map(({ label }) => label).join(' '),
  ]);
}

test('nodes with the same services are one group, and every node is in exactly one', () => {
  const nodes = [
    reviewable('a', { services: ['web', 'proxy', 'web'] }),
    reviewable('b'),
    reviewable('c', { services: ['proxy', 'web'] }),
    reviewable('d', { services: ['web10'] }),
    reviewable('e', { services: ['web2'] }),
  ];
  assert.deepEqual(drawn(nodes, 'service'), [
    ['proxy+web', 'a c'],
    ['web2', 'e'],
    ['web10', 'd'],
    ['', 'b'],
  ]);
});

test('names of services never make two groups one', () => {
  const nodes = [
    reviewable('a', { services: ['web, db'] }),
    reviewable('b', { services: ['web', 'db'] }),
  ];
  const groups = groupReviewed(nodes, 'service');
  assert.equal(new Set(groups.map(({ id }) => id)).size, 2);
});

test('a node is in the group of its most important problem; those come first', () => {
  const nodes = [
    reviewable('fine'),
    reviewable('server', { isServer: true }),
    reviewable('failing', { failing: ['disk'], isServer: true }),
    reviewable('gone', { gossip: 'failed', failing: ['disk'] }),
    reviewable('external', { gossip: 'absent' }),
  ];
  assert.deepEqual(drawn(nodes, 'problem'), [
    ['unreachable', 'gone'],
    ['noAgent', 'external'],
    ['failing', 'failing'],
    ['server', 'server'],
    ['none', 'fine'],
  ]);
  assert.deepEqual(drawn([], 'problem'), []);
});
