import assert from 'node:assert/strict';
import { eventually } from './support/eventually.ts';
import { editorSession, type Session } from './support/session.ts';

const scenario = editorSession({
  name: 'stop',
  files: {
    'by-command.sh': 'echo "step one"\nsleep 120\necho "step two"\n',
    'by-row.sh': 'echo "step one"\nsleep 120\necho "step two"\n',
    'by-progress.sh': 'echo "step one"\nsleep 120\necho "step two"\n',
  },
  settings: { 'consulExec.wait': '5s' },
});

/** Starts the script on web and waits until every node has written its first line. */
async function startLong({ workbench, picks, runs }: Session, file: string): Promise<void> {
  await runs.open();
  await workbench.openFile(file);
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'web' });
  await eventually(async () => {
    const text = await workbench.outputText();
    // The run before may still be in front.
    assert.match(text, new RegExp(`^── ${file}`));
    assert.equal(text.match(/│ step one/g)?.length, 3, text);
  }, 30_000);
}

/** What a stopped run says of itself: it kept what came, and does not call it an end. */
async function assertStopped({ workbench, runs }: Session, file: string): Promise<void> {
  const run = await runs.ended(file);
  assert.match(run.words, /^stopped · 3 may still be running/);
  for (const [node, words] of run.nodes) {
    assert.match(words, /^may still be running; last heard .* ago, before the stop$/, node);
  }
  const text = await workbench.wholeOutputText();
  assert.equal(text.match(/│ step one/g)?.length, 3);
  assert.doesNotMatch(text, /step two/);
}

scenario('while a run goes on its row and its nodes say so', async (session) => {
  const { workbench, runs } = session;
  await startLong(session, 'by-command.sh');
  await runs.until('by-command.sh', ({ words, nodes }) => {
    assert.match(words, /^0 of 3 done · 3 running/);
    assert.equal(nodes.size, 3);
    for (const state of nodes.values()) assert.match(state, /^running, last heard .* ago$/);
  });
  await session.screenshot('going-on');
  await workbench.runCommand('Consul Exec: Stop Collecting');
  await assertStopped(session, 'by-command.sh');
  await session.screenshot('stopped');
});

scenario('the row of a run has a way to stop it', async (session) => {
  await startLong(session, 'by-row.sh');
  await session.workbench.tree.press('by-row.sh', 'Stop Collecting');
  await assertStopped(session, 'by-row.sh');
  await session.workbench.tree.contextMenu('by-row.sh', 'Run Again…');
  await session.picks.waitFor('review');
  await session.picks.view.warns(
    'May have run this job already, since the earlier run got no result: web-01, web-02, web-03 (3 of 3)',
  );
  await session.screenshot('run-again');
  await session.picks.leave();
  // The Runs view returns to its place.
  await session.workbench.tree.waitFor('by-row.sh');
});

scenario('the status bar shows the progress of a run that takes long', async (session) => {
  const { workbench } = session;
  await startLong(session, 'by-progress.sh');
  await eventually(async () => {
    assert.match((await workbench.statusBar()).join(' | '), /by-progress\.sh.*0 of 3 done/s);
  });
  await session.screenshot('progress');
  await workbench.runCommand('Consul Exec: Stop Collecting');
  await assertStopped(session, 'by-progress.sh');
});

scenario(
  'the Output view follows the selected run, but is never opened for it',
  async (session) => {
    const { workbench, runs } = session;
    await runs.open();
    const header = async () => (await workbench.wholeOutputText()).split('\n')[0] ?? '';
    await eventually(async () => assert.match(await header(), /^── by-progress\.sh/));
    await workbench.tree.click('by-row.sh');
    await eventually(async () => assert.match(await header(), /^── by-row\.sh/));
    await session.screenshot('followed');
    await workbench.runCommand('View: Hide Panel');
    await workbench.tree.click('by-command.sh');
    await eventually(async () => {
      const classes = await workbench.tree.row('by-command.sh').getAttribute('class');
      assert.match(classes ?? '', /selected/);
    });
    assert.equal(await workbench.page.locator('.part.panel .monaco-editor').isVisible(), false);
  },
);

scenario('with nothing going on, Stop is not offered', async ({ workbench }) => {
  const offered = await workbench.findCommands('Consul Exec: Stop Collecting');
  assert.ok(!offered.some((label) => label.includes('Stop Collecting')), offered.join(' | '));
});
