import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import type { DrawnRun } from './support/runList.ts';
import { editorSession, type Session } from './support/session.ts';

/** Four nodes: web-01, web-02, db-01 and web-03, which runs an older version than the others. */
const scenario = editorSession({
  name: 'results',
  clients: 4,
  files: {
    'who.sh': 'echo "$NODE_NAME is here"\n',
    'report.sh': [
      'echo "Report of $NODE_NAME"',
      'seq -f "line %g" 1 60',
      'echo "disk: $([ "$NODE_NAME" = db-01 ] && echo FULL || echo fine)"',
      'echo "=1+1, a \\"quoted\\" cell"',
    ].join('\n'),
    'slow.sh': 'for step in 1 2 3 4 5; do echo "step $step"; sleep 2; done\n',
  },
  settings: { 'consulExec.wait': '5s' },
});

async function runFile({ workbench, picks, runs }: Session, file: string): Promise<void> {
  await runs.open();
  await workbench.openFile(file);
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'Any Service', nodes: ['web-01', 'web-02', 'db-01', 'web-03'] });
}

/** The newest run of the file; run first if there is none. */
async function runOnce(session: Session, file: string): Promise<DrawnRun> {
  const { workbench, runs } = session;
  await runs.open();
  if (!(await runs.all()).some(({ label }) => label === file)) await runFile(session, file);
  const run = await runs.ended(file);
  // A newer run collapses it.
  await workbench.tree.expand(file);
  return run;
}

async function groupBy({ workbench }: Session, mode: string): Promise<void> {
  await workbench.runCommand('Consul Exec: Group Nodes…');
  await workbench.quickPick.choose(mode);
  await workbench.quickPick.waitUntilClosed();
}

scenario('nodes with the same output are one group, the largest first', async (session) => {
  await runOnce(session, 'app-version.sh');
  await groupBy(session, 'By identical output');
  await eventually(async () => {
    const [same, odd, ...others] = await session.runs.groups('app-version.sh');
    assert.match(same ?? '', /^3 nodes "app 2\.4\.1" · exited 0/);
    assert.match(odd ?? '', /^web-0\d "app 2\.4\.0" · exited 0/);
    assert.deepEqual(others, []);
  });
  await session.screenshot('groups');
});

