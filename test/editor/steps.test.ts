import assert from 'node:assert/strict';
import { clearRuns } from './support/clearRuns.ts';
import { eventually } from './support/eventually.ts';
import { assertNothingWritten } from './support/leftovers.ts';
import { editorSession, type Session } from './support/session.ts';

const scenario = editorSession({
  name: 'steps',
  files: {
    'upgrade.sh': '[ "$NODE_NAME" = web-03 ] && echo other || echo upgraded\n',
    'broken.sh': 'echo broken\nexit 3\n',
  },
  settings: { 'consulExec.wait': '5s' },
});

/** Opens the review of all of web, and from there the quick pick for steps. */
async function wantSteps({ workbench, picks }: Session, file: string): Promise<void> {
  await workbench.openFile(file);
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.toReview({ service: 'web' });
  await picks.startInSteps();
}

async function assertSteps({ runs }: Session, steps: readonly RegExp[], label = 'upgrade.sh') {
  await eventually(async () => {
    const drawn = await runs.steps(label);
    assert.equal(drawn.length, steps.length, drawn.join(' | '));
    for (const [index, step] of steps.entries()) assert.match(drawn[index] ?? '', step);
  });
}

async function start(session: Session, file: string, plan: string) {
  const { workbench, runs } = session;
  await clearRuns(session);
  await wantSteps(session, file);
  await workbench.quickPick.choose(plan);
  await workbench.quickPick.waitUntilClosed();
  return runs.ended(file);
}

scenario('a first node, then the rest once the user confirms', async (session) => {
  const { workbench, picks, runs, fleet } = session;
  const first = await start(session, 'upgrade.sh', '1 node, then 2');
  assert.deepEqual([...first.nodes.keys()], ['web-01']);
  assert.match(first.words, /^1 ok · step 1 of 2, next 2 nodes/);
  const toast = await workbench.notification(/upgrade\.sh: step 1 of 2 finished, 1 ok\./);
  await session.screenshot('first');
  // Nothing runs by itself, nor when the review is left.
  await assertNothingWritten(fleet.address, async () => {
    await toast.getByRole('button', { name: 'Run on 2 nodes…' }).click();
    await picks.untilSelected(['web-02', 'web-03']);
    // Beside the script, because something has run already.
    assert.ok(await picks.view.isOpen());
    await session.screenshot('next');
    await picks.leave();
  });
  await runs.open();
  await workbench.tree.contextMenu('upgrade.sh', 'Run Next Step…');
  await picks.start();
  await runs.open();
  await eventually(async () => assert.equal(await runs.jobs(), 2));
  // One row for both, expanded with the latest step.
  const both = await runs.ended('upgrade.sh');
  assert.equal((await runs.all()).length, 1);
  assert.deepEqual([...both.nodes.keys()].toSorted(), ['web-02', 'web-03']);
  assert.match(both.words, /^3 ok · step 2 of 2 · /);
  const second = await workbench.notification(
    /step 2 of 2 finished, 2 ok\. 1 node gave different output than in earlier steps\./,
  );
  await session.screenshot('second');
  await second.getByRole('button', { name: 'Show Differences' }).click();
  await workbench.page.locator('.part.editor .monaco-diff-editor').waitFor();
  await session.screenshot('differences');
  await workbench.runCommand('View: Close Editor');
  await assertSteps(session, [/^Step 2 2 ok · \d/, /^Step 1 1 ok · \d/]);
  await workbench.runCommand('Consul Exec: Run Next Step…');
  await workbench.notification(/All steps of this run are done\./);
});

scenario('steps are one row also after a reload, in every grouping', async (session) => {
  const { workbench, runs } = session;
  await session.reload();
  await runs.open();
  await runs.until('upgrade.sh', ({ words }) => assert.match(words, /^3 ok · step 2 of 2 · /));
  assert.equal((await runs.all()).length, 1);
  await workbench.tree.expand('upgrade.sh');
  await assertSteps(session, [/^Step 2 2 ok · \d/, /^Step 1 1 ok · \d/]);
  await workbench.tree.expand('Step 1');
  await workbench.tree.waitFor(/^web-01/);
  await session.screenshot('reloaded');
});

