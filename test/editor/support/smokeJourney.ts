import assert from 'node:assert/strict';
import { type Fleet, startFleet } from '../../fleet/fleet.ts';
import type { VscodeRelease } from '../../setup/vscodeReleases.ts';
import { eventually } from './eventually.ts';
import { editorSession, type Session } from './session.ts';

const script = `#!/bin/sh
echo "a line above the selection"
echo "$NODE_NAME" >&2
echo "app $APP_VERSION"
`;
const runOfLines = 'echo "$NODE_NAME"';

/** On web11, the last rollout failed. */
function startWeb(): Promise<Fleet> {
  return startFleet({
    clients: ['web1', 'web10', 'web11'].map((name, i) => ({
      name,
      services: [{ id: `nginx-${i}`, name: 'web', tags: [] }],
      env: { NODE_NAME: name, APP_VERSION: name === 'web11' ? '2.4.0' : '2.4.1' },
    })),
  });
}

/** Declares what a user does first, for one version of VS Code. The scenarios follow each other. */
export function smokeJourney(name: string, release: VscodeRelease): void {
  const scenario = editorSession({
    name,
    release,
    files: {
      'rollout.sh': script,
      'version.sh': 'echo "app $APP_VERSION"\n',
      'check.md': '# Check\n\n```sh consul-exec: service=web\necho cell\n```\n',
    },
    settings: { 'consulExec.wait': '5s' },
    startFleet: startWeb,
  });
  scenario('selected lines run on the nodes of a service', runLines);
  scenario('a warning of the review is visible, and its fix is one click away', fixWarning);
  scenario('an explanation of why no node matches is visible', explainNoMatch);
  scenario('the meaning of typed names is visible before they are selected', nameNodes);
  scenario('nodes are grouped by output, and groups are compared', compareGroups);
  scenario('a search has toggles and says what it found', searchOutput);
  scenario("a command runs with or without the agents' shell", switchShell);
  scenario('a Markdown file opens as a runbook, and a cell runs', runCell);
  scenario('after a reload the runs are there, with their outputs', reloadHistory);
}

async function says({ workbench }: Session, words: RegExp): Promise<void> {
  await eventually(async () => {
    assert.match(await workbench.quickPick.widget.innerText(), words);
  });
}

async function runLines(session: Session): Promise<void> {
  const { workbench, picks, runs } = session;
  await runs.open();
  await workbench.openFile('rollout.sh');
  await workbench.selectLines(3, 4);
  await workbench.runCommand('Consul Exec: Run Selection on Consul Nodes…');
  await picks.toReview({ service: 'web' });
  await picks.untilSelected(['web1', 'web10', 'web11']);
  await says(session, /Run on 3 nodes — dc1/);
  await says(session, /2 lines · .*echo "\$NODE_NAME" >&2 ⏎ echo "app \$APP_VERSION"/s);
  await session.screenshot('review');
  await workbench.quickPick.accept();
  await workbench.quickPick.waitUntilClosed();
  const run = await runs.ended(runOfLines);
  assert.match(run.words, /^3 ok/);
  assert.deepEqual([...run.nodes.keys()].toSorted(), ['web1', 'web10', 'web11']);
  await eventually(async () => {
    const channel = await workbench.wholeOutputText();
    assert.match(channel, /^web11 │ web11$/m);
    assert.match(channel, /^web11 │ app 2\.4\.0$/m);
    assert.match(channel, /^── 3 ok · .* s ──$/m);
  });
  await session.screenshot('run');
}

