import './support/useFakeVscode.ts';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, test } from 'node:test';
import type { LogOutputChannel } from 'vscode';
import { setImmediate } from 'node:timers/promises';
import type { ListedRun as ListedRunType } from '../../../src/editor/runs/listedRun.ts';
import type { RunList as RunListType } from '../../../src/editor/runs/runList.ts';
import type { RunEvent } from '../../../src/exec/events/runEvent.ts';
import { Run } from '../../../src/runs/run.ts';
import { exited, sampleInfo, SESSION, started, T0 } from '../runs/sampleRun.ts';
import { fake } from './support/fakeVscode.ts';

const { UserError } = await import('../../../src/editor/base/userError.ts');
const { ListedRun } = await import('../../../src/editor/runs/listedRun.ts');
const { RunFollower } = await import('../../../src/editor/runs/runFollower.ts');
const { RunHistory } = await import('../../../src/editor/runs/runHistory.ts');
const { RunList } = await import('../../../src/editor/runs/runList.ts');
const { RunLoader } = await import('../../../src/editor/runs/runLoader.ts');
const { notifyRunProblems } =
  await import('../../../src/editor/notifications/notifyRunProblems.ts');

const announced: RunEvent = { kind: 'announced', at: T0 + 1, filters: {}, number: 1, of: 1 };
const finished: RunEvent = { kind: 'finished', at: T0 + 9000, end: 'quiet' };

const ignore = () => undefined;
const log = { info: ignore, warn: ignore, error: ignore } as unknown as LogOutputChannel;

/** The services around a list of runs, with the history off. */
async function createServices() {
  const folder = await mkdtemp(join(tmpdir(), 'run-follower-'));
  const history = new RunHistory(folder, log);
  const runs = new RunList(history, log);
  const follower = new RunFollower(runs, new RunLoader(runs, history), history, log);
  return {
    runs,
    follower,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function createRun() {
  const run = new Run(sampleInfo({ targets: ['web-1'] }));
  return { run, listed: new ListedRun(run) };
}

/** Yields events, then throws an error if there is one. */
async function* yielding(
  events: readonly RunEvent[],
  error?: Error,
): AsyncGenerator<RunEvent, void> {
  for (const event of events) yield await Promise.resolve(event);
  if (error) throw error;
}

beforeEach(() => fake.reset());

test('a failed run shows the message of its error once, without the name of the error', async () => {
  await using services = await createServices();
  const { runs, follower } = services;
  const { run, listed } = createRun();
  notifyRunProblems(runs);
  const error = new UserError('Switch to that connection.');
  await follower.follow(listed, () => yielding([started(['web-1']), announced], error));
  assert.equal(run.ledger.end, 'unreachable');
  assert.equal(run.ledger.reason, 'Switch to that connection.');
  assert.deepEqual(fake.notifications, [`${run.info.title}: Switch to that connection.`]);
  assert.deepEqual(runs.all, [listed]);
  assert.equal(listed.isActive, false);
});

test('a run that fails through a bug of ours says so', async () => {
  await using services = await createServices();
  const { run, listed } = createRun();
  const error = new TypeError('x is undefined');
  await services.follower.follow(listed, () => yielding([started(['web-1']), announced], error));
  assert.equal(run.ledger.reason, 'Consul Exec failed unexpectedly: x is undefined');
});

test('a run that fails before it reaches a node is reported and not listed', async () => {
  await using services = await createServices();
  const { runs, follower } = services;
  const { listed } = createRun();
  notifyRunProblems(runs);
  await follower.follow(listed, () => yielding([], new UserError('No session.')));
  assert.deepEqual(fake.notifications, ['No session.']);
  assert.deepEqual(runs.all, []);
});

test('a run is over when it finishes, although its cleanup continues', async () => {
  await using services = await createServices();
  const { runs, follower } = services;
  const { run, listed } = createRun();
  const cleanup = Promise.withResolvers<undefined>();
  async function* events(): AsyncGenerator<RunEvent, void> {
    yield* yielding([started(['web-1']), announced, exited('web-1', 0), finished]);
    await cleanup.promise;
    yield { kind: 'warning', at: T0 + 9500, text: 'Cleanup failed.' };
  }
  await follower.follow(listed, events);
  assert.deepEqual(runs.active, []);
  assert.deepEqual(run.ledger.warnings, []);
  cleanup.resolve(undefined);
  await follower.shutDown();
  assert.deepEqual(run.ledger.warnings, ['Cleanup failed.']);
});

test('a stopped run stays active until it ends', async () => {
  await using services = await createServices();
  const { runs, follower } = services;
  const { listed } = createRun();
  async function* events(signal: AbortSignal): AsyncGenerator<RunEvent, void> {
    yield* yielding([started(['web-1']), announced]);
    if (!signal.aborted) await once(signal, 'abort');
    yield { kind: 'finished', at: T0 + 9000, end: 'stopped' };
  }
  const ended = follower.follow(listed, events);
  assert.deepEqual(runs.active, [listed]);
  assert.equal(listed.isStopping, false);
  let changes = 0;
  runs.onDidChangeList(() => changes++);
  follower.stop(listed);
  follower.stop(listed);
  assert.equal(changes, 1);
  assert.equal(listed.isStopping, true);
  await ended;
  assert.equal(listed.isStopping, false);
  assert.equal(listed.run?.ledger.end, 'stopped');
});

/** Collects a run that gets no response, and presses "Why?" on its notification. */
async function askWhy(beforePress: (runs: RunListType, listed: ListedRunType) => Promise<void>) {
  await using services = await createServices();
  const { runs, follower } = services;
  const { run, listed } = createRun();
  notifyRunProblems(runs);
  fake.press = async () => {
    await beforePress(runs, listed);
    return 'Why?';
  };
  const start = { ...started(['web-1']), fences: true } as RunEvent;
  const fenced: RunEvent = { kind: 'fenced', at: T0 + 8000, session: SESSION, nodes: ['web-1'] };
  await follower.follow(listed, () => yielding([start, announced, fenced, finished]));
  await setImmediate();
  assert.match(fake.notifications[0] ?? '', new RegExp(`^${run.info.title}: No node responded`));
  return listed;
}

test('the button of a run without any response explains that run', async () => {
  const listed = await askWhy(() => Promise.resolve());
  assert.deepEqual(fake.executed, [['consulExec.whyNoResponse', { kind: 'run', listed }]]);
});

test('the button of a run that was deleted meanwhile explains no other run', async () => {
  await askWhy((runs, listed) => runs.delete([listed]));
  assert.deepEqual(fake.executed, []);
  assert.equal(fake.notifications[1], 'This run was deleted.');
});
