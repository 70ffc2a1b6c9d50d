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

async function keep(history: History, title: string, days: number): Promise<void> {
  const createdAt = Date.now() - days * DAY_MS;
  const run = await history.create(sampleInfo({ id: randomUUID(), title, createdAt }));
  for (const event of sampleEvents()) run.apply(event);
  await history.finish(run);
}

async function assertLeft(session: Session, left: readonly string[]): Promise<void> {
  await eventually(async () => {
    const titles = (await session.runs.all()).map(({ label }) => label);
    assert.deepEqual(titles, left);
    const { entries } = await historyOf(session).list();
    assert.deepEqual(
      entries.map(({ info }) => info.title),
      left,
    );
  }, 30_000);
}

scenario('what has become too old goes when the window opens', async (session) => {
  const history = historyOf(session);
  for (const days of [1, 2, 3, 31]) await keep(history, `${days} days old`, days);
  await session.reload();
  await session.runs.open();
  await assertLeft(session, ['1 days old', '2 days old', '3 days old']);
});

scenario('a limit that changes holds soon after, but spares what is going on', async (session) => {
  const history = historyOf(session);
  const going = await history.create(
    sampleInfo({ id: randomUUID(), title: 'going on', createdAt: Date.now() - 2.5 * DAY_MS }),
  );
  await session.reload();
  await session.runs.open();
  await assertLeft(session, ['1 days old', '2 days old', 'going on', '3 days old']);
  await writeMachineSettings(session.vscode.serverDataDir, { 'consulExec.history.maxRuns': 2 });
  await assertLeft(session, ['1 days old', 'going on']);
  await history.suspend(going);
});
