import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { History } from '../../src/runs/history/history.ts';
import { exited, sampleInfo, started, wrote } from '../unit/runs/sampleRun.ts';
import { eventually } from './support/eventually.ts';
import { editorSession, type Session } from './support/session.ts';

/** Runs that are larger than the agents of a test machine could make them come from the history. */
const scenario = editorSession({ name: 'large', clients: 1 });

const NODES = 620;

/** A run in which every node wrote something else. */
async function keepDifferent({ vscode }: Session, title: string): Promise<void> {
  const storage = join(vscode.serverDataDir, 'data', 'User', 'globalStorage');
  const history = new History(join(storage, 'consul-exec.consul-exec', 'runs'));
  const targets = Array.from({ length: NODES }, (_, i) => `node-${i + 1}`);
  const run = await history.create(
    sampleInfo({ id: randomUUID(), title, targets, createdAt: Date.now() }),
  );
  run.apply(started(targets));
  for (const node of targets) {
    run.apply(wrote(node, `I am ${node}\n`));
    run.apply(exited(node, 0));
  }
  run.apply({ kind: 'finished', at: Date.now(), end: 'complete' });
  await history.finish(run);
}

scenario('of very many groups the first are shown, and more on demand', async (session) => {
  const { workbench, runs } = session;
  await keepDifferent(session, 'all differ');
  await session.reload();
  await runs.open();
  await workbench.runCommand('Consul Exec: Group Nodes…');
  await workbench.quickPick.choose('By identical output');
  await workbench.quickPick.waitUntilClosed();
  await workbench.tree.expand('all differ');
  await workbench.tree.waitFor(/node-1.*"I am node-1" · exited 0/);
  // A click opens the group as well.
  await workbench.tree.click(/"I am node-1"/);
  await workbench.tree.waitFor(/^node-1 ?exited 0/);
  const atEnd = (row: RegExp) =>
    eventually(async () => {
      await workbench.page.keyboard.press('End');
      await workbench.tree.waitFor(row, 1000);
    });
  await atEnd(/Show more \(120 groups hidden\)/);
  await workbench.tree.click(/Show more/);
  await atEnd(/node-620.*"I am node-620" · exited 0/);
});
