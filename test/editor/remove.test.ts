import assert from 'node:assert/strict';
import { eventually } from './support/eventually.ts';
import { runOnDb } from './support/runOnDb.ts';
import { editorSession, type Session } from './support/session.ts';

const scenario = editorSession({
  name: 'remove',
  files: { 'one.sh': 'echo one\n', 'two.sh': 'echo two\n', 'long.sh': 'echo begun\nsleep 120\n' },
});

/** The titles of the runs in the list, newest first. */
async function titles({ runs }: Session): Promise<string[]> {
  return (await runs.all()).map(({ label }) => label);
}

async function assertLeft(session: Session, left: readonly string[]): Promise<void> {
  await eventually(async () => assert.deepEqual(await titles(session), left));
}

scenario('from the palette nothing can be removed by accident', async (session) => {
  const { workbench, runs } = session;
  await runOnDb(session, 'one.sh');
  await runs.ended('one.sh');
  const offered = await workbench.findCommands('Consul Exec: Remove Run');
  assert.ok(!offered.some((label) => label.includes('Remove Run')), offered.join(' | '));
});

scenario('what a row says is what a screen reader hears', async ({ workbench }) => {
  const [run] = await workbench.tree.rows();
  assert.ok(run);
  const [label = '', ...words] = run.text.split(' ');
  assert.ok(run.ariaLabel.startsWith(`${label}: ${words.join(' ')}`), run.ariaLabel);
});

scenario('a removed run can be restored, with a button or with a key', async (session) => {
  const { workbench } = session;
  await workbench.tree.click('one.sh');
  await workbench.page.keyboard.press('Delete');
  await assertLeft(session, []);
  const toast = await workbench.notification('Removed "one.sh".');
  await session.screenshot('removed');
  await toast.getByRole('button', { name: 'Undo' }).click();
  await assertLeft(session, ['one.sh']);
  await workbench.tree.click('one.sh');
  await workbench.page.keyboard.press('Delete');
  await assertLeft(session, []);
  await workbench.runCommand('Consul Exec: Undo Remove Run');
  await assertLeft(session, ['one.sh']);
  await workbench.tree.expand('one.sh');
  await workbench.tree.click('db-01');
  await eventually(async () => assert.match(await workbench.editor.visibleText(), /^one/));
});

scenario('a run that was removed stays away after a reload', async (session) => {
  const { workbench, runs } = session;
  await runOnDb(session, 'two.sh');
  await runs.ended('two.sh');
  await workbench.tree.contextMenu('two.sh', 'Remove Run');
  await assertLeft(session, ['one.sh']);
  await session.reload();
  await runs.open();
  await assertLeft(session, ['one.sh']);
});

scenario('a pinned run asks first, with its name', async (session) => {
  const { workbench } = session;
  await workbench.tree.contextMenu('one.sh', 'Pin Run');
  await workbench.tree.waitFor(/pinned/);
  await workbench.tree.contextMenu('one.sh', 'Remove Run');
  await workbench.dialog.waitFor('Delete the pinned run "one.sh" and its output?');
  await workbench.dialog.press('Cancel');
  await assertLeft(session, ['one.sh']);
});

scenario('the Delete key asks before it takes several that are selected', async (session) => {
  const { workbench, runs } = session;
  await runOnDb(session, 'two.sh');
  await runs.ended('two.sh');
  // Rows move when a run ends, so a click can meet another row.
  await eventually(async () => {
    await workbench.tree.click('two.sh');
    await workbench.tree.row('one.sh').click({ modifiers: ['Control'] });
    const selected = workbench.page.locator(
      '.part.sidebar [role="treeitem"][aria-selected="true"]',
    );
    assert.equal(await selected.count(), 2);
  });
  await workbench.page.keyboard.press('Delete');
  await workbench.dialog.waitFor('Delete 2 runs and their output?');
  await session.screenshot('several');
  await workbench.dialog.press('Cancel');
  // The pinned one is on top, although it is older.
  await assertLeft(session, ['one.sh', 'two.sh']);
  await workbench.page.keyboard.press('Delete');
  await workbench.dialog.waitFor('Delete 2 runs and their output?');
  await workbench.dialog.press('Delete 2 Runs');
  await assertLeft(session, []);
});

scenario('a run that goes on stays, and says why', async (session) => {
  const { workbench, runs } = session;
  await runOnDb(session, 'long.sh');
  await runs.until('long.sh', ({ nodes }) => assert.match([...nodes.values()].join(), /^running/));
  await workbench.tree.click('long.sh');
  await workbench.page.keyboard.press('Delete');
  await workbench.notification('"long.sh" is still active. Stop it before you remove it.');
  await assertLeft(session, ['long.sh']);
  await workbench.runCommand('Consul Exec: Stop Collecting');
  await runs.ended('long.sh');
});

scenario('F2 names the selected run anew', async (session) => {
  await session.workbench.rename('long.sh', 'Rename Run', 'Nightly');
  await assertLeft(session, ['Nightly']);
});

scenario('a new title is told everywhere at once', async (session) => {
  const { workbench } = session;
  await workbench.tree.contextMenu('Nightly', 'Open Combined Output');
  await eventually(async () => assert.match(await firstLine(session), /^Nightly$/));
  await workbench.rename('Nightly', 'Rename Run', 'Hourly');
  await eventually(async () => assert.match(await firstLine(session), /^Hourly$/));
  await workbench.tree.contextMenu('Hourly', 'Copy Run as Markdown');
  await eventually(async () => {
    const text = await workbench.page.evaluate<string>('navigator.clipboard.readText()');
    assert.match(text, /^# Hourly\n/);
  });
  await workbench.tree.contextMenu('Hourly', 'Copy Summary');
  await eventually(async () => {
    const text = await workbench.page.evaluate<string>('navigator.clipboard.readText()');
    assert.match(text, /^Hourly · http:[^\n]* · [^\n]*\nstopped/);
  });
  await workbench.runCommand('Consul Exec: Search Run Output…');
  await workbench.quickPick.waitFor('Search Run Output: Hourly');
  await workbench.quickPick.escape();
});

async function firstLine({ workbench }: Session): Promise<string> {
  return (await workbench.editor.visibleText()).split('\n')[0] ?? '';
}
