import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { eventually } from './support/eventually.ts';
import { assertNothingWritten } from './support/leftovers.ts';
import { editorSession, type Session } from './support/session.ts';

/** Shows in the screenshots: colors across lines, a progress bar, file references. */
const colors = [
  String.raw`printf '\033[32mok\033[0m   %s\n' "$NODE_NAME"`,
  String.raw`printf '\033[1;31mfailed\033[0m at /opt/app/lib/check.py:2:5\n'`,
  String.raw`printf '\033[44;97m notice \033[0m \033[4munder\033[0m \033[38;5;208morange\033[0m \033[38;2;120;80;255mviolet\033[0m\n'`,
  String.raw`printf '\033[7;31mturned\033[0m \033[2;9mstruck\033[0m \033[38:2::10:200:30mcolons\033[0m\n'`,
  String.raw`printf '\033[33mover two\nlines\033[0m, plain\n'`,
  String.raw`printf ' 10%%\r\033[36m100%%\033[0m done\n'`,
  String.raw`echo 'not here: /etc/passwd.conf:1 http://example.invalid/x.py:2'`,
].join('\n');

/** File references as programs write them, and text that must not link to a file of the workspace. */
const places = [
  'File "/opt/app/lib/check.py", line 2, in check',
  'make: *** [Makefile:2: all] Error 1',
  './tools/deploy: line 2: foo: command not found',
  'lib/check.py(1,5): error',
  'wrote /srv/app/lib/check.py.',
  'wrote check.py',
  'File "/usr/lib/python3/json/check.py", line 2, in loads',
  'at one/index.ts:1',
  'at index.ts:1',
  'at https://example.invalid/lib/check.py:2',
];

/** Four nodes: web-01, web-02, db-01 and web-03, which runs an older version than the others. */
const scenario = editorSession({
  name: 'documents',
  clients: 4,
  files: {
    'colors.sh': colors,
    'places.sh': `cat <<'END'\n${places.join('\n')}\nEND\n`,
    'broken.sh': 'true\nnosuchprogram\n',
    Makefile: 'all:\n\tfalse\n',
    'tools/deploy': '#!/bin/bash\nfoo\n',
    'one/index.ts': 'export {};\n',
    'two/index.ts': 'export {};\n',
    'lib/check.py': 'def check():\n    fail()\n',
    'binary.sh': String.raw`printf 'a\000\377\033[31mb\r\n\303'`,
    'quiet.sh': 'true\n',
    'code.sh': '[ "$NODE_NAME" != web-03 ] || exit 3\n',
    'lag.sh': 'echo begun; [ "$NODE_NAME" != web-03 ] || sleep 25\n',
    'slow.sh': 'for step in $(seq 18); do echo "step $step"; sleep 1; done\n',
    'report.sh': [
      'echo "report of app ${APP_VERSION}"',
      'seq -f "line %g" 1 30',
      'echo "checked at $(date +%s%N)"',
    ].join('\n'),
  },
  settings: { 'consulExec.wait': '5s' },
});

const NODES = ['web-01', 'web-02', 'db-01', 'web-03'];

async function runFile({ workbench, picks, runs }: Session, file: string): Promise<void> {
  await runs.open();
  await workbench.openFile(file);
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'Any Service', nodes: NODES });
}

async function runToEnd(session: Session, file: string): Promise<void> {
  const { runs } = session;
  await runFile(session, file);
  // Not an earlier run with the same label.
  await eventually(async () => assert.equal((await runs.all())[0]?.label, file));
  await runs.ended(file);
}

async function groupBy({ workbench }: Session, mode: string): Promise<void> {
  await workbench.runCommand('Consul Exec: Group Nodes…');
  await workbench.quickPick.choose(mode);
  await workbench.quickPick.waitUntilClosed();
}

async function waitForTab({ workbench }: Session, name: string | RegExp): Promise<void> {
  await workbench.page.getByRole('tab', { name, selected: true }).waitFor();
}

