import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../setup/repository.ts';
import { eventually } from './support/eventually.ts';
import { editorSession } from './support/session.ts';
import { useConnection } from './support/useConnection.ts';

const scenario = editorSession({
  name: 'connection-errors',
  clients: 1,
  files: { 'certs/README': 'There is no certificate here.' },
  prepare: () => Promise.resolve({ env: { CONSUL_HTTP_ADDR: '', CONSUL_CACERT: 'certs/ca.pem' } }),
});

scenario('the status bar shows that nothing names an agent', async (session) => {
  await session.changeSettings({});
  const { page } = session.workbench;
  const item = page.locator('.part.statusbar [aria-label*="127.0.0.1:8500"]').first();
  await eventually(async () => {
    assert.match(
      (await item.getAttribute('aria-label')) ?? '',
      /No connection is selected and CONSUL_HTTP_ADDR isn't set in the environment of VS Code, so http:\/\/127\.0\.0\.1:8500 is used\./,
    );
  });
});

scenario('a refused connection can be tested again and replaced from the message', async (s) => {
  const { workbench } = s;
  await s.changeSettings({ 'consulExec.address': '127.0.0.1:1' });
  await workbench.runCommand('Consul Exec: Test Connection');
  const sentence =
    "Couldn't reach a Consul agent at http://127.0.0.1:1: the connection was refused. Check the address, or start an agent there.";
  const toast = await workbench.notification(sentence);
  for (const name of ['Edit', 'Test', 'Show Log']) {
    await toast.getByRole('button', { name }).waitFor();
  }
  await s.screenshot('refused');
  await toast.getByRole('button', { name: 'Switch Connection…' }).click();
  await workbench.quickPick.waitFor('Consul Connection');
  await workbench.quickPick.escape();
});

scenario('a connection that was removed can be replaced from the message', async (s) => {
  const { workbench } = s;
  await s.changeSettings({
    'consulExec.connections': [{ name: 'short', address: '127.0.0.1:1' }],
  });
  await useConnection(s, 'short');
  // VS Code in a browser saves the state of a window only every five seconds.
  await workbench.page.waitForTimeout(6000);
  await s.changeSettings({});
  await workbench.runCommand('Consul Exec: Run Command on Consul Nodes…');
  await workbench.quickPick.waitFor('Run Command on Consul Nodes');
  await workbench.quickPick.type('true');
  await workbench.quickPick.accept();
  const toast = await workbench.notification(
    'Can\'t find the connection "short" in the settings. Select another connection.',
  );
  await toast.getByRole('button', { name: 'Edit', exact: true }).waitFor();
  await s.screenshot('removed');
  await toast.getByRole('button', { name: 'Switch Connection…' }).click();
  await workbench.quickPick.waitFor('Consul Connection');
  await workbench.quickPick.choose('Environment');
  await workbench.quickPick.waitUntilClosed();
});

scenario('a relative path in the environment starts at the workspace folder', async (s) => {
  const { workbench } = s;
  await s.changeSettings({ 'consulExec.address': 'https://127.0.0.1:1' });
  // A window that reloads soon after a change of the connection can still have the former one.
  await useConnection(s, 'Environment');
  await workbench.runCommand('Consul Exec: Test Connection');
  await workbench.notification(
    `${join(s.workspaceFolder, 'certs/ca.pem')} (CONSUL_CACERT) doesn't exist. The path "certs/ca.pem" is relative to the workspace folder here. Use an absolute path.`,
  );
});

scenario('Open Settings finds the settings of a remote window', async (session) => {
  const { properties } = (
    JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
      contributes: {
        configuration: { properties: Readonly<Record<string, { readonly scope: string }>> };
      };
    }
  ).contributes.configuration;
  // Settings with application scope are on the User tab only.
  const scopes = Object.values(properties).map(({ scope }) => scope);
  const remote = scopes.filter((scope) => scope !== 'application').length;
  const { page } = session.workbench;
  await session.workbench.runCommand('Consul Exec: Open Settings');
  await eventually(async () => {
    const text = await page.locator('.settings-editor').innerText();
    // The number beside it also counts the defaults for the language of outputs.
    assert.match(text, new RegExp(`^Consul Exec\n\\(${remote}\\)$`, 'm'));
    assert.match(text, /Consul Exec: Connections/);
  });
  await session.screenshot('settings');
});
