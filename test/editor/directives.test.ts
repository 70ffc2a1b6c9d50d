import assert from 'node:assert/strict';
import { eventually } from './support/eventually.ts';
import { editorSession, type Session } from './support/session.ts';

const restart = `#!/bin/sh
# Restarts the service.
# consul-exec: service=web nodes=web-[01-03],!web-02 limit=30s cap=1MB steps=1
echo "$NODE_NAME restarts"
`;

const runbook = `# Incident

<!-- consul-exec: service=web nodes=web-01,web-03 -->

Check the version:

\`\`\`sh
echo "version $APP_VERSION"
\`\`\`

## Database

\`\`\`sh consul-exec: service=db where='Checks.Status == "critical"' nodes=db-[01-02]
echo "$NODE_NAME is a database"
\`\`\`

\`\`\`yaml
not: a script
\`\`\`
`;

const scenario = editorSession({
  name: 'directives',
  clients: 7,
  files: {
    'restart.sh': restart,
    'runbook.md': runbook,
    '.vscode/tasks.json': JSON.stringify({
      version: '2.0.0',
      tasks: [{ type: 'consul-exec', label: 'Restart web', script: 'restart.sh', steps: '50%' }],
    }),
    'canary.sh': '# consul-exec: set=canaries\nuptime\n',
    'misspelt.sh': '# consul-exec: sevice=web\nuptime\n',
    'ask.sh': '#!/bin/sh\n# @param version = x /^\\d+$/ Version\necho "$version"\n',
  },
  settings: {
    'consulExec.wait': '5s',
    'consulExec.sets': [{ name: 'canaries', nodes: 'web-01,gone-99' }],
  },
});

/** The links above the lines of the editor, without their icons. */
async function lenses({ workbench }: Session): Promise<string[]> {
  const texts = await workbench.editor.codeLenses();
  return texts.map((text) => text.trim().replace(/\s+/g, ' '));
}

scenario('a script carries its nodes, limits and steps to the review', async (session) => {
  const { workbench, runs, picks } = session;
  await runs.open();
  await workbench.openFile('restart.sh');
  await eventually(async () => {
    assert.deepEqual(await lenses(session), ['Run on 2 nodes · dc1 | Choose Targets…']);
  });
  await session.screenshot('script');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.untilSelected(['web-01', 'web-03']);
  const message = await workbench.quickPick.message();
  assert.match(message, /guarded, ended after 30/);
  assert.match(message, /output up to 1 MB per node/);
  assert.match(message, /in steps: 1/);
  await session.screenshot('review');
  await workbench.quickPick.escape();
});

scenario('a block in Markdown runs on the nodes of its heading', async (session) => {
  const { workbench, runs, picks } = session;
  await workbench.openFile('runbook.md');
  await eventually(async () => {
    assert.deepEqual(await lenses(session), [
      'Run on 2 nodes · dc1 | Choose Targets…',
      'Run on 1 node · dc1 | Choose Targets…',
    ]);
  });
  await session.screenshot('runbook');
  await workbench.selectLines(8, 8);
  await workbench.page.keyboard.press('ArrowLeft');
  await workbench.runCommand('Consul Exec: Run at Cursor on Consul Nodes…');
  await picks.untilSelected(['web-01', 'web-03']);
  assert.match(await workbench.quickPick.message(), /Block at runbook\.md:7/);
  await picks.start();
  const run = await runs.ended('echo "version');
  assert.deepEqual([...run.nodes.keys()].sort(), ['web-01', 'web-03']);
  await eventually(async () => {
    const [first = ''] = await lenses(session);
    assert.match(
      first,
      /^Run on 2 nodes · dc1 \| Choose Targets… \| 2 ok · 2 groups · .* \| Insert Result$/,
    );
  });
});

scenario('the result of a block is written below it, and replaced by the next', async (session) => {
  const { workbench } = session;
  const lines = async () => (await workbench.editor.wholeText()).split('\n');
  for (let time = 0; time < 2; time++) {
    await workbench.selectLines(8, 8);
    await workbench.page.keyboard.press('ArrowLeft');
    await workbench.runCommand('Consul Exec: Insert Result Below Block');
    await eventually(async () => {
      const text = await lines();
      assert.equal(text[10], '```text consul-exec-result');
      assert.equal(text.filter((line) => line.endsWith('consul-exec-result')).length, 1);
      assert.match(text.slice(11, 20).join('\n'), /2 ok[^]*web-01: exited 0[^]*version 2\.4\.1/);
    });
  }
  await session.screenshot('result');
  await workbench.runCommand('Consul Exec: Save Session as Incident Note…');
  await workbench.quickPick.waitFor('Save Session as Incident Note');
  await workbench.quickPick.accept();
  await eventually(async () => {
    const note = await workbench.editor.wholeText();
    assert.match(note, /^# Incident Note: runbook\.md\n\n## echo "version/);
    assert.match(note, /\n#### 1 node · exited 0/);
  });
  await session.screenshot('note');
  await workbench.runCommand('View: Revert and Close Editor');
});

scenario('a mistake is marked, and its fix is offered', async (session) => {
  const { workbench } = session;
  await workbench.openFile('misspelt.sh');
  await eventually(async () => {
    assert.deepEqual(await lenses(session), ["The directive can't be used"]);
  });
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await workbench.notification(/The directive in line 1 can't be used\. "sevice" is not a key\./);
  await session.screenshot('mistake');
  await workbench.runCommand('Notifications: Clear All Notifications');
  await workbench.selectLines(1, 1);
  await workbench.page.keyboard.press('Home');
  await workbench.runCommand('Go to Next Problem (Error, Warning, Info)');
  await workbench.page.keyboard.press('Escape');
  await workbench.page.keyboard.press('Control+.');
  const fix = workbench.page.getByText('Change to service', { exact: true });
  await fix.waitFor();
  await workbench.page.keyboard.press('Enter');
  await eventually(async () => {
    assert.deepEqual(await lenses(session), ['Run on 4 nodes · dc1 | Choose Targets…']);
  });
});

scenario('a mistake in a parameter is marked before the script runs', async (session) => {
  const { workbench } = session;
  await workbench.openFile('ask.sh');
  await workbench.page.locator('.part.editor .squiggly-warning').first().waitFor();
  await workbench.runCommand('Go to Next Problem (Error, Warning, Info)');
  const problem = workbench.page.locator('.part.editor', {
    hasText: /Line 2: "version" can't have the default "x"\. The value must match/,
  });
  await problem.waitFor();
  await session.screenshot('parameter');
  await workbench.page.keyboard.press('Escape');
});

scenario('a saved set is told with what has changed since it was saved', async (session) => {
  const { workbench, picks } = session;
  await workbench.openFile('canary.sh');
  await eventually(async () => {
    assert.deepEqual(await lenses(session), ['Run on 1 node · dc1 | Choose Targets…']);
  });
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.untilSelected(['web-01']);
  await picks.view.warns('Was 2 nodes, 1 now. Gone: gone-99.');
  await picks.leave();
});

scenario('a task opens the review, and ends with the run', async (session) => {
  const { workbench, picks } = session;
  await workbench.runCommand('Tasks: Run Task');
  await workbench.quickPick.choose('Restart web');
  await picks.untilSelected(['web-01', 'web-03']);
  assert.match(await workbench.quickPick.message(), /in steps: 50%/);
  await picks.leave();
  await session.screenshot('task');
});
