import assert from 'node:assert/strict';
import { eventually } from './support/eventually.ts';
import { editorSession, type Session } from './support/session.ts';

const LONG = 'echo "step one"\nsleep 120\necho "step two"\n';

const scenario = editorSession({
  name: 'end',
  files: { 'by-node.sh': LONG, 'after-stop.sh': LONG },
  settings: { 'consulExec.wait': '5s' },
});

const END = 'End on the Nodes…';

/** Starts the script on web and waits until every node is at work. */
async function startLong({ workbench, picks, runs }: Session, file: string): Promise<void> {
  await runs.open();
  await workbench.openFile(file);
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'web' });
  await runs.until(file, ({ nodes }) => {
    assert.equal(nodes.size, 3);
    for (const state of nodes.values()) assert.match(state, /^running/);
  });
}

scenario('a node row, then the whole run: each job ends on the nodes', async (session) => {
  const { workbench, runs } = session;
  await startLong(session, 'by-node.sh');
  await workbench.tree.contextMenu('web-02', END);
  await workbench.dialog.waitFor(/End the job on 1 node in dc1/);
  const text = await workbench.dialog.text();
  assert.match(text, /by-node\.sh\nweb-02/);
  assert.match(text, /SIGTERM, and after 3 s SIGKILL/);
  await session.screenshot('question');
  await workbench.dialog.press('End on 1 node');
  await runs.until('by-node.sh', ({ nodes }) => {
    assert.match(nodes.get('web-02') ?? '', /^ended by you \(SIGTERM\) after /);
    assert.match(nodes.get('web-01') ?? '', /^running/);
  });
  await workbench.notification('The job has ended on 1 node.');
  await session.screenshot('one-node');

  await workbench.tree.contextMenu('by-node.sh', END);
  await workbench.dialog.waitFor(/End the job on 2 nodes in dc1/);
  await workbench.dialog.press('End on 2 nodes');
  const run = await runs.ended('by-node.sh');
  assert.match(run.words, /^3 failed/);
  await runs.until('by-node.sh', ({ nodes }) => {
    for (const state of nodes.values()) assert.match(state, /^ended by you \(SIGTERM\) after /);
  });
  await session.screenshot('whole-run');
});

scenario('a run that was stopped, after a reload, with an agent that is down', async (session) => {
  const { workbench, runs, fleet } = session;
  await startLong(session, 'after-stop.sh');
  await workbench.runCommand('Consul Exec: Stop Collecting');
  await runs.ended('after-stop.sh');
  await session.reload();
  await runs.open();
  fleet.agent('web-03').freeze();
  try {
    await workbench.tree.contextMenu('after-stop.sh', END);
    await workbench.dialog.waitFor(/End the job on 3 nodes in dc1/);
    await workbench.dialog.press('End on 3 nodes');
    const toast = await workbench.notification(/The job was not ended on web-03: no response/);
    await session.screenshot('no-response');
    await toast.getByRole('button', { name: 'Show Report' }).click();
    await eventually(async () => {
      const report = await workbench.editor.visibleText();
      assert.match(report, /web-01: ended \d+ process(es)? \(SIGTERM\)/);
      assert.match(report, /web-03: no response: its agent may be down/);
    });
    await workbench.tree.expand('after-stop.sh');
    await runs.until('after-stop.sh', ({ nodes }) => {
      assert.equal(nodes.get('web-01'), 'ended by you (SIGTERM)');
      assert.match(nodes.get('web-03') ?? '', /may still be running.*; not ended: no response$/);
    });
    await session.screenshot('after-stop');
  } finally {
    fleet.agent('web-03').resume();
  }
  // It can be ended later, and the others are over.
  await workbench.tree.contextMenu('after-stop.sh', END);
  await workbench.dialog.waitFor(/End the job on 1 node in dc1/);
  await workbench.dialog.press('End on 1 node');
  await runs.until('after-stop.sh', ({ nodes }) => {
    assert.equal(nodes.get('web-03'), 'ended by you (SIGTERM)');
  });
});
