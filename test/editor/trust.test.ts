import assert from 'node:assert/strict';
import { eventually } from './support/eventually.ts';
import { assertNothingWritten } from './support/leftovers.ts';
import { editorSession } from './support/session.ts';

const scenario = editorSession({ name: 'trust', clients: 1, trust: false });

scenario('a restricted window says that runs are off', async (session) => {
  const { workbench, runs } = session;
  await runs.open();
  await eventually(async () => {
    const text = await workbench.welcomeText();
    assert.match(text, /Runs are off in a restricted window\./);
    assert.match(text, /Manage Workspace Trust/);
  });
  await session.screenshot('restricted');
});

scenario('nothing can be run there, whichever way it is asked for', async (session) => {
  const { workbench, runs, fleet } = session;
  await assertNothingWritten(fleet.address, async () => {
    await runs.open();
    await workbench.openFile('uptime.sh');
    const offered = await workbench.findCommands('Consul Exec: Run');
    const running = offered.filter((label) => label.includes('Consul Exec: Run '));
    assert.deepEqual(running, []);
    // A button can still be pressed: it stands in the view's title.
    const button = workbench.page
      .locator('.part.sidebar .title-actions')
      .getByRole('button', { name: 'Run Command on Nodes…' });
    if (await button.isVisible()) await button.click({ force: true });
    await workbench.page.waitForTimeout(1_000);
    assert.equal(await workbench.quickPick.isOpen(), false);
    assert.equal((await runs.all()).length, 0);
  });
});
