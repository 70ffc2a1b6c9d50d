import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { History } from '../../src/runs/history/history.ts';
import { sampleEvents, sampleInfo } from '../unit/runs/sampleRun.ts';
import { eventually } from './support/eventually.ts';
import { editorSession, type Session } from './support/session.ts';
import { writeMachineSettings } from './support/settings.ts';

const scenario = editorSession({ name: 'limits', clients: 1 });

const DAY_MS = 24 * 60 * 60_000;

function historyOf({ vscode }: Session): History {
  const storage = join(vscode.serverDataDir, 'data', 'User', 'globalStorage');
  return new History(join(storage, 'consul-exec.consul-exec', 'runs'));
}

async function addRun(history: History, title: string, days: number): Promise<void> {
  const createdAt = Date.now() - days * DAY_MS;
  const run = await history.create(sampleInfo({ id: randomUUID(), title, createdAt }));
  for (const event of sampleEvents()) run.apply(event);
  await history.finish(run);
}

async function assertRemaining(session: Session, remaining: readonly string[]): Promise<void> {
  await eventually(async () => {
    const titles = (await session.runs.all()).map(({ label }) => label);
    assert.deepEqual(titles, remaining);
    const { entries } = await historyOf(session).list();
    assert.deepEqual(
      entries.map(({ info }) => info.title),
      remaining,
    );
  }, 30_000);
}

scenario('runs that are too old are deleted when the window opens', async (session) => {
  const history = historyOf(session);
  for (const days of [1, 2, 3, 31]) await addRun(history, `${days} days old`, days);
  await session.reload();
  await session.runs.open();
  await assertRemaining(session, ['1 days old', '2 days old', '3 days old']);
});

scenario('a changed limit applies soon, but spares active runs', async (session) => {
  const history = historyOf(session);
  const active = await history.create(
    sampleInfo({ id: randomUUID(), title: 'active', createdAt: Date.now() - 2.5 * DAY_MS }),
  );
  await session.reload();
  await session.runs.open();
  await assertRemaining(session, ['1 days old', '2 days old', 'active', '3 days old']);
  await writeMachineSettings(session.vscode.serverDataDir, { 'consulExec.history.maxRuns': 2 });
  await assertRemaining(session, ['1 days old', 'active']);
  await history.suspend(active);
});
