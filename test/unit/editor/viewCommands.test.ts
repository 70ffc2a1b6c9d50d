import './support/useFakeVscode.ts';
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { LogOutputChannel } from 'vscode';
import { contextValue } from '../../../src/editor/runsView/contextValue.ts';
import { fake } from './support/fakeVscode.ts';
import { memento } from './support/memento.ts';

const { registerViewCommands } = await import('../../../src/editor/runsView/viewCommands.ts');
const { RunsViewOptions } = await import('../../../src/editor/runsView/viewOptions.ts');
const { groupedLabel } = await import('../../../src/editor/runsView/viewLabels.ts');
const { isRunElement } = await import('../../../src/editor/runsView/runElements.ts');

beforeEach(() => fake.reset());

test('a key binding can name the grouping; anything else asks', async () => {
  const options = new RunsViewOptions(memento());
  const commands = registerViewCommands(options, {} as LogOutputChannel);
  const groupBy = fake.handlers.get('consulExec.groupBy');
  await groupBy?.('output');
  assert.equal(options.mode, 'output');
  await groupBy?.('status');
  assert.equal(options.mode, 'status');
  assert.equal(fake.picks, 0);
  for (const [index, argument] of [undefined, 'weather', 3, {}].entries()) {
    await groupBy?.(argument);
    assert.equal(fake.picks, index + 1);
    assert.equal(options.mode, 'status');
  }
  commands.dispose();
});

test('the view says how it groups, and nothing where it does not', () => {
  assert.equal(groupedLabel('node', { ownName: true }), '');
  assert.equal(groupedLabel('status', { ownName: true }), 'Grouped by status');
  assert.equal(groupedLabel('service', {}), 'Grouped by service');
  assert.equal(groupedLabel('output', {}), 'Grouped by identical output');
  assert.equal(groupedLabel('output', { ownName: true }), "Grouped ignoring the node's own name");
});

test('only rows of the tree are rows', () => {
  for (const value of [undefined, null, 'run', {}, { kind: 'run', listed: undefined }]) {
    assert.equal(isRunElement(value), false);
  }
  assert.equal(isRunElement({ kind: 'run', listed: { id: '1' } }), false);
});

test('the context value of a row names what menus depend on', () => {
  assert.equal(contextValue({ kind: 'run', state: 'active', hasFile: false }), 'run active');
  assert.equal(
    contextValue({ kind: 'run', state: 'elsewhere', hasFile: true }),
    'run elsewhere file',
  );
  const over = { kind: 'run', state: 'over', hasFile: false } as const;
  assert.equal(
    contextValue({ ...over, pinned: true, statuses: ['failed', 'lost'], hasNextStep: true }),
    'run over pinned failed lost nextStep',
  );
  assert.equal(
    contextValue({ ...over, pinned: false, statuses: ['ok'], hasNextStep: false }),
    'run over unpinned ok',
  );
  assert.equal(
    contextValue({ kind: 'run', state: 'active', ramp: 'going', hasFile: false }),
    'run active stepsGoing',
  );
  assert.equal(
    contextValue({ ...over, pinned: false, statuses: ['ok'], hasNextStep: false, ramp: 'held' }),
    'run over unpinned ok stepsHeld',
  );
  assert.equal(contextValue({ kind: 'group', output: 'none', atWork: false }), 'group');
  assert.equal(
    contextValue({ kind: 'group', output: 'comparable', atWork: false }),
    'group output',
  );
  assert.equal(
    contextValue({ kind: 'group', output: 'differs', atWork: false }),
    'group output differs',
  );
  assert.equal(contextValue({ kind: 'node', status: 'lost', hasOutput: true }), 'node lost output');
  assert.equal(contextValue({ kind: 'node', status: 'ok', hasOutput: false }), 'node ok');
});
