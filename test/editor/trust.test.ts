import assert from 'node:assert/strict';
import { after } from 'node:test';
import { commands } from '../../src/editor/base/contributions.ts';
import { eventually } from './support/eventually.ts';
import { hostileSettings, startTrap } from './support/hostileWorkspace.ts';
import { assertNothingWritten } from './support/leftovers.ts';
import { editorSession } from './support/session.ts';

const trap = await startTrap();
after(() => trap.close());

/** Commands that start a run without a row of the tree; the others have no row here. */
const starting = [commands.runSelection, commands.runFile, commands.runCommand];
/**
 * `runCommands` executes commands even if they are disabled, as another extension or a link could.
 */
const keybindings = Object.values(commands).map((command, index) => ({
  key: `ctrl+alt+shift+${String.fromCharCode(97 + Math.floor(index / 10))} ${index % 10}`,
  command: 'runCommands',
  args: { commands: [command] },
}));

const scenario = editorSession({
  name: 'trust',
  clients: 1,
  trust: false,
  keybindings,
  files: { '.vscode/settings.json': JSON.stringify(hostileSettings(trap), undefined, 2) },
});

scenario('a window in Restricted Mode shows that runs are off', async (session) => {
  const { workbench, runs } = session;
  await runs.open();
  await eventually(async () => {
    const text = await workbench.welcomeText();
    assert.match(text, /You can't start runs in Restricted Mode\./);
    assert.match(text, /Manage Workspace Trust/);
  });
  await session.screenshot('restricted');
});

scenario('nothing can be run there', async (session) => {
  const { workbench, runs, fleet } = session;
  await assertNothingWritten(fleet.address, async () => {
    await runs.open();
    await workbench.openFile('uptime.sh');
    const offered = await workbench.findCommands('Consul Exec: Run');
    const running = offered.filter((label) => label.includes('Consul Exec: Run '));
    assert.deepEqual(running, []);
    // The button in the view's title can still be clicked.
    const button = workbench.page
      .locator('.part.sidebar .title-actions')
      .getByRole('button', { name: 'Run Command on Consul Nodes…' });
    if (await button.isVisible()) await button.click({ force: true });
    await workbench.page.waitForTimeout(1_000);
    assert.equal(await workbench.quickPick.isOpen(), false);
    assert.equal((await runs.all()).length, 0);
  });
});

scenario('disabled commands that are executed anyway refuse in a sentence', async (session) => {
  const { workbench, fleet } = session;
  await assertNothingWritten(fleet.address, async () => {
    for (const command of starting) {
      await workbench.openFile('uptime.sh');
      await press(command);
      if (command === commands.runCommand) {
        await workbench.quickPick.type('uptime');
        await workbench.quickPick.accept();
      }
      const toast = await workbench.notification(
        /In Restricted Mode you can view runs and their output, but not start runs\./,
      );
      if (command === commands.runFile) await session.screenshot('refused');
      await toast.hover();
      await toast.getByRole('button', { name: /Clear Notification/ }).click();
      await toast.waitFor({ state: 'hidden' });
    }
  });

  async function press(command: string): Promise<void> {
    const binding = keybindings.find(({ args }) => args.commands[0] === command);
    const [first = '', second = ''] = binding?.key.split(' ') ?? [];
    const letter = first.at(-1) ?? '';
    await workbench.page.keyboard.press(`Control+Alt+Shift+${letter.toUpperCase()}`);
    await workbench.page.keyboard.press(second);
  }
});

scenario('a runbook can be read there, and its cells run nothing', async (session) => {
  const { workbench, fleet, runs } = session;
  const { page } = workbench;
  await assertNothingWritten(fleet.address, async () => {
    await workbench.openFile('runbook.md');
    await workbench.runCommand('Consul Exec: Reopen as Runbook');
    await page.locator('.notebookOverlay .code-cell-row').first().waitFor({ timeout: 60_000 });
    await workbench.runCommand('Notebook: Run All');
    await page.waitForTimeout(2_000);
    await session.screenshot('runbook');
    // VS Code asks whether to trust the workspace before a cell runs.
    const cancel = workbench.dialog.box.getByRole('button', { name: 'Cancel' });
    if (await cancel.isVisible()) await cancel.click();
    await page.waitForTimeout(1_000);
    assert.equal(await workbench.quickPick.isOpen(), false);
    await runs.open();
    assert.equal((await runs.all()).length, 0);
  });
  await workbench.runCommand('View: Close All Editors');
});

scenario('settings of an untrusted workspace change nothing', async (session) => {
  const { workbench, fleet, runs } = session;
  await runs.open();
  await eventually(async () => {
    const status = (await workbench.statusBar()).join(' | ');
    assert.ok(status.includes(fleet.address), status);
  });
  await workbench.runCommand('Consul Exec: Switch Connection…');
  await workbench.quickPick.waitFor('Consul Connection');
  const rows = (await workbench.quickPick.items()).join(' | ');
  assert.ok(rows.includes(fleet.address), rows);
  assert.ok(!rows.includes(trap.address), rows);
  await workbench.quickPick.escape();
  await workbench.runCommand('Consul Exec: Test Connection');
  await workbench.notification(/works: Consul .* with 2 nodes\./);
  assert.deepEqual(trap.requests, []);
});

scenario('no other command starts anything', async (session) => {
  const { workbench, fleet, runs } = session;
  await assertNothingWritten(fleet.address, async () => {
    for (const { key } of keybindings) {
      const [first = '', second = ''] = key.split(' ');
      await workbench.page.keyboard.press(
        `Control+Alt+Shift+${(first.at(-1) ?? '').toUpperCase()}`,
      );
      await workbench.page.keyboard.press(second);
      await workbench.page.waitForTimeout(250);
      // Presses Enter in every input, then leaves it.
      if (await workbench.quickPick.isOpen()) await workbench.page.keyboard.press('Enter');
      for (let round = 0; round < 3; round++) {
        if (!(await workbench.quickPick.isOpen())) break;
        await workbench.page.keyboard.press('Escape');
        await workbench.page.waitForTimeout(100);
      }
    }
    await runs.open();
    assert.deepEqual(await runs.all(), []);
  });
});