scenario('differences that are ignored make one group, and the view says so', async (session) => {
  const { workbench } = session;
  await runOnce(session, 'who.sh');
  await groupBy(session, 'By identical output');
  await eventually(async () => assert.equal((await session.runs.groups('who.sh')).length, 4));
  await workbench.runCommand('Consul Exec: Ignore Differences When Grouping…');
  await workbench.quickPick.waitFor('Ignore When Grouping by Output');
  await workbench.quickPick.toggle("the node's own name");
  await workbench.quickPick.accept();
  await eventually(async () => {
    const [all, ...others] = await session.runs.groups('who.sh');
    assert.match(all ?? '', /^4 nodes "/);
    assert.deepEqual(others, []);
    const sidebar = await workbench.page.locator('.part.sidebar').innerText();
    assert.match(sidebar, /Grouped ignoring the node's own name/);
  });
  await session.screenshot('ignored');
  await workbench.tree.contextMenu('who.sh', 'Copy Run as Markdown');
  await eventually(async () => {
    const note = await workbench.page.evaluate<string>('navigator.clipboard.readText()');
    assert.match(note, /Grouped ignoring the node's own name\. [\s\S]*### 4 nodes · exited 0\n/);
  });
  await workbench.runCommand('Consul Exec: Ignore Differences When Grouping…');
  await workbench.quickPick.waitFor('Ignore When Grouping by Output');
  await workbench.quickPick.toggle("the node's own name");
  await workbench.quickPick.accept();
  await eventually(async () => assert.equal((await session.runs.groups('who.sh')).length, 4));
});

scenario('a group that is filtered counts, copies and runs what it shows', async (session) => {
  const { workbench, picks, runs } = session;
  await runOnce(session, 'app-version.sh');
  const filter = async (text: string) => {
    await workbench.runCommand('Consul Exec: Filter Nodes by Name…');
    await workbench.quickPick.type(text);
    await workbench.quickPick.accept();
    await workbench.quickPick.waitUntilClosed();
  };
  await groupBy(session, 'By identical output');
  await filter('web');
  await eventually(async () => {
    const [same, odd, ...others] = await runs.groups('app-version.sh');
    assert.match(same ?? '', /^2 of 3 nodes "app 2\.4\.1" · exited 0/);
    assert.match(odd ?? '', /^web-0\d "app 2\.4\.0" · exited 0/);
    assert.deepEqual(others, []);
  });
  await session.screenshot('filtered');
  await workbench.tree.contextMenu(/^2 of 3 nodes/, 'Copy Node Names');
  await eventually(async () => {
    const copied = await workbench.page.evaluate<string>('navigator.clipboard.readText()');
    assert.equal(copied, 'web-01\nweb-02\n');
  });
  await workbench.tree.contextMenu(/^2 of 3 nodes/, 'Run Again on These Nodes…');
  await picks.untilSelected(['web-01', 'web-02']);
  await picks.leave();
  await groupBy(session, 'By status');
  await eventually(async () => {
    assert.match((await runs.groups('app-version.sh'))[0] ?? '', /^3 of 4 ok/);
  });
  await filter('db');
  await groupBy(session, 'By identical output');
  await eventually(async () => {
    assert.equal((await runs.groups('app-version.sh')).length, 1);
    assert.match((await runs.groups('app-version.sh'))[0] ?? '', /^1 of 3 nodes/);
  });
  await workbench.runCommand('Consul Exec: Clear Node Filter');
  await eventually(async () => assert.equal((await runs.groups('app-version.sh')).length, 2));
});

scenario('a group runs again on its nodes alone', async (session) => {
  const { workbench, picks, runs } = session;
  await runOnce(session, 'app-version.sh');
  await groupBy(session, 'By identical output');
  await workbench.tree.waitFor('3 nodes');
  const before = (await runs.all()).length;
  await workbench.tree.contextMenu(/^3 nodes/, 'Run Again on These Nodes…');
  await picks.untilSelected(['db-01', 'web-01', 'web-02']);
  await picks.start();
  await eventually(async () => assert.equal((await runs.all()).length, before + 1));
  const again = await runs.ended('app-version.sh');
  assert.match(again.words, /^3 ok/);
});

scenario('what is typed is found in every output, and Enter shows it', async (session) => {
  const { workbench } = session;
  await runOnce(session, 'report.sh');
  await workbench.tree.contextMenu('report.sh', 'Search Run Output…');
  const { quickPick } = workbench;
  await quickPick.waitFor('Search Run Output: report.sh');
  const rows = async () => quickPick.items();
  await quickPick.type('DISK');
  await eventually(async () => assert.equal((await rows()).length, 4));
  await eventually(async () => {
    assert.match(await quickPick.widget.innerText(), /4 lines on 4 nodes/);
    assert.match(await quickPick.widget.innerText(), /db-01 · 1 line/);
  });
  await session.screenshot('search');
  await quickPick.switch('Match Case');
  await eventually(async () => {
    assert.match(await quickPick.widget.innerText(), /No line in this run's output matches\./);
  });
  await quickPick.switch('Match Case');
  await quickPick.switch('Use Regular Expression');
  await quickPick.type('disk: (');
  await eventually(async () => {
    assert.match(
      await quickPick.widget.innerText(),
      /"disk: \(" is not a valid regular expression/,
    );
  });
  await session.screenshot('search-mistake');
  await quickPick.type('^disk: F.LL$');
  await eventually(async () => assert.equal((await rows()).length, 1));
  await quickPick.switch('Use Regular Expression');
  await quickPick.type('line 6');
  await eventually(async () => {
    assert.match(await quickPick.widget.innerText(), /8 lines on 4 nodes/);
  });
  await quickPick.switch('Match Whole Word');
  await eventually(async () => {
    assert.match(await quickPick.widget.innerText(), /4 lines on 4 nodes/);
  });
  await quickPick.switch('Match Whole Word');
  await quickPick.type('FULL');
  await eventually(async () => assert.equal((await rows()).length, 1));
  await quickPick.accept();
  await workbench.page.getByRole('tab', { name: 'db-01.txt', selected: true }).waitFor();
  await eventually(async () => {
    const status = (await workbench.statusBar()).join(' | ');
    assert.match(status, /Ln 62, Col 11 \(4 selected\)/);
  });
  await session.screenshot('search-opened');
});

const exports = [
  { format: 'Markdown', extension: 'md', inside: /^# report\.sh\n[\s\S]*disk: FULL/ },
  { format: 'CSV', extension: 'csv', inside: /db-01,ok,exited,0,[\s\S]*a ""quoted"" cell/ },
  { format: 'JSON', extension: 'json', inside: /"schemaVersion": 2[\s\S]*disk: FULL/ },
  { format: 'JSON Lines', extension: 'jsonl', inside: /^\{"type":"run"[\s\S]*"type":"node"/ },
];

scenario('a run is exported in each format, and one click opens the file', async (session) => {
  const { workbench, workspaceFolder } = session;
  await runOnce(session, 'report.sh');
  for (const { format, extension, inside } of exports) {
    await workbench.tree.contextMenu('report.sh', 'Export Run…');
    await workbench.quickPick.waitFor('Export Run');
    if (extension === 'md') await session.screenshot('export-formats');
    await workbench.quickPick.choose(format);
    await workbench.quickPick.waitFor(`Export Run as ${format}`);
    if (extension === 'md') await session.screenshot('export-dialog');
    await workbench.quickPick.accept();
    const toast = await workbench.notification(
      new RegExp(`Saved the run to report\\.sh-.*\\.${extension}\\.`),
    );
    if (extension === 'md') await session.screenshot('exported');
    const name = (await readdir(workspaceFolder)).find((file) =>
      new RegExp(`^report\\.sh-.*\\.${extension}$`).test(file),
    );
    assert.ok(name !== undefined);
    const text = await readFile(join(workspaceFolder, name), 'utf8');
    assert.match(text, inside);
    if (extension === 'json') assert.equal(typeof JSON.parse(text), 'object');
    await toast.getByRole('button', { name: 'Open' }).click();
    await workbench.page.getByRole('tab', { name, selected: true }).waitFor();
  }
  assert.deepEqual(
    (await readdir(workspaceFolder)).filter((file) => file.endsWith('.part')),
    [],
  );
});

scenario('names of nodes and the note go to the clipboard', async (session) => {
  const { workbench } = session;
  await runOnce(session, 'app-version.sh');
  const clipboard = () => workbench.page.evaluate<string>('navigator.clipboard.readText()');
  await runOnce(session, 'report.sh');
  await groupBy(session, 'By node');
  await workbench.tree.expand('report.sh');
  // A row that is about to move takes another's click.
  await eventually(async () => {
    assert.match((await session.runs.groups('report.sh'))[0] ?? '', /^db-01/);
  });
  await workbench.tree.contextMenu('report.sh', 'Copy Node Names');
  await workbench.quickPick.choose('ok');
  await eventually(async () => assert.equal(await clipboard(), 'db-01\nweb-01\nweb-02\nweb-03\n'));
  await groupBy(session, 'By identical output');
  await workbench.tree.expand('app-version.sh');
  await workbench.tree.waitFor('"app 2.4.0"');
  await workbench.tree.contextMenu('"app 2.4.0"', 'Copy Node Names');
  await eventually(async () => assert.equal(await clipboard(), 'web-03\n'));
  await workbench.tree.contextMenu('report.sh', 'Copy Run as Markdown');
  await eventually(async () => assert.match(await clipboard(), /^# report\.sh\n/));
});

scenario('after a reload the runs are there, with their outputs', async (session) => {
  const { workbench, runs } = session;
  await runOnce(session, 'who.sh');
  await groupBy(session, 'By node');
  const before = (await runs.all()).map(({ label }) => label);
  await session.reload();
  await runs.open();
  // Before, the first may have been scrolled off the screen; now all are closed, and on it.
  await eventually(async () => {
    const after = (await runs.all()).map(({ label }) => label);
    assert.ok(after.join('\n').includes(before.join('\n')), `${after.join()}: ${before.join()}`);
  }, 60_000);
  await runs.ended('who.sh');
  await workbench.tree.expand('who.sh');
  await workbench.tree.waitFor('web-02');
  await session.screenshot('reloaded');
  await workbench.runCommand('Consul Exec: Search Run Output…');
  await workbench.quickPick.waitFor('Search Run Output:');
  await workbench.quickPick.escape();
});

scenario('a run that a reload interrupts is picked up and loses nothing', async (session) => {
  const { workbench, runs } = session;
  await groupBy(session, 'By node');
  await runFile(session, 'slow.sh');
  await runs.until('slow.sh', ({ words }) => assert.match(words, /of 4 done/));
  await workbench.page.waitForTimeout(2_500);
  await session.reload();
  await runs.open();
  const run = await runs.ended('slow.sh', 60_000);
  assert.match(run.words, /^4 ok/);
  await workbench.tree.expand('slow.sh');
  await workbench.tree.waitFor('web-01');
  await session.screenshot('resumed');
  for (const node of ['web-01', 'db-01']) {
    await workbench.tree.click(node);
    await workbench.page.getByRole('tab', { name: `${node}.txt`, selected: true }).waitFor();
    await eventually(async () => {
      const steps = [1, 2, 3, 4, 5].map((step) => `step ${step}\n`).join('');
      assert.equal(await workbench.editor.wholeText(), steps);
    });
  }
});
