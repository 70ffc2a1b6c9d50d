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

const IN_STEPS = 'Run in steps: on a few first, then on the rest';

/** Reviews all of web and wants steps, which the quick pick then asks for. */
async function wantSteps({ workbench, picks }: Session, file: string): Promise<void> {
  await workbench.openFile(file);
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.toReview({ service: 'web' });
  await workbench.quickPick.press(IN_STEPS);
  await workbench.quickPick.waitFor('Run in Steps');
}

async function start(session: Session, file: string, plan: string) {
  const { workbench, runs } = session;
  await clearRuns(session);
  await wantSteps(session, file);
  await workbench.quickPick.choose(plan);
  await workbench.quickPick.waitUntilClosed();
  return runs.ended(file);
}

scenario('a first node, then the rest once the user says so', async (session) => {
  const { workbench, picks, runs, fleet } = session;
  const first = await start(session, 'upgrade.sh', '1 node, then 2');
  assert.deepEqual([...first.nodes.keys()], ['web-01']);
  assert.match(first.words, /^1 ok · step 1 of 2, next 2 nodes/);
  const toast = await workbench.notification(/upgrade\.sh: step 1 of 2 is over, 1 ok\./);
  await session.screenshot('first');
  // Nothing runs by itself, nor when the review is left.
  await assertNothingWritten(fleet.address, async () => {
    await toast.getByRole('button', { name: 'Run on 2 nodes…' }).click();
    await picks.waitFor('review');
    assert.deepEqual((await workbench.quickPick.ticked()).toSorted(), ['web-02', 'web-03']);
    await workbench.quickPick.escape();
  });
  await workbench.tree.contextMenu('upgrade.sh', 'Run Next Step…');
  await picks.waitFor('review');
  await workbench.quickPick.accept();
  await workbench.quickPick.waitUntilClosed();
  await eventually(async () => assert.equal((await runs.all()).length, 2));
  const second = await runs.ended('upgrade.sh');
  assert.deepEqual([...second.nodes.keys()].toSorted(), ['web-02', 'web-03']);
  assert.match(second.words, /^2 ok · step 2 of 2 · /);
  await workbench.notification(
    /step 2 of 2 is over, 2 ok\. 1 node answered otherwise than those of the steps before\./,
  );
  await session.screenshot('second');
  assert.match((await runs.all())[1]?.words ?? '', /^1 ok · step 1 of 2 · /);
  await workbench.runCommand('Consul Exec: Run Next Step…');
  await workbench.notification(/No step of this run is left\./);
});

scenario('a failed first step is told as a warning, and the next stays open', async (session) => {
  const { workbench, runs, picks } = session;
  const first = await start(session, 'broken.sh', '1 node, then 2');
  assert.match(first.words, /^1 failed · step 1 of 2, next 2 nodes/);
  await workbench.notification(/broken\.sh: step 1 of 2 is over, 1 failed\./);
  // After a reload, too.
  await session.reload();
  await runs.open();
  await runs.until('broken.sh', ({ words }) => assert.match(words, /next 2 nodes/));
  await workbench.runCommand('Consul Exec: Run Next Step…');
  await picks.waitFor('review');
  assert.deepEqual((await workbench.quickPick.ticked()).toSorted(), ['web-02', 'web-03']);
  await workbench.quickPick.escape();
});

scenario('steps by numbers of one’s own, and back to the review', async (session) => {
  const { workbench, picks, runs } = session;
  const { quickPick } = workbench;
  await clearRuns(session);
  await wantSteps(session, 'upgrade.sh');
  await session.screenshot('plans');
  await quickPick.back();
  await picks.waitFor('review');
  assert.deepEqual((await quickPick.ticked()).toSorted(), ['web-01', 'web-02', 'web-03']);
  await quickPick.press(IN_STEPS);
  await quickPick.waitFor('Run in Steps');
  await quickPick.choose('Other steps…');
  await quickPick.widget.getByText('How many nodes are to have run').waitFor();
  await quickPick.type('1, 0');
  await quickPick.widget.getByText('“0” is no step').waitFor();
  await quickPick.type('1, 2');
  await quickPick.widget.getByText('1 node, then 1, then 1').waitFor();
  await quickPick.accept();
  await quickPick.waitUntilClosed();
  const first = await runs.ended('upgrade.sh');
  assert.match(first.words, /^1 ok · step 1 of 3, next 1 node/);
});
