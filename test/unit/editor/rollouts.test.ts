import './support/useFakeVscode.ts';
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import type { LogOutputChannel } from 'vscode';
import type { Rollouts as RolloutsType } from '../../../src/editor/rollout/rollouts.ts';
import type { ListedRun as ListedRunType } from '../../../src/editor/runs/listedRun.ts';
import type { PlannedSteps as PlannedStepsType } from '../../../src/editor/runs/plannedSteps.ts';
import type { RunList as RunListType } from '../../../src/editor/runs/runList.ts';
import { Run } from '../../../src/runs/run.ts';
import { type TemporaryFolder, temporaryFolder } from '../../setup/temporaryFolder.ts';
import { exited, sampleInfo, started, T0 } from '../runs/sampleRun.ts';
import { fake } from './support/fakeVscode.ts';
import { memento } from './support/memento.ts';

const { Rollout } = await import('../../../src/editor/rollout/rollout.ts');
const { Rollouts } = await import('../../../src/editor/rollout/rollouts.ts');
const { ListedRun } = await import('../../../src/editor/runs/listedRun.ts');
const { PlannedSteps } = await import('../../../src/editor/runs/plannedSteps.ts');
const { RunHistory } = await import('../../../src/editor/runs/runHistory.ts');
const { RunList } = await import('../../../src/editor/runs/runList.ts');
const { runAgainOnAll } = await import('../../../src/editor/launch/rerunOn.ts');
const { removeRuns, restoreRun } = await import('../../../src/editor/runsView/removeRuns.ts');

const ignore = () => undefined;
const log = { info: ignore, warn: ignore, error: ignore } as unknown as LogOutputChannel;

describe('runs in steps', () => {
  let folder: TemporaryFolder;
  let runs: RunListType;
  let steps: PlannedStepsType;
  let rollouts: RolloutsType;
  let minute = 0;
  beforeEach(() => {
    fake.reset();
    folder = temporaryFolder('rollouts');
    runs = new RunList(new RunHistory(join(folder.path, 'runs'), log), log);
    steps = new PlannedSteps(memento());
    rollouts = new Rollouts({ runs, steps });
  });
  afterEach(() => folder.remove());

  /** A run that is over, newer than those before, as a step after others if they are given. */
  async function add(
    earlier?: readonly ListedRunType[],
    targets: readonly string[] = ['a'],
    datacenters: readonly string[] = ['dc1'],
  ): Promise<ListedRunType> {
    const createdAt = T0 + 60_000 * minute++;
    const run = new Run(sampleInfo({ id: randomUUID(), targets, datacenters, createdAt }));
    run.apply(started(targets));
    for (const node of targets) run.apply(exited(node, 0));
    run.apply({ kind: 'finished', at: T0 + 500, end: 'complete' });
    const listed = new ListedRun(run);
    runs.addFirst(listed);
    if (earlier) {
      const ids = earlier.map(({ id }) => id);
      const step = { step: ids.length + 1, of: 3, later: [], earlier: ids };
      await steps.add(listed.id, step, (id) => runs.isKnown(id));
      runs.notifyChanged();
    }
    return listed;
  }

  test('are one row, where the latest step is, and stay the same row with more steps', async () => {
    const first = await add([]);
    const other = await add();
    assert.deepEqual(rollouts.rows, [other, first]);
    const second = await add([first]);
    const [rollout, ...rest] = rollouts.rows;
    assert.ok(rollout instanceof Rollout);
    assert.deepEqual(rest, [other]);
    assert.deepEqual(rollout.runs, [second, first]);
    assert.equal(rollout.listed, second);
    const third = await add([first, second]);
    assert.equal(rollouts.rows[0], rollout);
    assert.deepEqual(rollout.runs, [third, second, first]);
    assert.equal(rollouts.of(first), rollout);
    assert.equal(rollouts.of(other), undefined);
  });

  test('are one row also when the run of the first step was removed', async () => {
    const first = await add([]);
    const second = await add([first]);
    const third = await add([first, second]);
    const rollout = rollouts.of(third);
    await runs.removeForNow(first);
    assert.deepEqual(rollouts.rows, [rollout]);
    await runs.removeForNow(second);
    assert.deepEqual(rollouts.rows, [third]);
    runs.restore(second);
    assert.deepEqual(rollouts.of(third)?.runs, [third, second]);
  });

  test('are removed together, and restored together', async () => {
    const first = await add([]);
    const second = await add([first]);
    const other = await add();
    fake.press = () => Promise.resolve('Undo');
    await removeRuns(runs, [second, first], true);
    assert.deepEqual(fake.notifications, [`Removed "${first.info.title}" with 2 steps.`]);
    assert.deepEqual(runs.all, [other, second, first]);
    fake.press = () => Promise.resolve(undefined);
    await removeRuns(runs, [second, first], true);
    assert.deepEqual(runs.all, [other]);
    restoreRun(runs);
    assert.deepEqual(runs.all, [other, second, first]);
  });

  test('stay in the list while one of their steps is active', async () => {
    const first = await add([]);
    const second = await add([first]);
    second.markActive();
    await assert.rejects(removeRuns(runs, [second, first], true), /is still active/);
    assert.deepEqual(runs.all, [second, first]);
  });

  test('run again on the nodes of all steps, also in different datacenters', async () => {
    const first = await add([], ['a', 'b'], ['dc1']);
    const second = await add([first], ['a@dc2', 'c@dc1'], ['dc1', 'dc2']);
    const open = [second, first].map(({ run }) => run).filter((run) => run !== undefined);
    const { selected, datacenters, mayHaveRun } = runAgainOnAll(open);
    assert.deepEqual(datacenters, ['dc1', 'dc2']);
    assert.deepEqual(selected, { only: ['a@dc2', 'c@dc1', 'a@dc1', 'b@dc1'] });
    assert.deepEqual(mayHaveRun, []);
  });
});
