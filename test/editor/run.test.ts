import assert from 'node:assert/strict';
import { clearRuns } from './support/clearRuns.ts';
import { readCliOutput } from './support/cliOutput.ts';
import { eventually } from './support/eventually.ts';
import type { DrawnRun } from './support/runList.ts';
import { editorSession, type Session } from './support/session.ts';

const script = `#!/bin/sh
echo "a line above the selection"
echo "$NODE_NAME runs $APP_VERSION"
echo "to stderr" >&2
[ "$NODE_NAME" != web-02 ] || exit 3
echo "a line below the selection"
`;
const selected = script.split('\n').slice(2, 5).join('\n');
const title = 'echo "$NODE_NAME';

/** The nodes of web that run jobs, with what the three lines give there. */
const expected = new Map([
  ['web-01', { lines: ['web-01 runs 2.4.1', 'to stderr'], code: 0 }],
  ['web-02', { lines: ['web-02 runs 2.4.1', 'to stderr'], code: 3 }],
  ['web-03', { lines: ['web-03 runs 2.4.0', 'to stderr'], code: 0 }],
]);

const scenario = editorSession({
  name: 'run',
  clients: 7,
  files: { 'rollout.sh': script },
  // Gossip may take its time on a machine with much to do.
  settings: { 'consulExec.wait': '5s' },
});

scenario('an empty view says what to do and offers a button for it', async (session) => {
  const { workbench, runs } = session;
  await runs.open();
  await eventually(async () => {
    const welcome = await workbench.welcomeText();
    assert.match(welcome, /Run a script or a command on the nodes of your Consul fleet\./);
    assert.match(welcome, /Run a Command…/);
  });
  await session.screenshot('welcome');
});

/** The run that the tests below look at; started by whichever comes first. */
async function runOnWeb({ workbench, picks, runs }: Session): Promise<DrawnRun> {
  await runs.open();
  if (!(await runs.all()).some(({ label }) => label.startsWith(title))) {
    await workbench.openFile('rollout.sh');
    await workbench.selectLines(3, 5);
    await workbench.runCommand('Consul Exec: Run Selection on Consul Nodes…');
    await picks.run({ service: 'web' });
  }
  return runs.ended(title);
}

scenario('three selected lines on web: the tree tells what consul exec prints', async (session) => {
  const run = await runOnWeb(session);
  assert.match(run.words, /^1 failed · 1 no response · 2 ok/);
  await session.screenshot('ended');
  const cli = await eventually(async () => {
    const args = ['-service', '^nginx-', '-wait', '5s', '-'];
    const { stdout } = await session.fleet.exec(args, { input: selected });
    const printed = readCliOutput(stdout);
    assert.deepEqual([...printed.keys()].sort(), [...expected.keys()]);
    return printed;
  }, 60_000);
  for (const [node, { code }] of cli) {
    assert.match(run.nodes.get(node) ?? '', new RegExp(`^exited ${code} after `), node);
  }
  for (const [node, its] of expected) assert.deepEqual(cli.get(node), its, node);
  assert.equal(run.nodes.get('web-04'), 'no response');
  // Nodes that need attention come first.
  assert.deepEqual([...run.nodes.keys()].slice(0, 2), ['web-02', 'web-04']);
});

scenario('the channel of a run holds every line, led by its node', async (session) => {
  await runOnWeb(session);
  const text = await session.workbench.wholeOutputText();
  for (const [node, { lines, code }] of expected) {
    const own = text.split('\n').filter((line) => line.startsWith(`${node} │ `));
    assert.deepEqual(
      own.map((line) => line.slice(`${node} │ `.length)),
      lines,
    );
    assert.match(text, new RegExp(`^${node} ╰ exited ${code} after `, 'm'));
  }
  assert.match(text, /^── 1 failed · 1 no response · 2 ok · .* s ──$/m);
  assert.match(text, /1 no response: web-04/);
  assert.doesNotMatch(text, /above|below/);
});

scenario('the welcome text is gone once there is a run', async (session) => {
  await runOnWeb(session);
  const welcome = session.workbench.page.locator('.part.sidebar .welcome-view-content');
  await welcome.first().waitFor({ state: 'hidden' });
});

scenario('a click on a node shows its own output as a document', async (session) => {
  await runOnWeb(session);
  const { workbench } = session;
  await workbench.tree.click('web-02');
  await workbench.page.getByRole('tab', { name: 'web-02.txt', selected: true }).waitFor();
  await eventually(async () => {
    assert.equal(await workbench.editor.wholeText(), 'web-02 runs 2.4.1\nto stderr\n');
  });
  await session.screenshot('node-document');
});

scenario('a node has an output channel of its own on request', async (session) => {
  await runOnWeb(session);
  const { workbench } = session;
  await workbench.tree.press('web-03', 'Show in Output Channel');
  await eventually(async () => {
    const text = await workbench.wholeOutputText();
    assert.match(text, /^web-03 runs 2\.4\.0\nto stderr\n╰ exited 0 after /);
  });
  await session.screenshot('node-channel');
});

scenario('the menu of a run offers what there is to act on', async (session) => {
  await runOnWeb(session);
  const { workbench } = session;
  const entries = await workbench.tree.openMenu(title);
  await session.screenshot('menu');
  await workbench.page.keyboard.press('Escape');
  for (const wanted of [
    'Run Again…',
    'Run Again on Failed Nodes…',
    'Run Again on Nodes with No Response…',
  ]) {
    assert.ok(entries.includes(wanted), `no ${wanted} in ${entries.join(' | ')}`);
  }
  assert.ok(!entries.includes('Run Again on Lost Nodes…'));
  assert.ok(!entries.includes('Stop Collecting'));
});

scenario('a run that ends out of sight leaves a badge until the view is open', async (session) => {
  const { workbench, runs, picks } = session;
  await runOnWeb(session);
  const tab = workbench.page.locator('.part.activitybar').getByRole('tab', { name: 'Consul Exec' });
  const label = async () => (await tab.getAttribute('aria-label')) ?? '';
  assert.doesNotMatch(await label(), /attention/);
  await workbench.runCommand('View: Show Explorer');
  await workbench.openFile('rollout.sh');
  await workbench.selectLines(3, 5);
  await workbench.runCommand('Consul Exec: Run Selection on Consul Nodes…');
  await picks.run({ service: 'web' });
  await eventually(async () => assert.match(await label(), /2 nodes need attention/), 30_000);
  await session.screenshot('badge');
  await runs.open();
  await eventually(async () => assert.doesNotMatch(await label(), /attention/));
});

scenario(
  'runs are deleted once that is confirmed, and the welcome text is back',
  async (session) => {
    await runOnWeb(session);
    await clearRuns(session);
    const { workbench } = session;
    await eventually(async () =>
      assert.match(await workbench.welcomeText(), /select the lines to run/),
    );
  },
);
