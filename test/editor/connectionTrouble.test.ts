import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { eventually } from './support/eventually.ts';
import { editorSession } from './support/session.ts';
import { useConnection } from './support/useConnection.ts';

/** Says of itself what no real agent can be made to say. */
const HOSTILE = '1.0 [all is well](command:workbench.action.terminal.new)';
const hostile: Server = createServer(({ url = '' }, response) => {
  if (url.startsWith('/v1/agent/self')) {
    const Config = { Datacenter: 'dc1', NodeName: 'n', Version: HOSTILE };
    response.end(JSON.stringify({ Config }));
  } else if (url.startsWith('/v1/internal/acl/authorize')) {
    response.writeHead(401).end('ACL support disabled');
  } else response.end('[]');
}).listen(0, '127.0.0.1');
await once(hostile, 'listening');
after(() => {
  hostile.close();
  hostile.closeAllConnections();
});
const { port } = hostile.address() as AddressInfo;

const scenario = editorSession({ name: 'connection-trouble', clients: 1 });

scenario('a new user is told where runs go, and offered a connection', async (session) => {
  await session.runs.open();
  await eventually(async () => {
    assert.match(
      await session.workbench.page.locator('.part.sidebar').innerText(),
      /Without a connection of your own, runs go where the `?CONSUL_\*`? environment says/,
    );
  });
  await session.screenshot('new-user');
});

scenario('what an agent says of itself makes no link that runs a command', async (session) => {
  const { workbench } = session;
  await session.changeSettings({
    'consulExec.connections': [{ name: 'odd', address: `127.0.0.1:${port}`, production: true }],
  });
  await useConnection(session, 'odd');
  await workbench.runCommand('Consul Exec: Test Connection');
  const toast = await workbench.notification(/odd works: Consul 1\.0 \[all is well\]/);
  assert.equal(await toast.locator('.notification-list-item-message a').count(), 0);
  await session.screenshot('no-link');
});

scenario('connections are edited in the file they are taken from', async (session) => {
  const { workbench } = session;
  await workbench.runCommand('Consul Exec: Edit Connections in Settings');
  await eventually(async () => {
    assert.match(await workbench.editor.wholeText(), /"name": "odd"/);
  });
  await workbench.runCommand('View: Close All Editors');
});

scenario(
  'a connection that has come to be unusable stands out, and is not another',
  async (session) => {
    const { workbench, fleet } = session;
    await session.changeSettings({
      'consulExec.connections': [
        { name: 'odd', address: `127.0.0.1:${port}`, production: 'yes' },
        { name: 'other', address: fleet.address, wait: '-1s' },
      ],
    });
    const item = workbench.page.locator('.part.statusbar .statusbar-item.error-kind');
    await item.filter({ hasText: 'odd: cannot be used' }).waitFor();
    await session.runs.open();
    await eventually(async () => {
      assert.match(await workbench.welcomeText(), /cannot be used as it is written/);
    });
    await session.screenshot('unusable');
    await workbench.runCommand('Consul Exec: Test Connection');
    await workbench.notification(
      /The connection “odd” cannot be used\. In the settings: Connection “odd”: “production” must be true or false, without quotes\.$/,
    );
    await workbench.runCommand('Consul Exec: Switch Connection…');
    await workbench.quickPick.waitFor('Consul Connection');
    const rows = await workbench.quickPick.items();
    assert.ok(!rows.some((row) => row.includes('in use')), rows.join('\n'));
    await workbench.quickPick.escape();
  },
);

scenario('settings of another type are told by their name', async (session) => {
  const { workbench } = session;
  await session.changeSettings({ 'consulExec.address': 8500, 'consulExec.connections': 'none' });
  await useConnection(session, 'The environment’s');
  await workbench.runCommand('Consul Exec: Test Connection');
  await workbench.notification(/“consulExec\.address” in the settings must be a text in quotes\./);
  await workbench.runCommand('Consul Exec: Add Connection…');
  await workbench.notification(/“consulExec\.connections” in the settings is no list/);
  assert.equal(await workbench.quickPick.isOpen(), false);
});

scenario('the welcome text tells why, and the status bar where', async (session) => {
  const { workbench } = session;
  await session.changeSettings({ 'consulExec.address': '127.0.0.1:1' });
  await workbench.runCommand('Consul Exec: Test Connection');
  await workbench.notification(/No Consul agent answers at http:\/\/127\.0\.0\.1:1/);
  await session.runs.open();
  await eventually(async () => {
    assert.match(await workbench.welcomeText(), /No Consul agent answers at the connection in use/);
  });
  assert.match((await workbench.statusBar()).join(' | '), /127\.0\.0\.1:1/);
  await session.screenshot('unreachable');
});
