import assert from 'node:assert/strict';
import { patiently } from './harness/patiently.ts';
import { eventually } from './support/eventually.ts';
import { editorSession, type Session } from './support/session.ts';

const fill = (bytes: number) => `head -c ${bytes} /dev/zero | tr '\\0' x`;
/** Without an end, in lines as logs have them: a million lines of one letter keep a loaded window busy. */
const flood = 'timeout 15 yes "$(printf %0200d 0)"';

const scenario = editorSession({
  name: 'output-limit',
  files: {
    'flood.sh': `${flood}\nexit 3\n`,
    'nearly.sh': `${fill(220_000)}\nsleep 12\n${fill(220_000)}\n`,
    'goes-on.sh': `${fill(400_000)}\nsleep 300\n`,
    'one.sh': `if [ "$NODE_NAME" = web-01 ]; then ${flood}; else sleep 25; fi\n`,
  },
  settings: { 'consulExec.outputLimit.megabytesPerNode': 0.25, 'consulExec.wait': '2s' },
});

async function start({ workbench, picks, runs }: Session, file: string): Promise<void> {
  await runs.open();
  await workbench.openFile(file);
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'web' });
}

scenario('endless output is cut, and its exit code is said to be not known', async (session) => {
  const { workbench, runs } = session;
  await start(session, 'flood.sh');
  await workbench.notification(
    /flood\.sh: the output of web-0.* is near the limit \(256 KB per node/,
  );
  const run = await runs.ended('flood.sh', 120_000);
  assert.match(run.words, /^3 lost/);
  for (const [node, words] of run.nodes) {
    assert.match(words, /^output cut at \d+(\.\d)? [KM]B; its exit code is not known$/, node);
  }
  // The channel has only the newest lines, and catches up every second.
  await eventually(async () => {
    assert.match(await workbench.wholeOutputText(), /web-0\d ╰ output cut at /);
  }, 60_000);
  await session.screenshot('cut');
});

scenario('the limit can be raised while no node has come to it', async (session) => {
  const { workbench, runs } = session;
  await start(session, 'nearly.sh');
  const toast = await workbench.notification(/nearly\.sh: the output of .* is near the limit/);
  await session.screenshot('near');
  await toast.getByRole('button', { name: 'Raise the Limit…' }).click();
  await workbench.quickPick.waitFor('Raise Output Limit');
  await session.screenshot('raise');
  await workbench.quickPick.choose('512 KB per node, 512 MB per run');
  const run = await runs.ended('nearly.sh', 60_000);
  assert.match(run.words, /^3 ok/);
});

scenario('raising comes too late for a node whose output was cut, and says so', async (session) => {
  const { workbench, runs } = session;
  await start(session, 'one.sh');
  await runs.until('one.sh', ({ nodes }) => assert.match(nodes.get('web-01') ?? '', /^output cut/));
  await patiently(async (timeout) => {
    await workbench.tree.contextMenu('one.sh', 'Raise Output Limit…');
    await workbench.quickPick.titled('Raise Output Limit').waitFor({ timeout });
    await workbench.quickPick.widget.getByPlaceholder(/Too late for web-01/).waitFor({ timeout });
    await session.screenshot('too-late');
    await workbench.quickPick.row('no limit').click({ timeout });
  }, workbench.page);
  await workbench.notification(/Too late for web-01: the output was cut\./);
  const run = await runs.ended('one.sh', 60_000);
  assert.match(run.words, /^1 lost · 2 ok/);
});

scenario('a job whose output was cut runs on, and can be ended', async (session) => {
  const { workbench, runs } = session;
  await start(session, 'goes-on.sh');
  await runs.ended('goes-on.sh');
  await workbench.tree.contextMenu('goes-on.sh', 'End on the Nodes…');
  await workbench.dialog.waitFor(/End the job on 3 nodes in dc1/);
  await workbench.dialog.press('End on 3 nodes');
  const run = await runs.until('goes-on.sh', ({ words }) => assert.match(words, /^3 failed/));
  for (const state of run.nodes.values()) assert.equal(state, 'ended by you (SIGTERM)');
  await session.screenshot('ended');
});