/** Clicks the link's position, because the editor draws the link again while the key is pressed. */
async function followLink({ workbench }: Session, link: Locator): Promise<void> {
  const box = await link.boundingBox();
  assert.ok(box);
  const { mouse, keyboard } = workbench.page;
  await mouse.move(box.x + 20, box.y + 5);
  await keyboard.down('Control');
  await mouse.move(box.x + 25, box.y + 5);
  await workbench.page.waitForTimeout(300);
  await mouse.click(box.x + 25, box.y + 5);
  await keyboard.up('Control');
}

/** The style of a piece of text. */
async function styleOf({ workbench }: Session, text: string): Promise<string> {
  return workbench.editor.root
    .locator('.view-line span span', { hasText: text })
    .last()
    .evaluate((element: never) => {
      // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the project's types know no browser
      const read = new Function(
        'element',
        'const s = getComputedStyle(element); return [s.color, s.backgroundColor, s.fontWeight, s.textDecorationLine].join(" | ")',
      ) as (element: never) => string;
      return read(element);
    });
}

/** The visible text of both sides of the diff editor. */
async function diffSides({ workbench }: Session): Promise<string[]> {
  const sides = workbench.page.locator('.part.editor .monaco-diff-editor .view-lines');
  const texts = await Promise.all((await sides.all()).map((side) => side.innerText()));
  // The editor draws spaces as no-break spaces.
  return texts.map((text) => text.replaceAll('\u00a0', ' '));
}

scenario(
  "a node's document shows the colors of its output, and its text is plain",
  async (session) => {
    const { workbench } = session;
    await runToEnd(session, 'colors.sh');
    await groupBy(session, 'By node');
    await workbench.tree.click('web-02');
    await waitForTab(session, 'web-02.txt');
    await eventually(async () => {
      const text = await workbench.editor.visibleText();
      assert.match(text, /^ok {3}web-02\nfailed at \/opt/);
      assert.match(text, /\nover two\nlines, plain\n100% done\n/);
      assert.match((await workbench.statusBar()).join(' | '), /Consul Exec Output/);
    });
    assert.equal(await workbench.editor.root.locator('.minimap').isVisible(), false);
    await eventually(async () => {
      assert.match(await styleOf(session, 'failed'), /^rgb\(205, 49, 49\) \| .* \| 700 \|/);
      assert.match(await styleOf(session, 'orange'), /^rgb\(255, 135, 0\)/);
      assert.match(await styleOf(session, 'violet'), /^rgb\(120, 80, 255\)/);
      assert.match(await styleOf(session, 'under'), /underline$/);
      // The background is another element.
      assert.match(await styleOf(session, 'turned'), /^rgb\(255, 255, 255\)/);
      assert.match(await styleOf(session, 'struck'), /line-through$/);
      assert.match(await styleOf(session, 'colons'), /^rgb\(10, 200, 30\)/);
      assert.equal(await styleOf(session, 'over two'), await styleOf(session, 'lines'));
      assert.notEqual(await styleOf(session, 'lines'), await styleOf(session, ', plain'));
    });
    await session.screenshot('colors');
  },
);

scenario('a file name in output links to the file in the workspace', async (session) => {
  const { workbench } = session;
  await workbench.tree.click('web-02');
  await waitForTab(session, 'web-02.txt');
  const links = workbench.editor.root.locator('.detected-link');
  await eventually(async () => {
    const texts = await links.allInnerTexts();
    assert.ok(texts.includes('/opt/app/lib/check.py:2:5'), texts.join());
    assert.ok(!texts.some((text) => text.includes('passwd')), texts.join());
  });
  await followLink(session, links.filter({ hasText: 'check.py:2:5' }).first());
  await waitForTab(session, /^check\.py/);
  await eventually(async () => {
    assert.match((await workbench.statusBar()).join(' | '), /Ln 2, Col 5/);
  });
  await session.screenshot('link');
});

scenario('file references of many programs are found, and no wrong ones', async (session) => {
  const { workbench } = session;
  await runToEnd(session, 'places.sh');
  await workbench.tree.click('web-02');
  await waitForTab(session, 'web-02.txt');
  const links = workbench.editor.root.locator('.detected-link');
  await eventually(async () => {
    const texts = await links.allInnerTexts();
    assert.deepEqual(
      texts.map((text) => text.replaceAll('\u00a0', ' ')),
      [
        'File "/opt/app/lib/check.py", line 2',
        'Makefile:2',
        './tools/deploy: line 2',
        'lib/check.py(1,5)',
        '/srv/app/lib/check.py',
        'one/index.ts:1',
        // A web link from the editor itself.
        'https://example.invalid/lib/check.py:2',
      ],
    );
  });
  await session.screenshot('places');
});

