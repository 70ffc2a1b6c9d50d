import assert from 'node:assert/strict';
import { assertNothingWritten } from './support/leftovers.ts';
import { eventually } from './support/eventually.ts';
import { editorSession, type Session } from './support/session.ts';
import { useConnection } from './support/useConnection.ts';

const scenario = editorSession({
  name: 'confirm',
  files: { 'restart.sh': '#!/bin/sh\n# Restarts what has to be restarted.\necho "restarting"\n' },
  settings: { 'consulExec.confirmAbove': 0, 'consulExec.wait': '5s' },
  prepare: ({ address }) =>
    Promise.resolve({
      settings: { 'consulExec.connections': [{ name: 'live', address, production: true }] },
    }),
});

async function toReview({ workbench, picks, runs }: Session, service: string): Promise<void> {
  await runs.open();
  await workbench.openFile('restart.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.toReview({ service });
}

/** On production, where the row of the review is confirmed as well. */
async function untilAsked(session: Session): Promise<void> {
  await toReview(session, 'web');
  await session.picks.start();
  await session.workbench.dialog.waitFor(/Run on 3 nodes in dc1 · live \(production\)\?/);
}

scenario('the question names how many, where, what and who', async (session) => {
  const { workbench, fleet, runs, picks } = session;
  await useConnection(session, 'live');
  await assertNothingWritten(fleet.address, async () => {
    await untilAsked(session);
    await session.screenshot('question');
    const text = await workbench.dialog.text();
    assert.match(text, /echo "restarting"/);
    assert.match(text, /web-01, web-02, web-03/);
    assert.deepEqual((await workbench.dialog.buttons()).sort(), ['Cancel', 'Run on 3 nodes']);
    await workbench.dialog.press('Cancel');
    // The review is back, with everything as it was.
    await picks.untilSelected(['web-01', 'web-02', 'web-03']);
    await picks.leave();
    await runs.open();
    assert.deepEqual(await runs.all(), []);
  });
});

scenario('Escape is a no as well', async (session) => {
  const { workbench, fleet, runs, picks } = session;
  await assertNothingWritten(fleet.address, async () => {
    await untilAsked(session);
    await workbench.page.keyboard.press('Escape');
    await workbench.dialog.box.waitFor({ state: 'hidden' });
    await picks.leave();
    await runs.open();
    assert.deepEqual(await runs.all(), []);
  });
});

scenario('the button that says what happens makes it happen', async (session) => {
  await untilAsked(session);
  await session.workbench.dialog.press('Run on 3 nodes');
  await session.runs.open();
  const run = await session.runs.ended('restart.sh');
  assert.deepEqual([...run.nodes.keys()].sort(), ['web-01', 'web-02', 'web-03']);
  assert.match(run.words, /^3 ok/);
});

scenario('above the limit, the review is a view, and its row is the confirmation', async (s) => {
  const { workbench, picks, runs } = s;
  await useConnection(s, 'Environment');
  await toReview(s, 'db');
  await picks.view.says(/^Run on 1 node dc1/);
  await picks.start();
  assert.equal(await workbench.dialog.isOpen(), false);
  await runs.open();
  // An earlier run has the same title.
  await eventually(async () => {
    const run = await runs.ended('restart.sh');
    assert.deepEqual([...run.nodes.keys()], ['db-01']);
  }, 30_000);
});

scenario('in the quick pick, a question asks instead', async (session) => {
  const { workbench, picks, fleet } = session;
  await assertNothingWritten(fleet.address, async () => {
    await toReview(session, 'db');
    await workbench.runCommand('Consul Exec: Review in the Quick Pick');
    await picks.view.waitUntilClosed();
    await workbench.quickPick.waitFor(/^Run on 1 node/);
    await picks.start();
    await workbench.dialog.waitFor(/Run on 1 node in dc1\b.*\?/);
    assert.deepEqual((await workbench.dialog.buttons()).sort(), ['Cancel', 'Run on 1 node']);
    await workbench.dialog.press('Cancel');
    await workbench.quickPick.waitFor(/^Run on 1 node/);
    await workbench.quickPick.escape();
  });
});
