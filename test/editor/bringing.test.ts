import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { clearRuns } from './support/clearRuns.ts';
import { eventually } from './support/eventually.ts';
import { assertNothingWritten } from './support/leftovers.ts';
import { editorSession, type Session } from './support/session.ts';

/** What people bring: a filter, scripts for other interpreters, names in the notations of other tools. */
const scenario = editorSession({
  name: 'bringing',
  files: {
    'name.sh': 'echo "I am $NODE_NAME"\n',
    'linux.sh': '#!/bin/bash\n\n[[ $(uname) == Linux ]] && echo linux || echo other\n',
    'doc.py': '"""Not a command: `false`"""\nprint("from python", 6 * 7)\n',
    'old.bat': '@echo off\r\necho hello\r\n',
    'data.json': '{}\n',
    'flow.yml': 'steps:\n  - run: |\n      cat <<END\n      at the margin\n      END\n',
    'nodes.txt': '# canaries\nweb-01\nWEB-02\nweb-99\nweb-01\n',
    'space.sh': 'echo one\necho\u00a0two\n',
  },
  settings: { 'consulExec.wait': '5s' },
});

const runFile = 'Consul Exec: Run File on Consul Nodes…';
const runSelection = 'Consul Exec: Run Selection on Consul Nodes…';

async function begin({ workbench, picks }: Session, file = 'name.sh'): Promise<void> {
  await workbench.openFile(file);
  await workbench.runCommand(runFile);
  await picks.waitFor('service');
}

async function says({ workbench }: Session, words: RegExp): Promise<void> {
  await eventually(async () => {
    assert.match(await workbench.quickPick.widget.innerText(), words);
  });
}

async function toNodeStep(session: Session): Promise<void> {
  await begin(session);
  await session.workbench.quickPick.choose('Any Service');
  await session.picks.waitFor('nodes');
}

async function selects({ picks }: Session, labels: readonly string[]): Promise<void> {
  await picks.untilSelected(labels);
}

scenario(
  'Enter asks while the filter hides selected nodes, and runs on what is chosen',
  async (s) => {
    const { workbench, picks, runs, fleet } = s;
    const { quickPick } = workbench;
    const { keyboard } = workbench.page;
    await runs.open();
    await assertNothingWritten(fleet.address, async () => {
      await begin(s);
      await picks.toReview({ service: 'web' });
      await quickPick.type('web-03');
      await says(s, /2 selected nodes are hidden by the filter: web-01, web-02/);
      await quickPick.accept();
      await quickPick.waitFor('Hidden Nodes');
      await s.screenshot('hidden');
      assert.deepEqual(
        (await quickPick.items()).map((item) => item.split(',')[0]),
        ['Run on the Shown Node Only', 'Back to the Review', 'Run on All 3 Selected Nodes'],
      );
      await keyboard.press('ArrowDown');
      await keyboard.press('Enter');
      await selects(s, ['web-01', 'web-02', 'web-03']);
      // The button asks as well.
      await quickPick.type('web-03');
      await quickPick.press('Run on 3 nodes');
      await quickPick.waitFor('Hidden Nodes');
    });
    await keyboard.press('Enter');
    await quickPick.waitUntilClosed();
    const run = await runs.ended('name.sh');
    assert.deepEqual([...run.nodes.keys()], ['web-03']);
  },
);

scenario('a filter that hides no selected node asks nothing', async (s) => {
  const { workbench, picks, runs } = s;
  await clearRuns(s);
  await begin(s);
  await picks.toReview({ service: 'web' });
  await workbench.quickPick.type('web-0');
  await workbench.quickPick.accept();
  await workbench.quickPick.waitUntilClosed();
  const run = await runs.ended('name.sh');
  assert.equal(run.nodes.size, 3);
});

