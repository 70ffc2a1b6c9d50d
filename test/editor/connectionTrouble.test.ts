import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after } from 'node:test';
import { type ForwardProxy, startForwardProxy } from '../support/forwardProxy.ts';
import { clearRuns } from './support/clearRuns.ts';
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

/** A name that only the proxy knows: this machine's own addresses need none. */
const FAR = 'agents.example.invalid';
let proxy: ForwardProxy | undefined;
after(() => proxy?.stop());

const scenario = editorSession({
  name: 'connection-trouble',
  clients: 1,
  prepare: async (fleet) => {
    proxy = await startForwardProxy('let me', { [FAR]: fleet.agent('server-1').ip });
    return { settings: { 'http.proxy': proxy.url.replace('//', '//me:let%20me@') } };
  },
});

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

scenario('a run goes through the proxy of the editor’s settings', async (session) => {
  const { workbench, picks, runs } = session;
  await session.changeSettings({
    'consulExec.wait': '5s',
    'consulExec.connections': [{ name: 'far', address: `http://${FAR}:8500` }],
  });
  await useConnection(session, 'far');
  await runs.open();
  await workbench.openFile('uptime.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'web' });
  assert.match((await runs.ended('uptime.sh')).words, /^1 ok/);
  const fired = `PUT http://${FAR}:8500/v1/event/fire/_rexec`;
  assert.ok(proxy?.asked.some((line) => line.startsWith(fired)));
  await clearRuns(session);
});

scenario('a proxy that refuses is told of without its password', async (session) => {
  const { workbench, runs } = session;
  const { url = '' } = proxy ?? {};
  proxy?.demand('another');
  await workbench.runCommand('Consul Exec: Test Connection');
  await workbench.notification(
    `The proxy ${url} refuses the user name or password in “http.proxy”: correct them.`,
  );
  await runs.open();
  await eventually(async () => assert.match(await workbench.welcomeText(), /proxy/));
  await session.screenshot('proxy');
  const shown = await workbench.page.locator('.monaco-workbench').innerText();
  assert.doesNotMatch(shown, /let(%20| )me/);
  const logs = (await session.vscode.logs()).filter(({ path }) => path.includes('Consul Exec'));
  assert.notEqual(logs.length, 0);
  for (const { text } of logs) assert.doesNotMatch(text, /let(%20| )me/);
});

scenario('a connection holds no password of its proxy, and is told where it goes', async (s) => {
  const { workbench } = s;
  const other = await startForwardProxy('open-sesame');
  const far = (proxy: string) => ({ name: 'far', address: `http://${FAR}:8500`, proxy });
  try {
    const within = other.url.replace('//', '//me:open-sesame@');
    await s.changeSettings({ 'consulExec.connections': [far(within)] });
    await workbench.runCommand('Consul Exec: Test Connection');
    await workbench.notification(
      `“proxy” must not hold a user name or password: write ${other.url} here, and those in http.proxy.`,
    );
    await s.changeSettings({ 'consulExec.connections': [far(other.url)] });
    await workbench.runCommand('Consul Exec: Test Connection');
    await workbench.notification(
      `The proxy ${other.url} demands a user name and password: write them into “http.proxy”.`,
    );
    assert.ok(other.asked.length > 0);
  } finally {
    other.stop();
  }
});