scenario("a shell's error message links to the line of the script", async (session) => {
  const { workbench } = session;
  await runToEnd(session, 'broken.sh');
  await workbench.tree.click('web-02');
  await waitForTab(session, 'web-02.txt');
  // Its path has a folder for the run, with title and time.
  const crumbs = workbench.page.locator('.part.editor .breadcrumbs-control').first();
  await eventually(async () => {
    assert.match(await crumbs.innerText(), /^broken\.sh · \d{4}-\d\d-\d\d \d\d:\d\d\s+web-02\.txt/);
  });
  const found = workbench.editor.root.locator('.detected-link', { hasText: 'script' }).first();
  await found.waitFor();
  await followLink(session, found);
  await waitForTab(session, /^script/);
  await eventually(async () => {
    assert.match(await workbench.editor.visibleText(), /^true\nnosuchprogram/);
    assert.match((await workbench.statusBar()).join(' | '), /Ln 2, Col 1/);
  });
  await session.screenshot('script');
});

scenario('a job can be run again from its document, whole or in part', async (session) => {
  const { workbench, picks, runs } = session;
  const before = (await runs.all()).length;
  await workbench.editor.root.click();
  await workbench.selectLines(1, 1);
  await workbench.page.keyboard.press('Control+k');
  await workbench.page.keyboard.press('Control+g');
  await picks.run({ service: 'db' });
  assert.match((await runs.ended('true')).words, /^1 ok/);
  await workbench.page.getByRole('tab', { name: /^script/ }).click();
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'db' });
  await eventually(async () => assert.equal((await runs.all()).length, before + 2));
  // Named after its text, because all of these documents have the same name.
  const run = await runs.ended('true');
  assert.match(run.words, /^1 failed/);
  assert.deepEqual([...run.nodes.keys()], ['db-01']);
});

scenario('output of nodes is never run', async (session) => {
  const { workbench, fleet, runs } = session;
  await runs.open();
  const before = (await runs.all()).length;
  const assertRefused = async (command: string) => {
    await workbench.runCommand(command);
    const toast = await workbench.notification(
      /This is output from nodes, not a script\. Open the script to run\./,
    );
    await session.screenshot('not-a-script');
    await toast.hover();
    await toast
      .getByRole('button', { name: /^(Clear|Close) Notification/ })
      .first()
      .click();
    await toast.waitFor({ state: 'hidden' });
    assert.equal(await workbench.quickPick.isOpen(), false);
  };
  const assertNotRun = async () => {
    await assertRefused('Consul Exec: Run File on Consul Nodes…');
    await assertRefused('Consul Exec: Run Selection on Consul Nodes…');
    await workbench.editor.wholeText();
    await assertRefused('Consul Exec: Run Selection on Consul Nodes…');
    await workbench.page.keyboard.press('Shift+F10');
    const menu = workbench.page.locator('.monaco-menu').getByRole('menuitem');
    await menu.filter({ hasText: 'Copy' }).first().waitFor();
    const entries = (await menu.allInnerTexts()).join(' | ');
    await workbench.page.keyboard.press('Escape');
    assert.doesNotMatch(entries, /Consul Nodes/);
  };
  await assertNothingWritten(fleet.address, async () => {
    await workbench.tree.expand('broken.sh');
    await workbench.tree.click('web-02');
    await waitForTab(session, 'web-02.txt');
    await assertNotRun();
    await workbench.tree.contextMenu('broken.sh', 'Open Combined Output');
    await waitForTab(session, 'broken.sh (all).txt');
    await assertNotRun();
    assert.equal((await runs.all()).length, before);
  });
});

