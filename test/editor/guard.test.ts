import assert from 'node:assert/strict';
import { eventually } from './support/eventually.ts';
import { editorSession } from './support/session.ts';

const scenario = editorSession({
  name: 'guard',
  settings: { 'consulExec.wait': '1s', 'consulExec.confirmAbove': 100 },
});

scenario('a run gets a time limit in the review, which the node enforces', async (session) => {
  const { workbench, picks, runs } = session;
  const { quickPick } = workbench;
  await runs.open();
  await workbench.openFile('slow-job.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.toReview({ service: 'web' });
  assert.doesNotMatch(await quickPick.message(), /guarded/);
  await quickPick.press('Change the guard: a time limit, and results that can be recovered');
  await quickPick.waitFor('Run on Nodes: Guard');
  await session.screenshot('guard');
  await quickPick.choose('Another time limit…');
  await quickPick.waitFor('Run on Nodes: Time Limit');
  await quickPick.type('2s');
  await quickPick.accept();
  await picks.waitFor('review');
  await eventually(async () =>
    assert.match(await quickPick.message(), /guarded, ended after 2\.0 s/),
  );
  await session.screenshot('review');

  await quickPick.press('View Full Text');
  await quickPick.waitFor('Run on Nodes: Text');
  const text = (await quickPick.items()).join('\n');
  assert.match(text, /#!\/bin\/sh/);
  assert.match(text, /Guarded run of Consul Exec/);
  await session.screenshot('text');
  await quickPick.accept();
  await picks.waitFor('review');

  await quickPick.accept();
  const run = await runs.ended('slow-job.sh');
  assert.equal(run.nodes.size, 3);
  for (const state of run.nodes.values()) {
    assert.match(state, /^ended by its time limit of 2\.0 s after /);
  }
  await session.screenshot('limit');

  // Running again remembers the guard.
  await workbench.tree.contextMenu('slow-job.sh', 'Run Again…');
  await picks.waitFor('review');
  await eventually(async () =>
    assert.match(await quickPick.message(), /guarded, ended after 2\.0 s/),
  );
  await quickPick.escape();
});

scenario(
  'results of a node whose agent was killed are recovered by the command',
  async (session) => {
    const { workbench, picks, runs, fleet } = session;
    await session.changeSettings({
      'consulExec.wait': '1s',
      'consulExec.confirmAbove': 100,
      'consulExec.guard': true,
    });
    await runs.open();
    await workbench.openFile('slow-job.sh');
    await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
    await picks.toReview({ service: 'web' });
    assert.match(await workbench.quickPick.message(), /guarded, no time limit/);
    await workbench.quickPick.accept();
    await eventually(async () => {
      const [run] = await runs.all();
      assert.match(run?.nodes.get('web-02') ?? '', /^running/);
    });
    // Only the agent, as a service manager does that lets jobs run on.
    process.kill(fleet.agent('web-02').pid, 'SIGKILL');
    // A node is lost after three heartbeats of 15 s that it has missed.
    const run = await runs.ended('slow-job.sh', 90_000);
    assert.match(run.nodes.get('web-02') ?? '', /^lost contact; its results couldn't be recovered/);
    await session.screenshot('lost');

    await fleet.agent('web-02').start();
    await workbench.tree.contextMenu('web-02', 'Recover Lost Results');
    await eventually(async () => {
      const [after] = await runs.all();
      assert.match(after?.nodes.get('web-02') ?? '', /^exited 0, results recovered/);
    }, 60_000);
    await eventually(async () => {
      const text = await workbench.outputText();
      assert.match(text, /web-02 │ web-02: step 10 of 10\n\S+ ╰ exited 0, results recovered/);
    });
    await session.screenshot('recovered');
  },
);
