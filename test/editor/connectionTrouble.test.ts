import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createRelay } from 'node:net';
import { after } from 'node:test';
import { freePort } from '../setup/freePort.ts';
import { type ForwardProxy, startForwardProxy } from '../support/forwardProxy.ts';
import { clearRuns } from './support/clearRuns.ts';
import { eventually } from './support/eventually.ts';
import { editorSession } from './support/session.ts';
import { useConnection } from './support/useConnection.ts';

/** Reports a version that no real agent can report. */
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

/** A name that only the proxy resolves: addresses of this machine don't use the proxy. */
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

scenario('a new user sees where runs go, and can add a connection', async (session) => {
  const { workbench } = session;
  await session.runs.open();
  await eventually(async () => {
    assert.match(
      await workbench.page.locator('.part.sidebar').innerText(),
      /Runs go to the agent that CONSUL_HTTP_ADDR names\. The status bar shows it\. Add a connection/,
    );
  });
  const buttons = workbench.page.locator('.part.sidebar .welcome-view-content .monaco-button');
  assert.deepEqual(await buttons.allInnerTexts(), ['Run a Command…']);
  await session.screenshot('new-user');
});

scenario(
  'the version that an agent reports never becomes a link that runs a command',
  async (session) => {
    const { workbench } = session;
    await session.changeSettings({
      'consulExec.connections': [{ name: 'odd', address: `127.0.0.1:${port}`, production: true }],
    });
    await useConnection(session, 'odd');
    await workbench.runCommand('Consul Exec: Test Connection');
    const toast = await workbench.notification(/odd works: Consul 1\.0 \[all is well\]/);
    assert.equal(await toast.locator('.notification-list-item-message a').count(), 0);
    await session.screenshot('no-link');
  },
);

scenario('connections are edited in the settings file that they come from', async (session) => {
  const { workbench } = session;
  // On a busy machine the palette can run the command of another row, which opens other settings.
  await eventually(async () => {
    await workbench.runCommand('Consul Exec: Edit Connections in Settings');
    await eventually(async () => {
      assert.match(await workbench.editor.wholeText(), /"name": "odd"/);
    }, 5000);
  }, 45_000);
  await workbench.runCommand('View: Close All Editors');
});

scenario(
  'a connection that becomes unusable is highlighted, and not replaced by another',
  async (session) => {
    const { workbench, fleet } = session;
    await session.changeSettings({
      'consulExec.connections': [
        { name: 'odd', address: `127.0.0.1:${port}`, production: 'yes' },
        { name: 'other', address: fleet.address, wait: '-1s' },
      ],
    });
    const item = workbench.page.locator('.part.statusbar .statusbar-item.error-kind');
    await item.filter({ hasText: "odd: can't be used" }).waitFor();
    await session.runs.open();
    await eventually(async () => {
      assert.match(
        await workbench.welcomeText(),
        /The settings of the active connection are invalid/,
      );
    });
    await session.screenshot('unusable');
    await workbench.runCommand('Consul Exec: Test Connection');
    await workbench.notification(
      /Can't use the connection "odd"\. In the settings: Connection "odd": "production" must be true or false, without quotes\.$/,
    );
    await workbench.runCommand('Consul Exec: Switch Connection…');
    await workbench.quickPick.waitFor('Consul Connection');
    const rows = await workbench.quickPick.items();
    assert.ok(!rows.some((row) => row.includes('active')), rows.join('\n'));
    await workbench.quickPick.escape();
  },
);

scenario('settings with a wrong type are named', async (session) => {
  const { workbench } = session;
  await session.changeSettings({ 'consulExec.address': 8500, 'consulExec.connections': 'none' });
  await useConnection(session, 'Environment');
  await workbench.runCommand('Consul Exec: Test Connection');
  await workbench.notification(/"consulExec\.address" must be a string in quotes\./);
  await workbench.runCommand('Consul Exec: Add Connection…');
  await workbench.notification(/"consulExec\.connections" must be an array/);
  assert.equal(await workbench.quickPick.isOpen(), false);
});

scenario(
  'the welcome text and the status bar show trouble, until the agent responds',
  async (session) => {
    const { workbench, fleet } = session;
    const port = await freePort(0);
    await session.changeSettings({ 'consulExec.address': `127.0.0.1:${port}` });
    await workbench.runCommand('Consul Exec: Test Connection');
    await workbench.notification(
      new RegExp(`Couldn't reach a Consul agent at http://127\\.0\\.0\\.1:${port}`),
    );
    await session.runs.open();
    await eventually(async () => {
      assert.match(
        await workbench.welcomeText(),
        /Couldn't reach a Consul agent through the active connection/,
      );
    });
    const item = workbench.page.locator('.part.statusbar .statusbar-item', {
      hasText: `127.0.0.1:${port}`,
    });
    await item.and(workbench.page.locator('.warning-kind')).waitFor();
    assert.match(await item.innerText(), /unreachable/);
    const label = await item.locator('[aria-label]').first().getAttribute('aria-label');
    assert.match(label ?? '', /Couldn't reach a Consul agent/);
    await session.screenshot('unreachable');
    // The agent comes back at this address; nothing else happens in the window.
    const agent = new URL(fleet.address);
    const relay = createRelay((socket) => {
      const upstream = connect(Number(agent.port), agent.hostname);
      for (const end of [socket, upstream]) end.on('error', () => undefined);
      socket.pipe(upstream).pipe(socket);
    }).listen(port, '127.0.0.1');
    try {
      await eventually(
        async () => assert.doesNotMatch(await item.innerText(), /unreachable/),
        60_000,
      );
      await eventually(async () =>
        assert.doesNotMatch(await workbench.welcomeText(), /Couldn't reach/),
      );
      await session.screenshot('reachable-again');
    } finally {
      relay.close();
    }
  },
);

scenario("a run goes through the proxy in VS Code's settings", async (session) => {
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
  assert.ok(proxy?.requests.some((line) => line.startsWith(fired)));
  await clearRuns(session);
});

scenario('the message about a proxy that refuses shows no password', async (session) => {
  const { workbench, runs } = session;
  const { url = '' } = proxy ?? {};
  proxy?.requirePassword('another');
  await workbench.runCommand('Consul Exec: Test Connection');
  await workbench.notification(
    `Proxy ${url} rejected the user name or password in "http.proxy". Correct them.`,
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

scenario(
  'a proxy password in a connection is rejected with a message where to set it',
  async (s) => {
    const { workbench } = s;
    const other = await startForwardProxy('open-sesame');
    const far = (proxy: string) => ({ name: 'far', address: `http://${FAR}:8500`, proxy });
    try {
      const withPassword = other.url.replace('//', '//me:open-sesame@');
      await s.changeSettings({ 'consulExec.connections': [far(withPassword)] });
      await workbench.runCommand('Consul Exec: Test Connection');
      await workbench.notification(
        `"proxy" can't contain a user name or password. Set ${other.url} here, and set those in http.proxy.`,
      );
      await s.changeSettings({ 'consulExec.connections': [far(other.url)] });
      await workbench.runCommand('Consul Exec: Test Connection');
      await workbench.notification(
        `Proxy ${other.url} requires a user name and password. Set them in "http.proxy".`,
      );
      assert.ok(other.requests.length > 0);
    } finally {
      other.stop();
    }
  },
);