async function begin({ workbench, picks }: Session): Promise<void> {
  await workbench.openFile('version.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.waitFor('service');
}

async function fixWarning(session: Session): Promise<void> {
  const { workbench, picks } = session;
  await begin(session);
  await workbench.quickPick.choose('Any Service');
  await picks.waitFor('nodes');
  await picks.typeExpression('Node Matches…', 'web1');
  await workbench.quickPick.accept();
  await picks.waitFor('review');
  await picks.view.warns('"web1" also matches web10, web11.');
  await session.screenshot('warning');
  await picks.view.click(
    /^Use any service · nodes matching \/\^web1\$\/ Instead/,
    /^Run on 1 node/,
  );
  await picks.view.saysNot(/also matches/);
  await picks.untilSelected(['web1']);
  await session.screenshot('fixed');
  await picks.leave();
}

async function explainNoMatch(session: Session): Promise<void> {
  const { workbench, picks } = session;
  await begin(session);
  await picks.typeExpression('Service Matches…', '^web$');
  await workbench.quickPick.accept();
  await workbench.quickPick.waitFor('No Matching Nodes');
  await says(session, /No node matches: agents match service IDs, not names\..*Nothing was run\./s);
  await session.screenshot('no-match');
  await workbench.quickPick.escape();
}

async function nameNodes(session: Session): Promise<void> {
  const { workbench, picks } = session;
  await begin(session);
  await workbench.quickPick.choose('Any Service');
  await picks.waitFor('nodes');
  await workbench.quickPick.choose('Select Nodes…');
  await workbench.quickPick.row('web1').waitFor();
  await workbench.quickPick.type('web1 web11 web12');
  await says(session, /As names: 2 nodes: web1, web11\..*web12/s);
  await session.screenshot('names');
  await workbench.quickPick.escape();
}

async function compareGroups(session: Session): Promise<void> {
  const { workbench, picks, runs } = session;
  await runs.open();
  await begin(session);
  await picks.run({ service: 'web' });
  await runs.ended('version.sh');
  await workbench.runCommand('Consul Exec: Group Nodes…');
  await workbench.quickPick.choose('By identical output');
  await eventually(async () => {
    const [same, odd, ...others] = await runs.groups('version.sh');
    assert.match(same ?? '', /^2 nodes "app 2\.4\.1" · exited 0/);
    assert.match(odd ?? '', /^web11 "app 2\.4\.0" · exited 0/);
    assert.deepEqual(others, []);
  });
  await workbench.tree.press('"app 2.4.0"', 'Compare with Most Common');
  await eventually(async () => {
    const sides = workbench.page.locator('.part.editor .monaco-diff-editor .view-lines');
    const [before = '', after = ''] = await sides.allInnerTexts();
    assert.match(before, /app.2\.4\.1/);
    assert.match(after, /app.2\.4\.0/);
    // Outputs have a language of their own, with calm defaults.
    assert.match((await workbench.statusBar()).join(' | '), /Consul Exec Output/);
  });
  await session.screenshot('compare');
}

async function searchOutput(session: Session): Promise<void> {
  const { workbench, runs } = session;
  const { quickPick } = workbench;
  await runs.open();
  await workbench.tree.contextMenu('version.sh', 'Search Run Output…');
  await quickPick.waitFor('Search Run Output: version.sh');
  await quickPick.type('APP');
  await says(session, /3 lines on 3 nodes\./);
  await quickPick.switch('Match Case');
  await says(session, /No line in this run's output matches\./);
  await session.screenshot('search');
  await quickPick.switch('Match Case');
  await quickPick.switch('Use Regular Expression');
  await quickPick.type('4\\.0$');
  await says(session, /1 line on 1 node\./);
  await quickPick.escape();
}

async function switchShell(session: Session): Promise<void> {
  const { quickPick } = session.workbench;
  await session.workbench.runCommand('Consul Exec: Run Command on Consul Nodes…');
  await quickPick.waitFor('Run Command on Consul Nodes');
  await quickPick.type('echo $NODE_NAME');
  assert.doesNotMatch(await quickPick.message(), /Without a shell/);
  await quickPick.switch("Run through the agents' shell");
  await says(session, /Without a shell: "echo", "\$NODE_NAME"/);
  await session.screenshot('no-shell');
  await quickPick.switch("Run through the agents' shell");
  await eventually(async () => {
    assert.doesNotMatch(await quickPick.widget.innerText(), /Without a shell/);
  });
  await session.screenshot('shell');
  await quickPick.escape();
}

async function runCell(session: Session): Promise<void> {
  const { workbench, picks, runs } = session;
  const { page } = workbench;
  await workbench.openFile('check.md');
  await workbench.runCommand('Consul Exec: Reopen as Runbook');
  await page.locator('.notebookOverlay .code-cell-row').first().waitFor({ timeout: 60_000 });
  await workbench.runCommand('Notebook: Run All');
  await picks.untilSelected(['web1', 'web10', 'web11']);
  await picks.start();
  assert.match((await runs.ended('echo cell')).words, /^3 ok/);
  await eventually(async () => {
    const outputs = page.frames().map((frame) => frame.locator('.output_container'));
    const texts = await Promise.all(outputs.map((one) => one.allInnerTexts().catch(() => [])));
    assert.match(texts.flat().join('\n'), /3 ok[^]*cell/);
  });
  await session.screenshot('runbook');
  await workbench.runCommand('View: Close All Editors');
}

async function reloadHistory(session: Session): Promise<void> {
  const { workbench, runs } = session;
  await session.reload();
  await runs.open();
  const run = await runs.ended(runOfLines);
  assert.match(run.words, /^3 ok/);
  await workbench.tree.contextMenu(runOfLines, 'Show Output');
  await eventually(async () => {
    assert.match(await workbench.wholeOutputText(), /^web11 │ app 2\.4\.0$/m);
  });
  await session.screenshot('reloaded');
}
