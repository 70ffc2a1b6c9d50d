import assert from 'node:assert/strict';
import { eventually } from './support/eventually.ts';
import { runOnDb } from './support/runOnDb.ts';
import { editorSession, type Session } from './support/session.ts';

const scenario = editorSession({
  name: 'search-all',
  files: { 'one.sh': 'echo begin\necho "needle 17"\n', 'two.sh': 'echo "a needle 4"\n' },
});

/** Opens the search and types, until the list shows both runs. */
async function search({ workbench }: Session, text: string): Promise<void> {
  const { quickPick } = workbench;
  await workbench.runCommand('Consul Exec: Search All Runs…');
  await quickPick.waitFor('Search All Runs');
  await quickPick.type(text);
  await eventually(async () => assert.match(await quickPick.message(), /^2 lines in 2 runs\./));
}

scenario('a line is found in every run, also in one that was read from disk', async (session) => {
  const { workbench, runs } = session;
  const { quickPick, editor } = workbench;
  await runOnDb(session, 'one.sh');
  await runs.ended('one.sh');
  await session.reload();
  await runOnDb(session, 'two.sh');
  await runs.ended('two.sh');
  await search(session, 'needle');
  const rows = (await quickPick.items()).join('\n');
  assert.match(rows, /a needle 4[^]*needle 17/);
  await session.screenshot('list');
  await quickPick.choose('needle 17');
  await workbench.page.getByRole('tab', { name: /^db-01/, selected: true }).waitFor();
  await eventually(async () => assert.match(await editor.visibleText(), /begin\nneedle 17/));
});

scenario('the results open in an editor, which stays', async (session) => {
  const { workbench } = session;
  await search(session, 'needle');
  await workbench.quickPick.switch('Use Regular Expression');
  await workbench.quickPick.type('needle \\d+');
  await eventually(async () =>
    assert.match(await workbench.quickPick.message(), /^2 lines in 2 runs\./),
  );
  await workbench.quickPick.press('Open Results in Editor');
  await workbench.page.getByRole('tab', { name: /^Search Results/, selected: true }).waitFor();
  await eventually(async () => {
    const text = await workbench.editor.visibleText();
    assert.match(text, /^Search All Runs: "needle \\d\+"\n2 lines in 2 runs\.\n/);
    assert.match(text, /two\.sh · [^\n]*\n {2}db-01\n {4}1: a needle 4\n/);
    assert.match(text, /one\.sh · [^\n]*\n {2}db-01\n {4}2: needle 17\n/);
  });
  await session.screenshot('editor');
});
