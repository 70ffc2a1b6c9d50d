import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { History } from '../../src/runs/history/history.ts';
import type { Run } from '../../src/runs/run.ts';
import { sampleEvents, sampleInfo } from '../unit/runs/sampleRun.ts';
import { eventually } from './support/eventually.ts';
import { editorSession, type Session } from './support/session.ts';

/** This process is the other window: it shares the folder of runs, and what it claims is claimed. */
const scenario = editorSession({ name: 'other-windows', clients: 1 });

function runsFolder({ vscode }: Session): string {
  const storage = join(vscode.serverDataDir, 'data', 'User', 'globalStorage');
  return join(storage, 'consul-exec.consul-exec', 'runs');
}

/** Begins a run through a connection that this window does not have. */
async function beginElsewhere(history: History, title: string): Promise<Run> {
  const connection = 'one that was removed';
  const facts = { id: randomUUID(), title, connection, createdAt: Date.now() };
  const run = await history.create(sampleInfo(facts));
  for (const event of sampleEvents().slice(0, 14)) run.apply(event);
  await run.flushed();
  return run;
}

async function reopen(session: Session): Promise<void> {
  await session.reload();
  await session.runs.open();
}

scenario('what another window collects is looked at until it is over', async (session) => {
  const { workbench, runs } = session;
  const history = new History(runsFolder(session));
  const run = await beginElsewhere(history, 'elsewhere');
  await reopen(session);
  await runs.until('elsewhere', ({ words }) => assert.match(words, /^active in another window/));
  await workbench.tree.click('elsewhere');
  await workbench.page.keyboard.press('Delete');
  await workbench.notification(`"elsewhere" is active in another window, so it isn't deleted.`);
  for (const event of sampleEvents().slice(14)) run.apply(event);
  await history.finish(run);
  await runs.until(
    'elsewhere',
    ({ words }) => assert.match(words, /^2 failed · 1 lost · 1 no response · 3 ok/),
    60_000,
  );
  await workbench.tree.expand('elsewhere');
  await workbench.tree.waitFor('stranger-1');
});

scenario(
  'a run that another window begins appears, and goes when it is deleted there',
  async (s) => {
    const { runs } = s;
    const history = new History(runsFolder(s));
    await runs.open();
    const run = await beginElsewhere(history, 'news');
    await runs.until('news', ({ words }) => assert.match(words, /^active in another window/));
    assert.equal((await runs.all())[0]?.label, 'news');
    for (const event of sampleEvents().slice(14)) run.apply(event);
    await history.finish(run);
    await runs.until(
      'news',
      ({ words }) => assert.match(words, /^2 failed · 1 lost · 1 no response · 3 ok/),
      60_000,
    );
    await history.delete(run.info.id);
    await eventually(async () => {
      assert.ok(!(await runs.all()).some(({ label }) => label === 'news'));
    });
  },
);

scenario('a run that nobody collects is interrupted: it can be named and exported', async (s) => {
  const { workbench, runs } = s;
  const history = new History(runsFolder(s));
  const run = await beginElsewhere(history, 'left');
  await history.suspend(run);
  await reopen(s);
  await runs.until('left', ({ words }) => assert.match(words, /^interrupted/));
  await workbench.tree.expand('left');
  await workbench.tree.waitFor(/db-2.*lost contact .* ago; may still be running/);
  await workbench.tree.waitFor(/cache-1.*not known whether it ran/);
  await s.screenshot('interrupted');
  await workbench.rename('left', 'Rename Run', 'broken off');
  await runs.until('broken off', ({ words }) => assert.match(words, /^interrupted/));
  await workbench.tree.contextMenu('broken off', 'Copy Run as Markdown');
  await eventually(async () => {
    const text = await workbench.page.evaluate<string>('navigator.clipboard.readText()');
    assert.match(text, /The run was interrupted: the window collecting its output closed/);
    assert.match(text, /all quiet, "really"/);
  });
});

scenario('an interrupted run can be deleted', async (session) => {
  const { workbench, runs } = session;
  await workbench.tree.click('broken off');
  await workbench.page.keyboard.press('Delete');
  await eventually(async () => {
    assert.ok(!(await runs.all()).some(({ label }) => label === 'broken off'));
    const records = await Promise.all(
      (await readdir(runsFolder(session))).map((id) =>
        readFile(join(runsFolder(session), id, 'run.json'), 'utf8'),
      ),
    );
    assert.ok(records.every((record) => !record.includes('"title":"left"')));
    // Its files stay for as long as the removal can be undone.
  }, 60_000);
});