scenario('the row of all steps renames, pins, removes, and runs them again', async (session) => {
  const { workbench, picks, runs } = session;
  const { tree } = workbench;
  await tree.contextMenu('upgrade.sh', 'Run Again…');
  await picks.untilSelected(['web-01', 'web-02', 'web-03']);
  await picks.leave();
  await runs.open();
  await tree.click('upgrade.sh');
  await workbench.rename('upgrade.sh', 'Rename Run', 'Upgrade');
  await assertSteps(session, [/^Step 2 2 ok/, /^Step 1 1 ok/], 'Upgrade');
  await tree.contextMenu('Step 1', 'Pin Run');
  await assertSteps(session, [/^Step 2 2 ok · \d/, /^Step 1 1 ok · pinned/], 'Upgrade');
  await tree.contextMenu('Upgrade', 'Pin Run');
  await runs.until('Upgrade', ({ words }) => assert.match(words, /^3 ok · .* · pinned/));
  await session.screenshot('pinned');
  await tree.contextMenu('Upgrade', 'Unpin Run');
  await runs.until('Upgrade', ({ words }) => assert.doesNotMatch(words, /pinned/));
  await tree.contextMenu('Upgrade', 'Remove Run');
  const toast = await workbench.notification('Removed "Upgrade" with 2 steps.');
  await eventually(async () => assert.equal((await runs.all()).length, 0));
  await toast.getByRole('button', { name: 'Undo' }).click();
  await assertSteps(session, [/^Step 2 2 ok/, /^Step 1 1 ok/], 'Upgrade');
  // A step can be removed alone; the one that is left is a run like any other.
  await tree.contextMenu('Step 1', 'Remove Run');
  await runs.until('Upgrade', ({ words }) => assert.match(words, /^2 ok · step 2 of 2/));
});

scenario(
  'a failed first step shows a warning, and the next step stays available',
  async (session) => {
    const { workbench, runs, picks } = session;
    const first = await start(session, 'broken.sh', '1 node, then 2');
    assert.match(first.words, /^1 failed · step 1 of 2, next 2 nodes/);
    await workbench.notification(/broken\.sh: step 1 of 2 finished, 1 failed\./);
    // After a reload, too.
    await session.reload();
    await runs.open();
    await runs.until('broken.sh', ({ words }) => assert.match(words, /next 2 nodes/));
    await workbench.runCommand('Consul Exec: Run Next Step…');
    await picks.untilSelected(['web-02', 'web-03']);
    await picks.leave();
  },
);

scenario('custom step sizes, and back to the review', async (session) => {
  const { workbench, picks, runs } = session;
  const { quickPick } = workbench;
  await clearRuns(session);
  await wantSteps(session, 'upgrade.sh');
  await session.screenshot('plans');
  await quickPick.back();
  await picks.untilSelected(['web-01', 'web-02', 'web-03']);
  await picks.startInSteps();
  await quickPick.choose('Other Steps…');
  await quickPick.widget.getByText('Total nodes after each step').waitFor();
  await quickPick.type('1, 0');
  await quickPick.widget.getByText('"0" is not a valid step').waitFor();
  await quickPick.type('1, 2');
  await quickPick.widget.getByText('1 node, then 1, then 1').waitFor();
  await quickPick.accept();
  await quickPick.waitUntilClosed();
  const first = await runs.ended('upgrade.sh');
  assert.match(first.words, /^1 ok · step 1 of 3, next 1 node/);
});

scenario('the nodes of the first step can be chosen', async (session) => {
  const { workbench, runs } = session;
  const { quickPick } = workbench;
  await clearRuns(session);
  await wantSteps(session, 'upgrade.sh');
  await quickPick.choose('Choose the First Nodes…');
  await quickPick.toggle('web-03');
  await session.screenshot('first-nodes');
  await quickPick.accept();
  await quickPick.widget.getByText('first web-03').first().waitFor();
  await quickPick.choose('1 node, then 2');
  await quickPick.waitUntilClosed();
  const first = await runs.ended('upgrade.sh');
  assert.deepEqual([...first.nodes.keys()], ['web-03']);
  assert.match(first.words, /^1 ok · step 1 of 2, next 2 nodes/);
});
