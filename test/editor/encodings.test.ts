import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { editorSession, type Session } from './support/session.ts';
import { useConnection } from './support/useConnection.ts';

const NODES = ['web-01', 'web-02', 'db-01', 'web-03'];

/** The scripts are ASCII, so that the encoding of files does not change them. */
const scenario = editorSession({
  name: 'encodings',
  clients: 4,
  files: {
    'screen.sh': String.raw`printf 'Writing: 0/9\b\b\b1/9\b\b\bdone\n\033[31mgr\303\266\303\237e \343\203\216\033[0m\n'`,
    'gbk.sh': String.raw`printf 'first\n\326\320\316\304\n'; [ "$NODE_NAME" = web-03 ] && printf '\264\355\n'; true`,
    'broken.sh': 'nosuchprogram\n',
    'alike.sh': 'echo same; echo "$NODE_NAME"\n',
  },
  settings: { 'consulExec.wait': '5s', 'files.encoding': 'gbk' },
});

async function runToEnd({ workbench, picks, runs }: Session, file: string): Promise<void> {
  await runs.open();
  const before = (await runs.all()).length;
  await workbench.openFile(file);
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'Any Service', nodes: NODES });
  await eventually(async () => assert.equal((await runs.all()).length, before + 1));
  await runs.ended(file);
}

async function groupBy({ workbench }: Session, mode: string): Promise<void> {
  await workbench.runCommand('Consul Exec: Group Nodes…');
  await workbench.quickPick.choose(mode);
  await workbench.quickPick.waitUntilClosed();
}

async function openNode({ workbench }: Session, node: string): Promise<void> {
  await workbench.tree.click(node);
  await workbench.page.getByRole('tab', { name: `${node}.txt`, selected: true }).waitFor();
}

async function shows({ workbench }: Session, text: string | RegExp): Promise<void> {
  await eventually(async () => {
    const visible = await workbench.editor.visibleText();
    if (typeof text === 'string') assert.equal(visible.trim(), text);
    else assert.match(visible, text);
  });
}

async function reopenWith({ workbench }: Session, encoding: string): Promise<void> {
  await workbench.runCommand('Consul Exec: Reopen Consul Output with Encoding…');
  await workbench.quickPick.choose(encoding);
  await workbench.quickPick.waitUntilClosed();
}

scenario('our documents are UTF-8, whatever the encoding of files is', async (session) => {
  const { workbench, workspaceFolder } = session;
  await runToEnd(session, 'screen.sh');
  await groupBy(session, 'By node');
  await openNode(session, 'web-02');
  await shows(session, 'Writing: done\ngröße ノ');
  await workbench.tree.contextMenu('screen.sh', 'Open Combined Output');
  await shows(session, /── db-01 · exited 0 after .* ──\nWriting: done\ngröße ノ\n/);
  await workbench.page.keyboard.press('Control+Shift+o');
  await eventually(async () => {
    const labels = (await workbench.quickPick.items()).join();
    for (const node of NODES) assert.ok(labels.includes(node), labels);
  });
  await workbench.quickPick.escape();
  await session.screenshot('utf8');
  // VS Code opens it again by itself. In a browser it saves the open editors only every five seconds.
  await workbench.page.waitForTimeout(6000);
  await session.reload();
  await shows(session, /── db-01 · exited 0 after .* ──\nWriting: done\ngröße ノ\n/);
  await session.screenshot('utf8-reloaded');
  await workbench.runCommand('File: Save As...');
  await workbench.quickPick.typePath(join(workspaceFolder, 'saved.txt'));
  await workbench.quickPick.accept();
  await eventually(async () => assert.ok((await readdir(workspaceFolder)).includes('saved.txt')));
  await eventually(async () => {
    const bytes = await readFile(join(workspaceFolder, 'saved.txt'));
    assert.match(bytes.toString(), /^screen\.sh\n[\s\S]*größe ノ/);
  });
});

