import assert from 'node:assert/strict';
import { assertNothingWritten } from './support/leftovers.ts';
import { editorSession, type Session } from './support/session.ts';

const scenario = editorSession({
  name: 'confirm',
  files: { 'restart.sh': '#!/bin/sh\n# Restarts what has to be restarted.\necho "restarting"\n' },
  settings: { 'consulExec.confirmAbove': 0, 'consulExec.wait': '5s' },
});

async function untilAsked({ workbench, picks, runs }: Session): Promise<void> {
  await runs.open();
  await workbench.openFile('restart.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'web' });
  await workbench.dialog.waitFor(/Run on 3 nodes in dc1\b.*\?/);
}

scenario('the question names how many, where, what and who', async (session) => {
  const { workbench, fleet, runs } = session;
  await assertNothingWritten(fleet.address, async () => {
    await untilAsked(session);
    await session.screenshot('question');
    const text = await workbench.dialog.text();
    assert.match(text, /echo "restarting"/);
    assert.match(text, /web-01, web-02, web-03/);
    assert.deepEqual((await workbench.dialog.buttons()).sort(), ['Cancel', 'Run on 3 nodes']);
    await workbench.dialog.press('Cancel');
    assert.deepEqual(await runs.all(), []);
  });
});

scenario('Escape is a no as well', async (session) => {
  const { workbench, fleet, runs } = session;
  await assertNothingWritten(fleet.address, async () => {
    await untilAsked(session);
    await workbench.page.keyboard.press('Escape');
    await workbench.dialog.box.waitFor({ state: 'hidden' });
    assert.deepEqual(await runs.all(), []);
  });
});

scenario('the button that says what happens makes it happen', async (session) => {
  await untilAsked(session);
  await session.workbench.dialog.press('Run on 3 nodes');
  const run = await session.runs.ended('restart.sh');
  assert.deepEqual([...run.nodes.keys()].sort(), ['web-01', 'web-02', 'web-03']);
  assert.match(run.words, /^3 ok/);
});

scenario('with a limit of 0 a single node is asked for as well', async (session) => {
  const { workbench, picks, fleet } = session;
  await assertNothingWritten(fleet.address, async () => {
    await workbench.openFile('restart.sh');
    await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
    await picks.run({ service: 'db' });
    await workbench.dialog.waitFor(/Run on 1 node in dc1\b.*\?/);
    assert.deepEqual((await workbench.dialog.buttons()).sort(), ['Cancel', 'Run on 1 node']);
    await workbench.dialog.press('Cancel');
  });
});
