import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clearRuns } from './support/clearRuns.ts';
import { eventually } from './support/eventually.ts';
import { editorSession } from './support/session.ts';

const TOOL = '#!/bin/sh\r\necho "whole file on $NODE_NAME"\r\n';

const scenario = editorSession({
  name: 'forms',
  files: {
    'tool.sh': TOOL,
    'bom.sh': '\ufeff#!/bin/sh\necho "marked $NODE_NAME"\n',
    // With a carriage return left at its end, the last line would fail.
    'parts.sh': '#!/bin/sh\r\necho "first"\r\nexit 9\r\ntest "$NODE_NAME" = web-01\r\nexit 9\r\n',
  },
  // A browser's window saves by itself.
  settings: { 'consulExec.wait': '5s', 'files.autoSave': 'off' },
});

scenario('the first run of a window opens the Runs view, and the focus stays', async (session) => {
  const { workbench, picks, runs } = session;
  await workbench.openView('Explorer');
  await workbench.openFile('uptime.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'db' });
  assert.match((await runs.ended('uptime.sh')).words, /^1 ok/);
  const focused = workbench.page.locator('.part.editor :focus');
  await focused.waitFor({ state: 'attached' });
  await session.screenshot('first-run');
  await clearRuns(session);
});

scenario('where nothing is typed, Enter shows what is missing', async (session) => {
  const { workbench, picks } = session;
  const { quickPick } = workbench;
  await workbench.runCommand('Consul Exec: Run Command on Consul Nodes…');
  await quickPick.waitFor('Run Command on Consul Nodes');
  for (const nothing of ['', '  ']) {
    await quickPick.type(nothing);
    await quickPick.accept();
    await eventually(async () => assert.equal(await quickPick.message(), 'Enter a command.'));
  }
  await session.screenshot('no-command');
  // The message disappears once something is typed.
  await quickPick.type('true');
  await eventually(async () => assert.doesNotMatch(await quickPick.message(), /Enter a command/));
  await quickPick.accept();
  await picks.waitFor('service');
  await picks.typeExpression('Service Matches…', '');
  await quickPick.accept();
  await eventually(async () => {
    assert.equal(
      await quickPick.message(),
      'Enter an expression, or go back for the other choices.',
    );
  });
  await session.screenshot('no-expression');
  await quickPick.escape();
});

scenario('a typed command goes through the shell of the nodes', async (session) => {
  const { workbench, picks, runs } = session;
  await runs.open();
  await workbench.runCommand('Consul Exec: Run Command on Consul Nodes…');
  await workbench.quickPick.waitFor('Run Command on Consul Nodes');
  await workbench.quickPick.type('echo "$NODE_NAME" | tr a-z A-Z');
  await session.screenshot('command');
  await workbench.quickPick.accept();
  await picks.run({ service: 'web' });
  const run = await runs.ended('echo "$NODE_NAME"');
  assert.match(run.words, /^3 ok/);
  assert.match(await workbench.wholeOutputText(), /^web-02 │ WEB-02$/m);
});

scenario('typed commands are offered again, until they are removed', async (session) => {
  const { workbench, picks } = session;
  const { quickPick } = workbench;
  const open = async () => {
    await workbench.runCommand('Consul Exec: Run Command on Consul Nodes…');
    await quickPick.waitFor('Run Command on Consul Nodes');
  };
  const offered = async () => (await quickPick.items()).map((item) => item.split(',')[0]);
  await open();
  await eventually(async () =>
    assert.deepEqual(await offered(), ['echo "$NODE_NAME" | tr a-z A-Z', 'true']),
  );
  // As in a shell, a space in front keeps a command out of the history.
  await quickPick.type(' hostname');
  await quickPick.accept();
  await picks.waitFor('service');
  await quickPick.escape();
  await open();
  await quickPick.type('tr');
  await eventually(async () => assert.equal((await offered()).length, 3));
  await session.screenshot('command-history');
  await quickPick.type('');
  await quickPick.row('true').hover();
  await quickPick.row('true').getByRole('button', { name: 'Remove from History' }).click();
  await eventually(async () =>
    assert.deepEqual(await offered(), ['echo "$NODE_NAME" | tr a-z A-Z']),
  );
  await quickPick.accept();
  await picks.waitFor('service');
  await quickPick.escape();
});

scenario('without a shell it is shown as the vector it runs as', async (session) => {
  const { workbench, picks, runs } = session;
  await runs.open();
  await workbench.runCommand('Consul Exec: Run Command on Consul Nodes…');
  await workbench.quickPick.waitFor('Run Command on Consul Nodes');
  await workbench.quickPick.type(`echo '$NODE_NAME |' end`);
  await workbench.quickPick.widget
    .getByRole('checkbox', { name: "Run through the agents' shell" })
    .click();
  await eventually(async () => {
    assert.match(
      await workbench.quickPick.message(),
      /Without a shell: "echo", "\$NODE_NAME \|", "end"/,
    );
  });
  await session.screenshot('arguments');
  await workbench.quickPick.accept();
  await picks.run({ service: 'db' });
  const run = await runs.ended(`echo '$NODE_NAME`);
  assert.match(run.words, /^1 ok/);
  assert.match(await workbench.wholeOutputText(), /^db-01 │ \$NODE_NAME \| end$/m);
});

scenario('with nothing selected, the selection is the whole file', async (session) => {
  const { workbench, picks, runs } = session;
  await runs.open();
  await workbench.openFile('tool.sh');
  await workbench.runCommand('Consul Exec: Run Selection on Consul Nodes…');
  await picks.run({ service: 'web', tag: 'primary' });
  const run = await runs.ended('tool.sh');
  assert.deepEqual([...run.nodes.keys()], ['web-01']);
  assert.match(await workbench.wholeOutputText(), /^web-01 │ whole file on web-01$/m);
});

scenario('selected nodes of any service run it, including the server', async (session) => {
  const { workbench, picks, runs } = session;
  await clearRuns(session);
  await workbench.openFile('tool.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'Any Service', nodes: ['db-01', 'server-1'] });
  const run = await runs.ended('tool.sh');
  assert.deepEqual([...run.nodes.keys()].toSorted(), ['db-01', 'server-1']);
  assert.match(run.words, /^2 ok/);
});

scenario('the explorer offers it for a script', async (session) => {
  const { workbench, picks, runs } = session;
  await workbench.openView('Explorer');
  await workbench.tree.contextMenu('tool.sh', 'Run File on Consul Nodes…');
  await picks.run({ service: 'db' });
  // Who is in the Explorer is not pulled out of it: the badge and the output tell of the run.
  assert.ok((await workbench.tree.rows()).some(({ text }) => text.startsWith('uptime.sh')));
  await runs.open();
  const run = await runs.until('tool.sh', ({ nodes }) => assert.equal(nodes.size, 1));
  await runs.ended('tool.sh');
  assert.deepEqual([...run.nodes.keys()], ['db-01']);
});

scenario('with nothing selected, the menu of the editor says it is the file', async (session) => {
  const { workbench } = session;
  await workbench.openFile('uptime.sh');
  await workbench.page.keyboard.press('Shift+F10');
  const menu = workbench.page.locator('.monaco-menu');
  await menu.getByRole('menuitem', { name: 'Run File on Consul Nodes…' }).waitFor();
  const items = await menu.getByRole('menuitem').allInnerTexts();
  assert.ok(!items.some((item) => item.includes('Run Selection')), items.join(' | '));
  await workbench.page.keyboard.press('Escape');
});

scenario('a context menu of the editor runs the selected lines', async (session) => {
  const { workbench, picks, runs } = session;
  await runs.open();
  await workbench.openFile('uptime.sh');
  await workbench.selectLines(3, 3);
  await workbench.page.keyboard.press('Shift+F10');
  const entry = workbench.page
    .locator('.monaco-menu')
    .getByRole('menuitem', { name: 'Run Selection on Consul Nodes…' });
  await entry.waitFor();
  await session.screenshot('editor-menu');
  await workbench.page.waitForTimeout(150);
  await entry.click();
  await picks.run({ service: 'db' });
  const run = await runs.ended('uptime');
  assert.match(run.words, /^1 ok/);
});

scenario('several selections run in the order they stand in, whatever the line ends', async (s) => {
  const { workbench, picks, runs } = s;
  await clearRuns(s);
  await workbench.openFile('parts.sh');
  await workbench.selectLines(4, 4);
  // Up to the beginning of the next line.
  const second = workbench.editor.root.locator('.view-line', { hasText: 'first' });
  await second.click({ modifiers: ['Alt'], clickCount: 3, position: { x: 10, y: 8 } });
  await eventually(async () => {
    assert.match((await workbench.statusBar()).join(' | '), /2 selections/);
  });
  await workbench.runCommand('Consul Exec: Run Selection on Consul Nodes…');
  await picks.toReview({ service: 'web', tag: 'primary' });
  const told = await workbench.quickPick.widget.innerText();
  assert.match(
    told,
    /· 2 lines ·.* · CRLF sent as LF ·.* — #!\/bin\/sh ⏎ echo "first" ⏎ test "\$NODE_NAME" = web-01$/m,
  );
  await s.screenshot('selections');
  await workbench.quickPick.accept();
  const run = await runs.ended('echo "first"');
  assert.match(run.words, /^1 ok/);
  await eventually(async () => {
    assert.match(await workbench.wholeOutputText(), /^web-01 │ first$/m);
  });
});

scenario('what runs is what is seen, saved or not', async (session) => {
  const { workbench, picks, runs, workspaceFolder } = session;
  const { keyboard } = workbench.page;
  await clearRuns(session);
  await workbench.openFile('tool.sh');
  await workbench.editor.root.click();
  await keyboard.press('Control+End');
  await keyboard.insertText('echo "not saved"\n');
  for (const begin of [
    () => workbench.runCommand('Consul Exec: Run File on Consul Nodes…'),
    async () => {
      await workbench.openView('Explorer');
      await workbench.tree.contextMenu('tool.sh', 'Run File on Consul Nodes…');
    },
  ]) {
    await begin();
    await picks.run({ service: 'web', tag: 'primary' });
    await runs.open();
    await eventually(async () => {
      const text = await workbench.wholeOutputText();
      assert.match(text, /^web-01 │ whole file on web-01\nweb-01 │ not saved\nweb-01 ╰ exited 0/m);
    });
    await runs.ended('tool.sh');
    await clearRuns(session);
  }
  assert.equal(await readFile(join(workspaceFolder, 'tool.sh'), 'utf8'), TOOL);
  await workbench.runCommand('View: Revert and Close Editor');
});

scenario('a text that is no file yet, and one with a byte order mark', async (session) => {
  const { workbench, picks, runs } = session;
  const { keyboard } = workbench.page;
  await clearRuns(session);
  await workbench.runCommand('File: New Untitled Text File');
  const tab = workbench.page.getByRole('tab', { name: /Untitled-1/ });
  await tab.waitFor();
  await keyboard.insertText('echo "no file on $NODE_NAME"');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'web', tag: 'primary' });
  await runs.ended('Untitled-1');
  await eventually(async () => {
    assert.match(await workbench.wholeOutputText(), /^web-01 │ no file on web-01$/m);
  });
  await workbench.runCommand('View: Revert and Close Editor');
  await tab.waitFor({ state: 'hidden' });
  await workbench.openFile('bom.sh');
  await workbench.runCommand('Consul Exec: Run Selection on Consul Nodes…');
  await picks.run({ service: 'web', tag: 'primary' });
  await runs.ended('bom.sh');
  await eventually(async () => {
    const lines = (await workbench.wholeOutputText()).split('\n');
    const own = lines.filter((line) => line.startsWith('web-01 │'));
    assert.deepEqual(own, ['web-01 │ marked web-01']);
  });
});