scenario(
  'a selection inherits the first line of its file, which can be switched off',
  async (s) => {
    const { workbench, picks, runs } = s;
    const { quickPick } = workbench;
    await clearRuns(s);
    await workbench.openFile('linux.sh');
    await workbench.selectLines(3, 3);
    await workbench.runCommand(runSelection);
    await picks.toReview({ service: 'web', tag: 'primary' });
    await says(
      s,
      /· 1 line · script run by bash from the file's first line ·.*#!\/bin\/bash ⏎ \[\[/,
    );
    await s.screenshot('interpreter');
    await quickPick.press('Run without the added line "#!/bin/bash"');
    // Without it, there is a warning, so the review opens as a view, beside what the nodes receive.
    await picks.view.says(/^Line 1 uses \[\[/);
    const text = (first: RegExp) =>
      eventually(async () => assert.match(await workbench.editor.visibleText(), first));
    await text(/^\[\[ /);
    await workbench.tree.expand(/^Script and Options/);
    await picks.view.click(/^Add the line "#!\/bin\/bash"/, /^Run without the added line/);
    await picks.view.saysNot(/^Line 1 uses/);
    await text(/^#!\/bin\/bash\n\[\[ /);
    await picks.start();
    await runs.ended('[[');
    await eventually(async () => {
      assert.match(await workbench.wholeOutputText(), /^web-01 │ linux$/m);
    });
  },
);

scenario(
  'a Python file runs in Python, and the review shows that it is the whole file',
  async (s) => {
    const { workbench, picks, runs } = s;
    await clearRuns(s);
    await workbench.openFile('doc.py');
    await workbench.runCommand(runSelection);
    await picks.toReview({ service: 'web', tag: 'primary' });
    await says(s, /Whole file doc\.py, 2 lines · script run by python3 for Python ·/);
    await workbench.quickPick.accept();
    await runs.ended('doc.py');
    await eventually(async () => {
      assert.match(await workbench.wholeOutputText(), /^web-01 │ from python 42$/m);
    });
  },
);

for (const [file, sentence] of [
  ['old.bat', /Agents on Linux can't run Windows batch files\./],
  ['data.json', /Agents can't run a file in the language "json"\. Select the script text in it/],
] as const) {
  scenario(`${file} is refused`, async (s) => {
    await assertNothingWritten(s.fleet.address, async () => {
      await s.workbench.openFile(file);
      await s.workbench.runCommand(runFile);
      const toast = await s.workbench.notification(sentence);
      await toast.hover();
      await toast
        .getByRole('button', { name: /^(Clear|Close) Notification/ })
        .first()
        .click();
      assert.equal(await s.workbench.quickPick.isOpen(), false);
    });
  });
}

scenario('an indented step runs without its indentation; a line runs alone', async (s) => {
  const { workbench, picks, runs } = s;
  await clearRuns(s);
  await workbench.openFile('flow.yml');
  await workbench.selectLines(3, 5);
  await workbench.runCommand(runSelection);
  await picks.run({ service: 'web', tag: 'primary' });
  await runs.ended('cat <<END');
  await eventually(async () => {
    assert.match(await workbench.wholeOutputText(), /^web-01 │ at the margin\nweb-01 ╰ exited 0/m);
  });
  await clearRuns(s);
  await workbench.openFile('space.sh');
  await workbench.editor.root.click();
  await workbench.page.keyboard.press('Control+Home');
  await workbench.runCommand('Consul Exec: Run Current Line on Consul Nodes…');
  await picks.toReview({ service: 'web', tag: 'primary' });
  await says(s, /^echo one · 1 line ·/m);
  await workbench.quickPick.escape();
  await workbench.runCommand(runFile);
  await picks.toReview({ service: 'web', tag: 'primary' });
  await picks.view.warns('Line 2 has a character (U+00A0)');
  await s.screenshot('look-alike-space');
  await picks.leave();
});

scenario('a file that is not UTF-8 runs as it is on disk; a part of it is refused', async (s) => {
  const { workbench, picks, runs, workspaceFolder, fleet } = s;
  await clearRuns(s);
  const text = "printf 'caf\u00e9' | od -An -tx1 -v\nprintf 'a\rb' | od -An -tx1\n";
  await writeFile(join(workspaceFolder, 'latin.sh'), Buffer.from(text, 'latin1'));
  await workbench.openFile('latin.sh');
  await workbench.runCommand(runFile);
  await picks.toReview({ service: 'web', tag: 'primary' });
  await says(s, /not UTF-8, sent byte for byte/);
  await workbench.quickPick.accept();
  await runs.ended('latin.sh');
  await eventually(async () => {
    const output = await workbench.wholeOutputText();
    assert.match(output, /^web-01 │ +63 61 66 e9\nweb-01 │ +61 0d 62$/m);
  });
  await assertNothingWritten(fleet.address, async () => {
    await workbench.selectLines(1, 1);
    await workbench.runCommand(runSelection);
    await workbench.notification(/Some bytes of latin\.sh are not valid in the encoding UTF-8/);
    await s.screenshot('lost-bytes');
  });
});

scenario(
  'a wildcard shows both of its meanings, and the review offers the other one',
  async (s) => {
    const { workbench, picks } = s;
    const { quickPick } = workbench;
    await toNodeStep(s);
    await picks.typeExpression('Node Matches…', 'w*1');
    const both = /As names: 1 node: web-01\. As a regular expression: 3 of 5 nodes\./;
    await eventually(async () => assert.match(await quickPick.message(), both));
    await s.screenshot('wildcard');
    await quickPick.accept();
    await selects(s, ['db-01', 'server-1', 'web-01']);
    await picks.view.warns('"w*1" is used as a regular expression, not as a wildcard');
    await s.screenshot('wildcard-review');
    // Back returns to the expression, as it was typed.
    await workbench.runCommand('Consul Exec: Select Other Nodes…');
    await picks.waitFor('nodes');
    await eventually(async () => assert.match(await quickPick.message(), both));
    await workbench.page.keyboard.press('Escape');
    await quickPick.waitUntilClosed();
    await selects(s, ['db-01', 'server-1', 'web-01']);
    await picks.view.click(/^Use any service · node web-01 Instead/, /^Run on 1 node/);
    await selects(s, ['web-01']);
    await workbench.runCommand('Consul Exec: Select Other Nodes…');
    // The fix is a list of nodes, with one selected.
    await eventually(async () => assert.deepEqual(await quickPick.selectedLabels(), ['web-01']));
    await quickPick.back();
    await picks.typeExpression('Node Matches…', 'w*1');
    await eventually(async () => assert.match(await quickPick.message(), both));
    await quickPick.press('Use as Names');
    await quickPick.waitUntilClosed();
    await selects(s, ['web-01']);
    await picks.leave();
  },
);

scenario('a range that RE2 refuses, and a list with unclear names', async (s) => {
  const { workbench, picks } = s;
  const { quickPick } = workbench;
  await toNodeStep(s);
  await picks.typeExpression('Node Matches…', 'web-[01-03]');
  await eventually(async () => {
    assert.match(await quickPick.message(), /^As names: 3 nodes: web-01, web-02, web-03\.$/);
  });
  await quickPick.accept();
  await selects(s, ['web-01', 'web-02', 'web-03']);
  await quickPick.back();
  await picks.waitFor('nodes');
  // First to the nodes that the names meant, then to the other ways to choose.
  await quickPick.row('db-01').waitFor();
  await quickPick.back();
  await picks.typeExpression('Node Matches…', 'web-01, WEB-02, bd-01, mainframe');
  await eventually(async () => {
    assert.match(
      await quickPick.message(),
      /^As names: 2 nodes: web-01, web-02\. "WEB-02" is taken as web-02\. No node is named "bd-01"; similar: db-01\. Not found: mainframe\.$/,
    );
  });
  await quickPick.accept();
  await quickPick.row('db-01').waitFor();
  await s.screenshot('unclear-names');
  assert.deepEqual(await quickPick.selectedLabels(), ['web-01', 'web-02']);
  await quickPick.toggle('db-01');
  await quickPick.accept();
  await selects(s, ['db-01', 'web-01', 'web-02']);
  await quickPick.escape();
});

scenario('names pasted into the list of nodes select these nodes', async (s) => {
  const { workbench, picks } = s;
  const { quickPick } = workbench;
  await toNodeStep(s);
  await quickPick.choose('Select Nodes…');
  await quickPick.row('web-01').waitFor();
  // A browser pastes line breaks as spaces.
  await workbench.page.keyboard.insertText('- web-02\n- server-1');
  await says(s, /As names: 2 nodes: web-02, server-1\. Press Enter to select them\./);
  await s.screenshot('pasted');
  await quickPick.accept();
  await eventually(async () => {
    assert.deepEqual(await quickPick.selectedLabels(), ['server-1', 'web-02']);
  });
  await quickPick.accept();
  await selects(s, ['server-1', 'web-02']);
  await picks.view.warns('The targets include Consul servers: server-1.');
  await picks.leave();
});

scenario('names from a file are shown with what is unclear, and addresses are names', async (s) => {
  const { workbench, picks } = s;
  const { quickPick } = workbench;
  await toNodeStep(s);
  await quickPick.choose('Nodes from a File…');
  await quickPick.waitFor('Nodes from a File');
  await quickPick.typePath(join(s.workspaceFolder, 'nodes.txt'));
  await quickPick.accept();
  await quickPick.waitFor('Select the nodes that the unclear names mean, or continue');
  await says(s, /As names: 2 nodes: web-01, web-02\. "WEB-02" is taken as web-02\./);
  await says(s, /No node is named "web-99"; similar: web-0.*Named more than once: web-01\./s);
  await s.screenshot('file');
  assert.deepEqual(await quickPick.selectedLabels(), ['web-01', 'web-02']);
  await quickPick.accept();
  await selects(s, ['web-01', 'web-02']);
  await quickPick.back();
  await quickPick.row('web-01').waitFor();
  await quickPick.back();
  await quickPick.row('Node Matches…').waitFor();
  await picks.typeExpression('Node Matches…', 'web-*,!127.0.0.0/8');
  await says(s, /127\.0\.0\.0\/8 has \d nodes\./);
  await quickPick.type('127.0.0.0/8&web-0*,!web-02');
  await says(s, /As names: 2 nodes: web-01, web-03\. 127\.0\.0\.0\/8 has \d nodes\./);
  await s.screenshot('addresses');
  await quickPick.accept();
  await selects(s, ['web-01', 'web-03']);
  await quickPick.escape();
});
