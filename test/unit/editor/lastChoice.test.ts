import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Memento } from 'vscode';
import { EVERYTHING } from '../../../src/exec/choice.ts';
import {
  type LastChoice,
  readLastChoice,
  rememberChoice,
  tickedAgain,
  ticksOf,
} from '../../../src/editor/launch/lastChoice.ts';

/** The editor's store, in memory, through JSON as there. */
function memento(stored: Record<string, unknown> = {}): Memento {
  const values = new Map(Object.entries(stored));
  return {
    keys: () => [...values.keys()],
    get: (key: string, otherwise?: unknown) => values.get(key) ?? otherwise,
    update: (key: string, value: unknown) => {
      values.set(key, JSON.parse(JSON.stringify(value)));
      return Promise.resolve();
    },
  } as Memento;
}

const last = (ticks: LastChoice['ticks']): LastChoice => ({
  choice: EVERYTHING,
  datacenters: ['dc1', 'dc2'],
  ticks,
});

test('every connection has a last choice of its own', async () => {
  const state = memento();
  await rememberChoice(state, 'staging', last({ allBut: ['a@dc1'] }));
  await rememberChoice(state, 'live', last({ only: ['b@dc2'] }));
  assert.deepEqual(readLastChoice(state, 'staging'), last({ allBut: ['a@dc1'] }));
  assert.deepEqual(readLastChoice(state, 'live'), last({ only: ['b@dc2'] }));
  assert.equal(readLastChoice(state, 'other'), undefined);
  assert.equal(readLastChoice(state, 'constructor'), undefined);
});

test('what something else has stored is no choice', async () => {
  for (const junk of [EVERYTHING, [], 'x', { staging: EVERYTHING }, { staging: null }]) {
    const state = memento({ lastChoices: junk });
    assert.equal(readLastChoice(state, 'staging'), undefined);
    await rememberChoice(state, 'staging', last({ only: [] }));
    assert.deepEqual(readLastChoice(state, 'staging'), last({ only: [] }));
  }
});

test('what was unticked stays so, and what is new is ticked', () => {
  const again = last(ticksOf(['a', 'b', 'c', 'd'], ['a', 'c', 'd']));
  assert.deepEqual([...tickedAgain(again, ['a', 'b', 'c', 'e'])], ['a', 'c', 'e']);
});

test('a few of many stay those few', () => {
  const again = last(ticksOf(['a', 'b', 'c', 'd'], ['c']));
  assert.deepEqual([...tickedAgain(again, ['a', 'b', 'c', 'e'])], ['c']);
});

test('a node that could not answer and was ticked all the same stays ticked', () => {
  const again = last(ticksOf(['a', 'b'], ['a', 'b', 'failed']));
  assert.deepEqual([...tickedAgain(again, ['a', 'b'])], ['a', 'b', 'failed']);
});