scenario('the raw output is saved byte for byte', async (session) => {
  const { workbench, workspaceFolder } = session;
  await runToEnd(session, 'binary.sh');
  await workbench.tree.contextMenu('web-01', 'Save Raw Output As…');
  await workbench.quickPick.waitFor('Save Raw Output of web-01');
  await workbench.quickPick.accept();
  await workbench.notification(/Saved the output of web-01 to web-01-.*\.txt\./);
  const name = (await readdir(workspaceFolder)).find((file) => file.startsWith('web-01-'));
  const bytes = await readFile(join(workspaceFolder, name ?? ''));
  assert.deepEqual(bytes, Buffer.from('a\0\xff\x1b[31mb\r\n\xc3', 'latin1'));
});

scenario('the combined output of a run has folding and an outline', async (session) => {
  const { workbench } = session;
  await runToEnd(session, 'report.sh');
  await groupBy(session, 'By node');
  await workbench.tree.contextMenu('report.sh', 'Open Combined Output');
  await waitForTab(session, 'report.sh (all).txt');
  await eventually(async () => {
    assert.match(
      await workbench.editor.visibleText(),
      /── db-01 · exited 0 after .* ──\nreport of app 2\.4\.1\nline 1\n/,
    );
  });
  await workbench.page.keyboard.press('Control+Shift+o');
  await eventually(async () => {
    const labels = (await workbench.quickPick.items()).map(
      (item) => /(web|db)-\d+/.exec(item)?.[0],
    );
    assert.deepEqual(labels.filter(Boolean), ['db-01', 'web-01', 'web-02', 'web-03']);
  });
  await session.screenshot('outline');
  await workbench.quickPick.escape();
  await workbench.editor.root.click();
  await workbench.runCommand('Fold All');
  await eventually(async () => {
    const text = await workbench.editor.visibleText();
    assert.match(text, /── db-01 · .*\n\n── web-01 · .*\n\n── web-02 · .*\n\n── web-03 · /);
  });
  await session.screenshot('folded');
});

scenario('with groups, the combined output shows identical output once', async (session) => {
  const { workbench } = session;
  await runToEnd(session, 'app-version.sh');
  await groupBy(session, 'By identical output');
  await workbench.tree.contextMenu('app-version.sh', 'Open Combined Output');
  await waitForTab(session, 'app-version.sh (all).txt');
  await eventually(async () => {
    assert.match(
      await workbench.editor.visibleText(),
      /── 3 nodes · exited 0 · most common · db-01, web-01, web-02 ──\napp 2\.4\.1\n\n── exited 0 · web-03 ──\napp 2\.4\.0/,
    );
  });
  await session.screenshot('by-group');
});

scenario('a group is compared with the most common output', async (session) => {
  const { workbench } = session;
  await session.runs.open();
  await workbench.tree.expand('app-version.sh');
  await workbench.tree.waitFor('"app 2.4.0"');
  await workbench.tree.press('"app 2.4.0"', 'Compare with Most Common Output');
  await waitForTab(
    session,
    /^most common: 3 nodes like db-01 \(exited 0\) ⟷ web-03 \(exited 0\) · app-version\.sh/,
  );
  await eventually(async () => {
    const [before = '', after = ''] = await diffSides(session);
    assert.match(before, /app.2\.4\.1/);
    assert.match(after, /app.2\.4\.0/);
  });
  await session.screenshot('majority');
});

scenario('two nodes are compared, and two groups', async (session) => {
  const { workbench } = session;
  await session.runs.open();
  await workbench.tree.expand('app-version.sh');
  // The same two texts with another title would reuse the editor.
  await workbench.runCommand('View: Close All Editors');
  const select = async (first: string | RegExp, second: string | RegExp) => {
    await workbench.tree.click(first);
    await workbench.tree.row(second).click({ modifiers: ['Control'] });
    await workbench.tree.contextMenu(second, 'Compare Selected');
  };
  await select('"app 2.4.1"', '"app 2.4.0"');
  await waitForTab(
    session,
    /^3 nodes like db-01 \(exited 0\) ⟷ web-03 \(exited 0\) · app-version\.sh/,
  );
  await groupBy(session, 'By node');
  await eventually(async () => {
    const rows = await session.runs.groups('app-version.sh');
    assert.deepEqual(rows.map((row) => row.split(' ')[0]).toSorted(), NODES.toSorted());
  });
  await workbench.page.waitForTimeout(500);
  await select('web-01', 'web-03');
  await waitForTab(session, /^web-01 \(exited 0\) ⟷ web-03 \(exited 0\) · app-version\.sh/);
  await session.screenshot('two-nodes');
});