scenario('output in another encoding can be read, per node and per run', async (session) => {
  const { workbench, runs } = session;
  await runToEnd(session, 'gbk.sh');
  await groupBy(session, 'By node');
  await openNode(session, 'web-02');
  await shows(session, 'first\n\ufffd\ufffd\ufffd\ufffd');
  await reopenWith(session, 'gbk');
  await shows(session, 'first\n中文');
  await session.screenshot('gbk');
  await openNode(session, 'db-01');
  await shows(session, 'first\n\ufffd\ufffd\ufffd\ufffd');
  await workbench.tree.contextMenu('gbk.sh', 'Open Combined Output');
  await workbench.page.getByRole('tab', { name: 'gbk.sh (all).txt', selected: true }).waitFor();
  await reopenWith(session, 'gbk');
  await shows(session, /── db-01 · .* ──\nfirst\n中文\n\n── web-01/);
  await groupBy(session, 'By identical output');
  await eventually(async () => {
    const [same, odd] = await runs.groups('gbk.sh');
    assert.match(same ?? '', /^3 nodes "first…" · exited 0/);
    assert.match(odd ?? '', /^web-03 line 3: "错" · exited 0/);
  });
  await workbench.tree.contextMenu('gbk.sh', 'Search Run Output…');
  await workbench.quickPick.waitFor('Search Run Output: gbk.sh');
  await workbench.quickPick.type('中文');
  await eventually(async () => {
    assert.match(await workbench.quickPick.widget.innerText(), /4 lines on 4 nodes/);
  });
  await workbench.quickPick.escape();
});

scenario('a connection has an encoding, which its channels use as well', async (session) => {
  const { workbench, fleet } = session;
  await session.changeSettings({
    'consulExec.wait': '5s',
    'consulExec.connections': [{ name: 'legacy', address: fleet.address, outputEncoding: 'GBK' }],
  });
  await useConnection(session, 'legacy');
  await runToEnd(session, 'gbk.sh');
  await eventually(async () => {
    assert.match(await workbench.wholeOutputText(), /web-02 +│ 中文\n/);
  });
  await groupBy(session, 'By node');
  await openNode(session, 'web-02');
  await shows(session, 'first\n中文');
  await reopenWith(session, 'windows-1252');
  await shows(session, 'first\nÖÐÎÄ');
  await eventually(async () => {
    assert.match(await workbench.wholeOutputText(), /web-02 +│ ÖÐÎÄ\n/);
  });
});

scenario('the same error of a script is one group', async (session) => {
  const { workbench, runs } = session;
  await runToEnd(session, 'broken.sh');
  await groupBy(session, 'By identical output');
  await eventually(async () => {
    const groups = await runs.groups('broken.sh');
    assert.equal(groups.length, 1, groups.join());
    assert.match(groups[0] ?? '', /^4 nodes "script: (line )?1: nosuchprogram: .*" · exited 127/);
  });
  await session.screenshot('one-group');
  await workbench.tree.contextMenu('broken.sh', 'Copy Run as Markdown');
  await eventually(async () => {
    const note = await workbench.page.evaluate<string>('navigator.clipboard.readText()');
    assert.match(note, /\nscript: (line )?1: nosuchprogram/);
    assert.doesNotMatch(note, /rexec\d/);
  });
});

scenario('a new run collapses the runs that the user did not expand', async (session) => {
  const { workbench, runs } = session;
  const expanded = async () =>
    (await workbench.tree.rows())
      .filter(({ level, expanded }) => level === 1 && expanded)
      .map(({ text }) => text.split(' ')[0]);
  await runToEnd(session, 'alike.sh');
  await eventually(async () => assert.deepEqual(await expanded(), ['alike.sh']));
  await eventually(async () => {
    const [first, ...others] = await runs.groups('alike.sh');
    assert.match(first ?? '', /^(?:db|web)-0\d "same…" · exited 0/);
    assert.equal(others.length, 3);
    for (const row of others) assert.match(row, /^web-0\d line 2: "web-0\d" · exited 0/);
  });
  await session.screenshot('alike');
  await workbench.tree.expand('broken.sh');
  await runToEnd(session, 'screen.sh');
  await eventually(async () => assert.deepEqual(await expanded(), ['screen.sh', 'broken.sh']));
  await session.screenshot('collapsed');
  await workbench.tree.expand('alike.sh');
  await workbench.tree.waitFor('line 2: "web-03"');
});
