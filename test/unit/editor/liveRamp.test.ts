import './support/useFakeVscode.ts';
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LogOutputChannel } from 'vscode';
import type { LiveRamp as LiveRampType, RampHost } from '../../../src/editor/ramp/liveRamp.ts';
import type { SavedRamp } from '../../../src/editor/ramp/savedRamps.ts';
import type { ConfirmedStep, LaunchedStep } from '../../../src/editor/launch/launchStep.ts';
import type { RunEvent } from '../../../src/exec/events/runEvent.ts';
import { Ramp } from '../../../src/exec/ramp/ramp.ts';
import type { RampRule } from '../../../src/exec/ramp/rampRule.ts';
import { Run } from '../../../src/runs/run.ts';
import { sampleInfo, started, T0 } from '../runs/sampleRun.ts';
import { memento } from './support/memento.ts';

const { LiveRamp } = await import('../../../src/editor/ramp/liveRamp.ts');
const { SAVED_RAMPS } = await import('../../../src/editor/ramp/savedRamps.ts');
const { ListedRun } = await import('../../../src/editor/runs/listedRun.ts');
const { PlannedSteps } = await import('../../../src/editor/runs/plannedSteps.ts');
const { RunFollower } = await import('../../../src/editor/runs/runFollower.ts');
const { RunHistory } = await import('../../../src/editor/runs/runHistory.ts');
const { RunList } = await import('../../../src/editor/runs/runList.ts');
const { RunLoader } = await import('../../../src/editor/runs/runLoader.ts');
const { UserError } = await import('../../../src/editor/base/userError.ts');

const ignore = () => undefined;
const log = { info: ignore, warn: ignore, error: ignore } as unknown as LogOutputChannel;
const STEPS = [['a'], ['b', 'c'], ['d']];
const RULE: RampRule = {
  budget: 0,
  counts: { failed: true, noResult: true, different: true },
  pauseMs: 0,
  asks: false,
};

interface Scene {
  /** The output of a node; by default `ok`. It fails if the output is `fail`. */
  readonly outputs?: Readonly<Record<string, string>>;
  readonly rule?: Partial<RampRule>;
  /** Called instead of the checks before a later step. @returns the nodes that are gone */
  readonly check?: (step: ConfirmedStep) => readonly string[] | Promise<readonly string[]>;
}