scenario('a run is compared with the earlier run of its job, and so is a node', async (session) => {
  const { workbench } = session;
  await session.runs.open();
  await workbench.tree.contextMenu('app-version.sh', 'Compare with Earlier Run');
  await workbench.notification('This job has no earlier run on this connection.');
  await session.screenshot('no-earlier');
  await runToEnd(session, 'report.sh');
  await workbench.tree.contextMenu('report.sh', 'Compare with Earlier Run');
  await waitForTab(session, /^report\.sh: .* ⟷ /);
  await eventually(async () => {
    const [before = '', after = ''] = await diffSides(session);
    assert.match(before, /── \w+-\d+ · exited 0 ──/);
    assert.match(after, /── \w+-\d+ · exited 0 ──/);
    assert.notEqual(before, after);
  });
  await session.screenshot('earlier-run');
  await workbench.tree.contextMenu('web-02', 'Compare with Earlier Run');
  await waitForTab(session, /^web-02 · report\.sh: .* \(exited 0\) ⟷ .* \(exited 0\)/);
  await session.screenshot('earlier-node');
});

scenario('a message says when there is nothing to compare', async (session) => {
  const { workbench } = session;
  await runToEnd(session, 'quiet.sh');
  await workbench.tree.contextMenu('web-02', 'Compare with Most Common Output');
  await workbench.notification(
    'All nodes that exited have the same output, so there is nothing to compare.',
  );
});

scenario('nodes without output are compared by their exit codes', async (session) => {
  const { workbench } = session;
  await runToEnd(session, 'code.sh');
  await workbench.tree.contextMenu('web-03', 'Compare with Most Common Output');
  await waitForTab(
    session,
    /^most common: 3 nodes like db-01 \(exited 0\) ⟷ web-03 \(exited 3\) · code\.sh/,
  );
  await session.screenshot('exit-codes');
});

scenario('a running node is compared by its output so far', async (session) => {
  const { workbench, runs } = session;
  await runFile(session, 'lag.sh');
  // Without any output there is nothing to compare, and the menu doesn't offer it.
  await runs.until('lag.sh', ({ words, nodes }) => {
    assert.match(words, /^3 of 4 done · 1 running/);
    assert.match(nodes.get('web-03') ?? '', /^running/);
  });
  await workbench.tree.contextMenu('web-03', 'Compare with Most Common Output');
  await waitForTab(
    session,
    /^most common: 3 nodes like db-01 \(exited 0\) ⟷ web-03 \(running\) · lag\.sh/,
  );
  await session.screenshot('running-node');
  await runs.ended('lag.sh', 60_000);
});

scenario('a document follows its run, and is there again after a reload', async (session) => {
  const { workbench, runs } = session;
  const steps = (count: number) =>
    Array.from({ length: count }, (_, i) => `step ${i + 1}`).join('\n');
  await runFile(session, 'slow.sh');
  // Rows move until all nodes are running.
  await runs.until('slow.sh', ({ nodes }) => {
    assert.equal([...nodes.values()].filter((words) => words.startsWith('running')).length, 4);
  });
  await workbench.page.waitForTimeout(500);
  await workbench.tree.click('web-02');
  await waitForTab(session, 'web-02.txt');
  await eventually(async () => {
    assert.ok((await workbench.editor.visibleText()).startsWith(steps(2)));
  });
  // VS Code in a browser saves the open editors only every five seconds.
  await workbench.page.waitForTimeout(6000);
  await session.reload();
  await waitForTab(session, 'web-02.txt');
  await eventually(async () => {
    assert.ok((await workbench.editor.visibleText()).startsWith(steps(18)));
  }, 60_000);
  await runs.open();
  await runs.ended('slow.sh', 60_000);
  await session.screenshot('followed');
});
