import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Reviewable, ReviewedNodes } from '../../../../src/exec/review/reviewedNodes.ts';
import { reviewable } from './reviewable.ts';

const labelsOf = (nodes: readonly Reviewable[]) => nodes.map(({ label }) => label);
const fleet = ['web-1', 'web-2', 'db-1'].map((label) => reviewable(label));

function review(wanted: readonly string[] = labelsOf(fleet)): ReviewedNodes<Reviewable> {
  const nodes = new ReviewedNodes<Reviewable>(wanted);
  nodes.list(fleet);
  return nodes;
}

test('the filter hides nodes and clears none', () => {
  const nodes = review();
  nodes.filter = ' WEB ';
  assert.deepEqual(labelsOf(nodes.shown), ['web-1', 'web-2']);
  assert.deepEqual(labelsOf(nodes.selected), ['web-1', 'web-2', 'db-1']);
  assert.deepEqual(labelsOf(nodes.hidden), ['db-1']);
  nodes.select(nodes.hidden, false);
  assert.deepEqual(nodes.hidden, []);
  nodes.filter = '';
  assert.deepEqual(labelsOf(nodes.selected), ['web-1', 'web-2']);
});

test('the filter finds addresses and services, and names as they are shown', () => {
  const nodes = new ReviewedNodes<Reviewable>([]);
  nodes.list([
    reviewable('a', { address: '10.0.0.7' }),
    reviewable('b', { services: ['nginx'] }),
    reviewable('c\u200b'),
  ]);
  nodes.filter = '0.7';
  assert.deepEqual(labelsOf(nodes.shown), ['a']);
  nodes.filter = 'ngi';
  assert.deepEqual(labelsOf(nodes.shown), ['b']);
  nodes.filter = 'c\ufffd';
  assert.deepEqual(labelsOf(nodes.shown), ['c\u200b']);
});

test('of some nodes, all, some, or none are selected', () => {
  const nodes = review(['web-1', 'db-1']);
  nodes.filter = 'web';
  assert.deepEqual(nodes.selectedOf(nodes.shown), { state: 'some', count: 1 });
  nodes.select(nodes.shown, true);
  assert.deepEqual(nodes.selectedOf(nodes.shown), { state: 'all', count: 2 });
  nodes.select(nodes.shown, false);
  assert.deepEqual(nodes.selectedOf(nodes.shown), { state: 'none', count: 0 });
  assert.deepEqual(labelsOf(nodes.selected), ['db-1']);
});

test('a node that leaves and returns is selected again; a new node is not selected', () => {
  const nodes = review();
  nodes.list(fleet.slice(1));
  assert.deepEqual(labelsOf(nodes.selected), ['web-2', 'db-1']);
  assert.ok(nodes.wanted.has('web-1'));
  nodes.list([...fleet, reviewable('web-3')]);
  assert.deepEqual(labelsOf(nodes.selected), ['web-1', 'web-2', 'db-1']);
});

test('a node that was cleared stays cleared when it returns', () => {
  const nodes = review();
  nodes.select([fleet[0]!], false);
  nodes.list(fleet.slice(1));
  nodes.list(fleet);
  assert.deepEqual(labelsOf(nodes.selected), ['web-2', 'db-1']);
});

test('the filter stays when the nodes change', () => {
  const nodes = review();
  nodes.filter = 'web';
  nodes.list([...fleet, reviewable('web-3'), reviewable('db-2')]);
  assert.deepEqual(labelsOf(nodes.shown), ['web-1', 'web-2', 'web-3']);
  assert.deepEqual(labelsOf(nodes.hidden), ['db-1']);
});

test('a filter that was prepared finds the same, also after the nodes change', async () => {
  const many = Array.from({ length: 5000 }, (_, i) => reviewable(`node-${i}`));
  const nodes = new ReviewedNodes<Reviewable>([]);
  nodes.list(many);
  const preparing = nodes.prepareFilter();
  nodes.list([...many, reviewable('node-5000')]);
  await preparing;
  nodes.filter = 'node-5000';
  assert.deepEqual(labelsOf(nodes.shown), ['node-5000']);
  nodes.list(many);
  await nodes.prepareFilter();
  nodes.filter = 'node-4999';
  assert.deepEqual(labelsOf(nodes.shown), ['node-4999']);
});

test('whatever the filter, selected nodes are shown or hidden, and no text changes what is selected', () => {
  const labels = fc.uniqueArray(fc.stringMatching(/^[a-c]{1,4}$/), { maxLength: 12 });
  fc.assert(
    fc.property(
      labels,
      labels,
      fc.array(fc.stringMatching(/^[a-c]{0,2}$/)),
      (all, wanted, texts) => {
        const nodes = new ReviewedNodes<Reviewable>(wanted);
        nodes.list(all.map((label) => reviewable(label)));
        const before = labelsOf(nodes.selected);
        for (const text of texts) {
          nodes.filter = text;
          const shown = nodes.shown.filter((node) => nodes.isSelected(node));
          assert.deepEqual(labelsOf([...shown, ...nodes.hidden]).sort(), before.toSorted());
        }
        assert.deepEqual(labelsOf(nodes.selected), before);
      },
    ),
  );
});