/** Runs whose nodes respond at once; all else is real. The history is off. */
async function createScene({ outputs = {}, rule = {}, check = () => [] }: Scene = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'live-ramp-'));
  const history = new RunHistory(folder, log);
  const runs = new RunList(history, log);
  const loader = new RunLoader(runs, history);
  const follower = new RunFollower(runs, loader, history, log);
  const steps = new PlannedSteps(memento());
  const launched: string[][] = [];
  const saves: SavedRamp[] = [];
  async function* events(nodes: readonly string[]): AsyncGenerator<RunEvent, void> {
    yield started([...nodes]);
    for (const node of nodes) {
      await sleep(1);
      const output = outputs[node] ?? 'ok';
      yield { kind: 'output', at: T0, node, bytes: Buffer.from(output) };
      yield { kind: 'exited', at: T0, node, code: output === 'fail' ? 1 : 0 };
    }
    yield { kind: 'finished', at: T0, end: 'complete' };
  }
  const run = (nodes: readonly string[]) => {
    launched.push([...nodes]);
    const id = `00000000-0000-4000-8000-00000000000${launched.length}`;
    const listed = new ListedRun(new Run(sampleInfo({ id, targets: nodes })));
    return { listed, ended: follower.follow(listed, () => events(nodes)) };
  };
  const host: RampHost = {
    runs,
    loader,
    steps,
    history,
    log,
    launch: async (step): Promise<LaunchedStep | undefined> => {
      const skipped = await check(step);
      if (!(await step.commit())) return undefined;
      const nodes = step.labels.filter((label) => !skipped.includes(label));
      return { started: nodes.length > 0 ? run(nodes) : undefined, skipped };
    },
    changed: (live) => {
      saves.push(live.saved);
      return Promise.resolve();
    },
    ticked: ignore,
  };
  const ramp = new Ramp(STEPS, { ...RULE, ...rule });
  const saved: SavedRamp = {
    record: ramp.record,
    runs: [],
    place: { name: 'test', address: 'localhost:8500', profile: '{}' },
    settings: { prefix: '_rexec', quietMs: 2000, replicationWaitMs: 0 },
    datacenters: ['dc1'],
    ignored: {},
    reference: [],
  };
  const live: LiveRampType = new LiveRamp(saved, ramp, host);
  runs.onDidChange(({ run: changed, event }) => live.handle(changed, event));
  await live.begin(run(STEPS[0] ?? []).listed);
  return {
    live,
    host,
    steps,
    launched,
    saves,
    [Symbol.asyncDispose]: async () => {
      live.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until the ramp no longer runs a step on its own. */
async function settled({ ramp }: LiveRampType): Promise<void> {
  for (let turn = 0; turn < 200; turn++) {
    await sleep(5);
    const { kind } = ramp.phase;
    if (!ramp.isRunning && (kind === 'held' || kind === 'ended')) return;
  }
  assert.fail(`still ${JSON.stringify(ramp.phase)}`);
}

test('each step is a run that knows the others', async () => {
  await using scene = await createScene();
  const { live, launched, steps } = scene;
  await settled(live);
  assert.deepEqual(live.ramp.phase, { kind: 'ended', end: 'done' });
  assert.deepEqual(launched, STEPS);
  const [, second = '', third = ''] = live.runs;
  assert.deepEqual(steps.of(second)?.later, [['d']]);
  assert.equal(steps.of(second)?.next, third);
  assert.deepEqual(steps.of(third)?.earlier, live.runs.slice(0, 2));
});

test('other output than in the first step counts, and so does a failure', async () => {
  for (const c of ['other', 'fail']) {
    await using scene = await createScene({ outputs: { c } });
    await settled(scene.live);
    assert.deepEqual(scene.live.ramp.phase, { kind: 'ended', end: 'budget' });
    assert.deepEqual(scene.launched, [['a'], ['b', 'c']]);
    assert.deepEqual(scene.live.ramp.waiting, ['d']);
  }
  await using lenient = await createScene({ outputs: { c: 'other' }, rule: { budget: 1 } });
  await settled(lenient.live);
  assert.equal(lenient.launched.length, 3);
});

test('the first node is the one that differs: the next step stops the steps', async () => {
  await using scene = await createScene({ outputs: { a: 'old' }, rule: { budget: 1 } });
  await settled(scene.live);
  assert.equal(scene.live.ramp.spent, 2);
  assert.deepEqual(scene.launched, [['a'], ['b', 'c']]);
});

test('nodes that are gone are skipped; a step can be without any', async () => {
  await using scene = await createScene({ check: () => ['b', 'd'] });
  await settled(scene.live);
  assert.deepEqual(scene.live.ramp.phase, { kind: 'ended', end: 'done' });
  assert.deepEqual(scene.launched, [['a'], ['c']]);
  assert.deepEqual(scene.live.ramp.skipped, ['b', 'd']);
  assert.equal(scene.live.current, undefined);
});

test('a check that fails pauses with its message; the step can be tried again, once', async () => {
  let fails = true;
  const check = () => {
    if (fails) throw new UserError('The token was revoked.');
    return [];
  };
  await using scene = await createScene({ check });
  await settled(scene.live);
  const hold = { why: 'problem', problem: 'The token was revoked.' };
  assert.deepEqual(scene.live.ramp.phase, { kind: 'held', hold });
  fails = false;
  scene.live.send({ kind: 'continue' });
  scene.live.send({ kind: 'continue' });
  await settled(scene.live);
  assert.deepEqual(scene.launched, STEPS);
});

test('Pause and Stop while a step is being checked: it does not start', async () => {
  for (const kind of ['pause', 'stop'] as const) {
    const checked = Promise.withResolvers<readonly string[]>();
    await using scene = await createScene({ check: () => checked.promise });
    const { live } = scene;
    while (live.ramp.step < 2) await sleep(2);
    live.send({ kind });
    checked.resolve([]);
    await settled(live);
    assert.deepEqual(scene.launched, [['a']]);
    assert.equal(live.ramp.phase.kind, kind === 'pause' ? 'held' : 'ended');
  }
});

test('a closed window starts nothing', async () => {
  const checked = Promise.withResolvers<readonly string[]>();
  await using scene = await createScene({ check: () => checked.promise });
  while (scene.live.ramp.step < 2) await sleep(2);
  scene.live.dispose();
  checked.resolve([]);
  await sleep(20);
  assert.deepEqual(scene.launched, [['a']]);
  await using pausing = await createScene({ rule: { pauseMs: 20 } });
  while (pausing.live.ramp.phase.kind !== 'pausing') await sleep(2);
  pausing.live.dispose();
  await sleep(60);
  assert.deepEqual(pausing.launched, [['a']]);
});

test('what is saved before a step starts makes it start once at most', async () => {
  await using scene = await createScene();
  await settled(scene.live);
  for (const saved of scene.saves) {
    const state = memento();
    await SAVED_RAMPS.write(state, [saved]);
    const [read] = SAVED_RAMPS.read(state);
    assert.ok(read);
    const restored = Ramp.restore(read.record);
    assert.notEqual(restored.phase.kind, 'running');
    const again = new LiveRamp(read, restored, scene.host);
    const before = scene.launched.length;
    if (restored.phase.kind === 'ended') again.send({ kind: 'continue' });
    await sleep(2);
    assert.equal(scene.launched.length, before);
    again.dispose();
  }
  assert.ok(scene.saves.some(({ record }) => record.current === 'starting'));
});
