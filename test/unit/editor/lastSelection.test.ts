import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALL_NODES } from '../../../src/exec/targeting/targetSelection.ts';
import {
  type LabelSubset,
  labelsIn,
  type LastSelection,
  lastSelections,
  leftSelections,
  subsetOf,
} from '../../../src/editor/pick/session/lastSelection.ts';
import { memento } from './support/memento.ts';

const last = (selected: LabelSubset): LastSelection => ({
  selection: ALL_NODES,
  datacenters: ['dc1', 'dc2'],
  selected,
});

test('every connection has its own last selection', async () => {
  const state = memento();
  await lastSelections.write(state, 'staging', last({ allBut: ['a@dc1'] }));
  await lastSelections.write(state, 'live', last({ only: ['b@dc2'] }));
  assert.deepEqual(lastSelections.read(state, 'staging'), last({ allBut: ['a@dc1'] }));
  assert.deepEqual(lastSelections.read(state, 'live'), last({ only: ['b@dc2'] }));
  assert.equal(lastSelections.read(state, 'other'), undefined);
  assert.equal(lastSelections.read(state, 'constructor'), undefined);
});

test('a review that was left is remembered apart from the last run, until it is forgotten', async () => {
  const state = memento();
  const remember = leftSelections.writer(state, 'staging');
  await remember(last({ only: ['a@dc1'] }));
  assert.deepEqual(leftSelections.read(state, 'staging'), last({ only: ['a@dc1'] }));
  assert.equal(lastSelections.read(state, 'staging'), undefined);
  assert.equal(leftSelections.read(state, 'live'), undefined);
  await leftSelections.write(state, 'staging', undefined);
  assert.equal(leftSelections.read(state, 'staging'), undefined);
  await leftSelections.write(state, 'constructor', undefined);
  assert.deepEqual(state.get('leftChoices'), {});
});

test('an unknown stored value is ignored', async () => {
  for (const junk of [ALL_NODES, [], 'x', { staging: ALL_NODES }, { staging: null }]) {
    const state = memento({ lastChoices: junk });
    assert.equal(lastSelections.read(state, 'staging'), undefined);
    await lastSelections.write(state, 'staging', last({ only: [] }));
    assert.deepEqual(lastSelections.read(state, 'staging'), last({ only: [] }));
  }
});

test('a selection is stored in the shape of earlier versions', async () => {
  const stored = { choice: ALL_NODES, datacenters: ['dc1', 'dc2'], ticks: { only: ['a@dc1'] } };
  const state = memento({ lastChoices: { staging: stored } });
  assert.deepEqual(lastSelections.read(state, 'staging'), last({ only: ['a@dc1'] }));
  await lastSelections.write(state, 'live', last({ only: ['a@dc1'] }));
  assert.deepEqual(state.get('lastChoices'), { staging: stored, live: stored });
});

test('cleared nodes stay cleared, and new nodes are selected', () => {
  const subset = subsetOf(['a', 'b', 'c', 'd'], ['a', 'c', 'd']);
  assert.deepEqual([...labelsIn(subset, ['a', 'b', 'c', 'e'])], ['a', 'c', 'e']);
});

test('a few of many stay those few', () => {
  const subset = subsetOf(['a', 'b', 'c', 'd'], ['c']);
  assert.deepEqual([...labelsIn(subset, ['a', 'b', 'c', 'e'])], ['c']);
});

test('a selected node that could not respond stays selected', () => {
  const subset = subsetOf(['a', 'b'], ['a', 'b', 'failed']);
  assert.deepEqual([...labelsIn(subset, ['a', 'b'])], ['a', 'b', 'failed']);
});
