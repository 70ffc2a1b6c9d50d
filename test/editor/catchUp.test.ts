import assert from 'node:assert/strict';
import { patiently } from './harness/patiently.ts';
import { eventually } from './support/eventually.ts';
import { editorSession, type Session } from './support/session.ts';

const scenario = editorSession({
  name: 'catch-up',
  settings: { 'consulExec.wait': '1s', 'consulExec.confirmAbove': 1 },
});

/** Runs a file on the web nodes, one of which is gone when the run begins. */
async function runWithout(node: string, file: string, session: Session) {
  const { workbench, picks, runs, fleet } = session;
  await runs.open();
  await workbench.openFile(file);
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.toReview({ service: 'web' });
  await fleet.agent(node).kill();
  await picks.start();
  const run = await runs.ended(file);
  assert.equal(run.nodes.get(node), 'no response');
}

scenario('a node that was away runs the job when it returns, in the same run', async (session) => {
  const { workbench, runs, fleet } = session;
  await runWithout('web-02', 'uptime.sh', session);

  await workbench.tree.contextMenu('web-02', 'Run on These When They Return…');
  await workbench.quickPick.waitFor('Run When They Return');
  await session.screenshot('how-long');
  await workbench.quickPick.choose('15 minutes');
  await workbench.dialog.waitFor(/Run on 1 node in dc1.* when its agent returns\?/);
  assert.match(await workbench.dialog.text(), /web-02/);
  await session.screenshot('question');
  await workbench.dialog.press('Run When They Return');
  await eventually(async () => {
    const [run] = await runs.all();
    assert.equal(run?.nodes.get('web-02'), 'waiting for its agent to return');
  });
  await session.screenshot('waiting');

  await fleet.agent('web-02').start();
  await eventually(async () => {
    const all = await runs.all();
    assert.equal(all.length, 1);
    assert.match(all[0]?.nodes.get('web-02') ?? '', /^exited 0 after /);
    assert.match(all[0]?.words ?? '', /^3 ok/);
  }, 60_000);
  // The channel that showed the run continues.
  await eventually(async () => {
    const text = await workbench.outputText();
    assert.match(text, /Waiting until .* for: web-02/);
    assert.match(text, /web-02 ╰ exited 0 after /);
  });
  await session.screenshot('caught-up');
});

scenario('waiting can be stopped, and says that nothing ran', async (session) => {
  const { workbench, runs, fleet } = session;
  await runWithout('web-03', 'app-version.sh', session);
  const group = (by: string, row: RegExp) =>
    patiently(async (timeout) => {
      await workbench.runCommand('Consul Exec: Group Nodes…');
      await workbench.quickPick.choose(by);
      await workbench.quickPick.waitUntilClosed();
      await workbench.tree.row(row).waitFor({ timeout });
    }, workbench.page);
  await group('By status', /^1 no response/);
  await workbench.tree.contextMenu(/^1 no response/, 'Run on These When They Return…');
  await workbench.quickPick.waitFor('Run When They Return');
  await workbench.quickPick.choose('1 hour');
  await workbench.dialog.waitFor(/Run on 1 node in dc1.* when its agent returns\?/);
  await workbench.dialog.press('Run When They Return');
  await group('By node', /^web-03/);
  await eventually(async () => {
    const [run] = await runs.all();
    assert.equal(run?.nodes.get('web-03'), 'waiting for its agent to return');
  });
  await workbench.tree.contextMenu('app-version.sh', 'Stop Collecting');
  const stopped = await runs.ended('app-version.sh');
  assert.equal(stopped.nodes.get('web-03'), 'stopped before it began');
  await fleet.agent('web-03').start();
});
