import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { runOnDb } from './support/runOnDb.ts';
import { editorSession, type Session } from './support/session.ts';

const FIRST = 'echo "first text"\n';
const scenario = editorSession({ name: 'run-script', files: { 'check.sh': FIRST } });

const fileOf = ({ workspaceFolder }: Session) => join(workspaceFolder, 'check.sh');

/** Runs again, which asks for the text, until the list has this many runs. */
async function runAgainWith(session: Session, row: string, count: number): Promise<void> {
  const { workbench, picks, runs } = session;
  const { quickPick } = workbench;
  await workbench.tree.contextMenu('check.sh', 'Run Again…');
  await quickPick.waitFor('check.sh Has Changed Since This Run');
  await quickPick.choose(row);
  await picks.untilSelected(['db-01']);
  await picks.start();
  await eventually(async () => assert.equal((await runs.all()).length, count));
  await runs.ended('check.sh');
}

/** What the newest run wrote. */
async function output({ workbench }: Session): Promise<string> {
  await workbench.tree.click('db-01');
  await workbench.page.getByRole('tab', { name: /^db-01/, selected: true }).waitFor();
  return workbench.editor.visibleText();
}

scenario('as long as the file is the same, a run again asks for no text', async (session) => {
  const { workbench, picks, runs } = session;
  await runOnDb(session, 'check.sh');
  await runs.ended('check.sh');
  await workbench.tree.contextMenu('check.sh', 'Run Again…');
  await picks.leave();
});

scenario('a file that has changed can be compared, and either text runs', async (session) => {
  const { workbench } = session;
  const { quickPick } = workbench;
  await writeFile(fileOf(session), 'echo "second text"\n');
  // VS Code needs a moment to notice.
  await eventually(async () => assert.match(await workbench.editor.visibleText(), /second text/));
  await workbench.tree.contextMenu('check.sh', 'Run Again…');
  await quickPick.waitFor('check.sh Has Changed Since This Run');
  assert.deepEqual(
    (await quickPick.items()).map((item) => item.split(',')[0]),
    ['Run the Same Text', 'Run the New Text', 'Show Differences'],
  );
  await quickPick.choose('Show Differences');
  await workbench.page.locator('.part.editor .monaco-diff-editor').waitFor();
  const toast = await workbench.notification('Which text do you want to run?');
  await session.screenshot('changed');
  await toast.getByRole('button', { name: 'Run the New Text' }).click();
  await session.picks.leave();
  await runAgainWith(session, 'Run the Same Text', 2);
  await eventually(async () => assert.match(await output(session), /^first text/));
  await runAgainWith(session, 'Run the New Text', 3);
  await eventually(async () => assert.match(await output(session), /^second text/));
});

scenario('the script of a run is compared with its file', async (session) => {
  const { workbench } = session;
  await workbench.runCommand('View: Close All Editors');
  await writeFile(fileOf(session), 'echo "third text"\n');
  await workbench.tree.contextMenu('check.sh', 'Compare Script with File');
  await workbench.page.getByRole('tab', { name: /^check\.sh: ran .* ⟷ file/ }).waitFor();
  await eventually(async () => {
    const texts = await workbench.page.locator('.monaco-diff-editor .view-lines').allInnerTexts();
    assert.match(texts.join('\n').replaceAll('\u00a0', ' '), /second text[^]*third text/);
  });
  await session.screenshot('compared');
});

scenario('without its file, a run has only its own text', async (session) => {
  const { workbench, picks } = session;
  await rm(fileOf(session));
  await workbench.tree.contextMenu('check.sh', 'Compare Script with File');
  await workbench.notification(/check\.sh no longer exists\. Use "Open Script" to see what ran\./);
  await workbench.tree.contextMenu('check.sh', 'Run Again…');
  await picks.leave();
});

const REASON = `'; rm -rf / # $(id) \`id\` \\ "é🦊`;

scenario(
  'a script asks for its parameters before the review, which shows them',
  async (session) => {
    const { workbench, picks, runs } = session;
    const { quickPick } = workbench;
    const ask = async () => {
      await runs.open();
      await workbench.openFile('install.sh');
      await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
      await quickPick.waitFor('Run install.sh: version');
    };
    const says = async (text: RegExp) =>
      eventually(async () => assert.match(await quickPick.message(), text));
    await ask();
    assert.equal(await quickPick.text(), '2.5.0');
    await quickPick.type('next');
    await says(/The value must match/);
    await session.screenshot('parameter');
    await quickPick.accept();
    await quickPick.type('2.6.1');
    await says(/^Version to install/);
    await quickPick.accept();
    await quickPick.waitFor('Run install.sh: channel');
    await session.screenshot('choices');
    await quickPick.choose('beta');
    await quickPick.waitFor('Run install.sh: reason');
    assert.equal(await quickPick.text(), 'planned update');
    await quickPick.type(REASON);
    // Back returns to what was entered.
    await quickPick.back();
    await quickPick.waitFor('Run install.sh: channel');
    await quickPick.back();
    await quickPick.waitFor('Run install.sh: version');
    assert.equal(await quickPick.text(), '2.6.1');
    await quickPick.accept();
    await quickPick.waitFor('Run install.sh: channel');
    await quickPick.accept();
    await quickPick.waitFor('Run install.sh: reason');
    assert.equal(await quickPick.text(), REASON);
    await quickPick.accept();
    await picks.toReview({ service: 'db' });
    await says(/version = 2\.6\.1 · channel = beta · reason = /);
    await session.screenshot('parameters-quick-pick');
    await quickPick.press('Open as a Review');
    await picks.view.says(/^version = 2\.6\.1$/);
    await picks.view.says(/^channel = beta$/);
    await eventually(async () => {
      const text = await workbench.editor.visibleText();
      assert.match(text, /\nversion='2\.6\.1'\nchannel='beta'\nreason=''\\''; rm -rf/);
    });
    await session.screenshot('parameters-view');
    await picks.start();
    await eventually(async () => assert.equal((await runs.all())[0]?.label, 'install.sh'));
    await runs.ended('install.sh');
    await eventually(async () => {
      const text = await output(session);
      assert.match(text, /-> 2\.6\.1\nchannel {2}beta\n/);
      assert.ok(text.includes(`\nlog      ${REASON}`), text);
    });
    // The same text runs with the same values.
    await workbench.tree.contextMenu('install.sh', 'Run Again…');
    await picks.waitFor('review');
    await says(/version = 2\.6\.1 · channel = beta/);
    await picks.leave();
    // The file asks for them again, and knows what was entered.
    await ask();
    assert.equal(await quickPick.text(), '2.6.1');
    await quickPick.escape();
  },
);
