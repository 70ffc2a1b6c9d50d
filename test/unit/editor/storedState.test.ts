import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { StateKey } from '../../../src/editor/base/stateKey.ts';
import { KnownDatacenters } from '../../../src/editor/connections/knownDatacenters.ts';
import { lastValues, rememberValues } from '../../../src/editor/parameters/valueMemory.ts';
import { PlannedSteps } from '../../../src/editor/runs/plannedSteps.ts';
import { CommandHistory } from '../../../src/editor/typedCommand/commandHistory.ts';
import { GROUP_MODE, IGNORED_DIFFERENCES } from '../../../src/editor/runsView/viewOptionKeys.ts';
import { memento } from './support/memento.ts';

const JUNK: readonly unknown[] = [null, 0, true, '', 'x', [], [1], [['a']], {}, { a: 1 }];

test('a value is read as it was written, and as the fallback before that', async () => {
  const key = new StateKey('key', v.array(v.string()), ['fallback']);
  const state = memento();
  assert.deepEqual(key.read(state), ['fallback']);
  await key.write(state, ['a', 'b']);
  assert.deepEqual(key.read(state), ['a', 'b']);
  assert.deepEqual(key.read(memento({ key: 'not a list' })), ['fallback']);
});

test('the history of commands has the last twenty, without those that begin with a space', async () => {
  for (const junk of JUNK) {
    if (junk instanceof Array && junk.every((one) => typeof one === 'string')) continue;
    assert.deepEqual(new CommandHistory(memento({ typedCommands: junk })).all, []);
  }
  const history = new CommandHistory(memento());
  for (let i = 1; i <= 22; i++) await history.add(`echo ${i}`);
  await history.add('echo 7');
  await history.add(' echo secret');
  assert.equal(history.all.length, 20);
  assert.deepEqual(history.all.slice(0, 2), ['echo 7', 'echo 22']);
  await history.remove('echo 7');
  assert.equal(history.all[0], 'echo 22');
});

test("a file's values of parameters are added to, for the last hundred files", async () => {
  for (const junk of JUNK) {
    assert.deepEqual(lastValues(memento({ parameterValues: junk }), 'file:///a.sh'), []);
  }
  const state = memento();
  const value = (name: string, text: string) => ({ name, value: text });
  await rememberValues(state, 'file:///a.sh', [value('version', '1'), value('stage', 'test')]);
  await rememberValues(state, 'file:///a.sh', [value('version', '2')]);
  assert.deepEqual(lastValues(state, 'file:///a.sh'), [
    value('stage', 'test'),
    value('version', '2'),
  ]);
  assert.deepEqual(lastValues(state, 'file:///b.sh'), []);
  await rememberValues(state, 'file:///a.sh', [value('stage', 'x'.repeat(10_001))]);
  assert.deepEqual(lastValues(state, 'file:///a.sh'), [value('version', '2')]);
  for (let i = 0; i < 100; i++) await rememberValues(state, `file:///${i}.sh`, []);
  assert.deepEqual(lastValues(state, 'file:///a.sh'), []);
});

test('an unknown stored grouping reads as no grouping', () => {
  assert.equal(GROUP_MODE.read(memento()), 'node');
  assert.equal(GROUP_MODE.read(memento({ groupMode: 'service' })), 'service');
  assert.equal(GROUP_MODE.read(memento({ groupMode: 'weather' })), 'node');
  for (const junk of JUNK) assert.equal(GROUP_MODE.read(memento({ groupMode: junk })), 'node');
});

test('the grouping by status is read under its former name', () => {
  assert.equal(GROUP_MODE.read(memento({ groupMode: 'state' })), 'status');
});

test('ignored differences that this version does not know are not ignored', () => {
  const read = (stored: unknown) =>
    IGNORED_DIFFERENCES.read(memento({ ignoredDifferences: stored }));
  assert.deepEqual(read({ ownName: true, timestamps: false }), {
    ownName: true,
    timestamps: false,
  });
  assert.deepEqual(read({ ownName: true, weather: true }), { ownName: true });
  assert.deepEqual(read({ ownName: 'yes' }), {});
  for (const junk of JUNK) assert.deepEqual(read(junk), {});
});

test('steps and datacenters that cannot be read are none', async () => {
  for (const junk of JUNK) {
    const steps = new PlannedSteps(memento({ steps: junk }));
    assert.equal(steps.of('run'), undefined);
    assert.equal(steps.of('constructor'), undefined);
    const step = { step: 1, of: 2, later: [['web-2']], earlier: [] };
    await steps.add('run', step, () => true);
    assert.deepEqual(steps.of('run'), step);

    const datacenters = new KnownDatacenters(memento({ datacenters: junk }));
    assert.equal(datacenters.get('staging', 'http://127.0.0.1:8500'), undefined);
    assert.ok(await datacenters.remember('staging', 'http://127.0.0.1:8500', 'dc1'));
    assert.equal(datacenters.get('staging', 'http://127.0.0.1:8500'), 'dc1');
  }
});

test('a step knows the run of the next step', async () => {
  const steps = new PlannedSteps(memento());
  await steps.add('first', { step: 1, of: 2, later: [['web-2']], earlier: [] }, () => true);
  await steps.add('second', { step: 2, of: 2, later: [], earlier: ['first'] }, () => true);
  assert.equal(steps.of('first')?.next, 'second');
  await steps.add('other', { step: 1, of: 2, later: [], earlier: [] }, (id) => id !== 'first');
  assert.equal(steps.of('first'), undefined);
});
