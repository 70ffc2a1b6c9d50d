import assert from 'node:assert/strict';
import { clearRuns } from './support/clearRuns.ts';
import { eventually } from './support/eventually.ts';
import { assertNothingWritten } from './support/leftovers.ts';
import type { DrawnRun } from './support/runList.ts';
import { editorSession, type Session } from './support/session.ts';
import { useConnection } from './support/useConnection.ts';

const scenario = editorSession({
  name: 'run-again',
  // web-04 is the seventh: it takes no part in remote exec.
  clients: 7,
  files: { 'check.sh': 'echo "checked $NODE_NAME"\n[ "$NODE_NAME" != web-02 ] || exit 7\n' },
  settings: { 'consulExec.wait': '5s' },
});

/** A run on web of which web-02 failed and web-04 did not respond, alone in the list. */
async function startAnew(session: Session): Promise<DrawnRun> {
  const { workbench, picks, runs } = session;
  await clearRuns(session);
  await workbench.openFile('check.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'web' });
  const run = await runs.ended('check.sh');
  assert.match(run.words, /^1 failed · 1 no response · 2 ok/);
  return run;
}

/** Waits for the review, which must show just these nodes, runs, and gives the second run. */
async function reviewAndRun({ picks, runs }: Session, nodes: readonly string[]): Promise<DrawnRun> {
  await picks.untilSelected(nodes);
  await picks.start();
  await eventually(async () => assert.equal((await runs.all()).length, 2));
  const run = await runs.ended('check.sh');
  assert.deepEqual([...run.nodes.keys()].toSorted(), nodes);
  return run;
}

scenario('again on the failed runs on those alone', async (session) => {
  await startAnew(session);
  await session.workbench.tree.contextMenu('check.sh', 'Run Again on Failed Nodes…');
  const again = await reviewAndRun(session, ['web-02']);
  assert.match(again.nodes.get('web-02') ?? '', /^exited 7 after /);
});

scenario(
  'again on nodes with no response: a run without responses fails and says why',
  async (session) => {
    await startAnew(session);
    const { workbench } = session;
    await workbench.tree.contextMenu('check.sh', 'Run Again on Nodes with No Response…');
    const again = await reviewAndRun(session, ['web-04']);
    assert.match(again.words, /^no response from any node · 1 no response/);
    assert.equal(again.nodes.get('web-04'), 'no response');
    const toast = await workbench.notification(
      /No node responded, so the job didn't run\..*remote exec/s,
    );
    await toast.getByRole('button', { name: 'Why?' }).waitFor();
    await session.screenshot('nobody-answered');
  },
);

scenario('again on the rows that are selected', async (session) => {
  await startAnew(session);
  const { workbench } = session;
  await workbench.tree.click('web-01');
  await workbench.tree.row('web-03').click({ modifiers: ['Control'] });
  await workbench.tree.contextMenu('web-03', 'Run Again on These Nodes…');
  const again = await reviewAndRun(session, ['web-01', 'web-03']);
  assert.match(again.words, /^2 ok/);
});

scenario('again on all of them begins at the review', async (session) => {
  await startAnew(session);
  await session.workbench.tree.contextMenu('check.sh', 'Run Again…');
  await reviewAndRun(session, ['web-01', 'web-02', 'web-03', 'web-04']);
});

scenario('again on other nodes begins at the first step', async (session) => {
  await startAnew(session);
  const { workbench, picks, runs } = session;
  await workbench.tree.contextMenu('check.sh', 'Run Again on Other Nodes…');
  await picks.run({ service: 'cache' });
  await eventually(async () => assert.equal((await runs.all()).length, 2));
  const again = await runs.ended('check.sh');
  assert.deepEqual([...again.nodes.keys()], ['cache-01']);
});

scenario('again goes nowhere but through the connection the run was made through', async (s) => {
  const { workbench, picks, runs, fleet } = s;
  const { quickPick, dialog } = workbench;
  // Two names for one fleet: the worst case, all node names are the same.
  await s.changeSettings({
    'consulExec.wait': '5s',
    'consulExec.connections': [
      { name: 'staging', address: fleet.address },
      { name: 'live', address: fleet.address },
    ],
  });
  await useConnection(s, 'staging');
  await startAnew(s);
  await useConnection(s, 'live');
  await assertNothingWritten(fleet.address, async () => {
    await workbench.tree.contextMenu('check.sh', 'Run Again…');
    await dialog.waitFor(/used the connection "staging", but "live" is active/);
    await s.screenshot('other-connection');
    await dialog.press('Cancel');
    assert.equal(await quickPick.isOpen(), false);
    assert.equal((await runs.all()).length, 1);
  });
  await workbench.tree.contextMenu('check.sh', 'Run Again on Failed Nodes…');
  await dialog.waitFor(/used the connection "staging"/);
  await dialog.press('Switch to staging');
  await picks.waitFor('review');
  assert.match(await quickPick.title(), /^Run on 1 node — dc1 · staging/);
  await reviewAndRun(s, ['web-02']);
  assert.match((await workbench.statusBar()).join(' | '), /staging/);
  // And not at all once its connection is gone.
  await s.changeSettings({
    'consulExec.wait': '5s',
    'consulExec.connections': [{ name: 'live', address: fleet.address }],
  });
  await runs.open();
  await useConnection(s, 'live');
  await workbench.tree.contextMenu('check.sh', 'Run Again…');
  await workbench.notification(/used the connection "staging", which no longer exists/);
});
