import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { eventually } from './support/eventually.ts';
import { assertNothingWritten } from './support/leftovers.ts';
import { editorSession, type Session } from './support/session.ts';
import { useConnection } from './support/useConnection.ts';

const web = (number: number) => ({
  name: `web-0${number}`,
  services: [{ id: `nginx-${number}`, name: 'web' }],
});

/** Two federated datacenters as one fleet. The tests connect to the first; both stop together. */
async function startBoth(): Promise<Fleet> {
  const one = await startFleet({ clients: [web(1)] });
  try {
    const two = await startFleet({
      datacenter: 'dc2',
      servers: [{ name: 'server-2', config: { retry_join_wan: [one.agent('server-1').ip] } }],
      clients: [web(2)],
    });
    const stop = async () => {
      await two.stop();
      await one.stop();
    };
    await untilFederated(one.address).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { ...one, stop };
  } catch (error) {
    await one.stop();
    throw error;
  }
}

async function untilFederated(address: string): Promise<void> {
  await eventually(async () => {
    const response = await fetch(`${address}/v1/catalog/nodes?dc=dc2`);
    assert.equal(response.status, 200);
    await response.body?.cancel();
    // The servers of dc2 know dc1 a moment after dc1 knows them.
    await sleep(500);
  }, 60_000);
}

const scenario = editorSession({
  name: 'connections',
  startFleet: startBoth,
  files: { 'where.sh': 'echo here\n' },
  settings: { 'consulExec.wait': '3s' },
});

/** Goes through the form until the test of the connection. */
async function fillForm({ workbench }: Session, name: string, address: string): Promise<void> {
  const { quickPick } = workbench;
  await workbench.runCommand('Consul Exec: Add Connection…');
  await quickPick.waitFor('staging');
  await quickPick.type(name);
  await quickPick.accept();
  await quickPick.waitFor('127.0.0.1:8500');
  await quickPick.type(address);
  await quickPick.accept();
  await quickPick.waitFor('Select where the ACL token comes from');
  await quickPick.choose('No token');
  await quickPick.waitFor('Is this a production connection?');
  await quickPick.choose('Production');
}

async function writtenSettings({ vscode }: Session): Promise<Record<string, unknown>> {
  const settings = join(vscode.serverDataDir, 'data', 'Machine', 'settings.json');
  const text = await readFile(settings, 'utf8').catch(() => '{}');
  return JSON.parse(text) as Record<string, unknown>;
}

scenario('an address is not accepted as a name, nor a wrong address', async (session) => {
  const { workbench, fleet } = session;
  const { quickPick } = workbench;
  await workbench.runCommand('Consul Exec: Add Connection…');
  await quickPick.waitFor('staging');
  await quickPick.type(fleet.address);
  await eventually(async () => assert.match(await quickPick.message(), /This is an address\./));
  await session.screenshot('add-address-as-name');
  await quickPick.type('live');
  await quickPick.accept();
  await quickPick.waitFor('127.0.0.1:8500');
  await quickPick.type('htp://nowhere');
  await eventually(async () => assert.match(await quickPick.message(), /htp/));
  await session.screenshot('add-mistake');
  await quickPick.escape();
});

scenario('a new connection that fails its test is saved only on request', async (session) => {
  const { workbench } = session;
  const { quickPick } = workbench;
  await fillForm(session, 'dead', '127.0.0.1:1');
  await quickPick.waitFor("The connection doesn't work yet");
  await eventually(async () => {
    const text = await quickPick.widget.innerText();
    assert.match(text, /Couldn't reach a Consul agent at http:\/\/127\.0\.0\.1:1/);
  });
  assert.deepEqual(
    (await quickPick.items()).map((row) => row.split(',')[0]),
    ['Test Again', 'Save and Edit in settings.json', 'Save Anyway'],
  );
  await session.screenshot('add-test-failed');
  await quickPick.escape();
  assert.equal((await writtenSettings(session))['consulExec.connections'], undefined);
});

scenario('a connection is added step by step, tested, and used', async (session) => {
  const { workbench, fleet } = session;
  const { quickPick } = workbench;
  await fillForm(session, 'live', fleet.address);
  await quickPick.waitFor('The connection works');
  await eventually(async () => {
    const text = await quickPick.widget.innerText();
    assert.match(text, /live works: Consul .*, dc1 with 2 nodes\. Your token can run jobs\./);
  });
  await session.screenshot('add-tested');
  await quickPick.choose('Save and Use');
  await eventually(async () => {
    assert.match((await workbench.statusBar()).join(' | '), /live/);
  });
  assert.deepEqual((await writtenSettings(session))['consulExec.connections'], [
    { name: 'live', address: fleet.address, tokenSource: 'none', production: true },
  ]);
});

scenario('Switch Connection highlights the active connection', async (session) => {
  const { workbench } = session;
  await session.screenshot('active');
  await workbench.runCommand('Consul Exec: Switch Connection…');
  await workbench.quickPick.waitFor('Consul Connection');
  const highlighted = workbench.quickPick.widget.locator('.monaco-list-row.focused');
  await highlighted.filter({ hasText: 'live' }).waitFor();
  await workbench.quickPick.choose('Environment');
  await workbench.quickPick.waitUntilClosed();
  await workbench.runCommand('Consul Exec: Switch Connection…');
  await workbench.quickPick.waitFor('Consul Connection');
  await highlighted.filter({ hasText: 'Environment' }).waitFor();
  await session.screenshot('switch');
  await workbench.quickPick.choose('live');
  await workbench.quickPick.waitUntilClosed();
});

scenario('production is highlighted, and every run there is confirmed', async (session) => {
  const { workbench, picks, runs, fleet } = session;
  await runs.open();
  const item = workbench.page.locator('.part.statusbar .statusbar-item.warning-kind');
  await item.filter({ hasText: 'live' }).waitFor();
  await session.screenshot('production');
  await assertNothingWritten(fleet.address, async () => {
    await workbench.openFile('where.sh');
    await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
    await picks.toReview({ service: 'web' });
    await session.screenshot('production-review');
    await picks.view.says(/^Run on 1 node dc1 · live \(production\)/);
    await picks.start();
    await workbench.dialog.waitFor(/Run on 1 node in .*production/);
    await session.screenshot('production-question');
    assert.match(await workbench.dialog.text(), /web-01/);
    await workbench.dialog.press('Cancel');
    await picks.untilSelected(['web-01']);
    await picks.leave();
  });
});

scenario('one selection switches back to the environment', async (session) => {
  const { workbench, fleet } = session;
  await useConnection(session, 'Environment');
  await eventually(async () => {
    const status = (await workbench.statusBar()).join(' | ');
    assert.ok(status.includes(fleet.address), status);
    assert.doesNotMatch(status, /live/);
  });
  await workbench.runCommand('Consul Exec: Test Connection');
  await workbench.notification(/works: Consul .*, dc1 with 2 nodes\. Your token can run jobs\./);
  await session.screenshot('tested');
});

scenario('one run reaches both datacenters', async (session) => {
  const { workbench, picks, runs } = session;
  const { quickPick } = workbench;
  await runs.open();
  await workbench.openFile('where.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.waitFor('service');
  await quickPick.press('Select Datacenters');
  await quickPick.waitFor('Run on Nodes: Datacenters');
  await quickPick.toggle('dc2');
  await session.screenshot('datacenters');
  await quickPick.accept();
  await picks.run({ service: 'web' });
  const run = await runs.ended('where.sh', 60_000);
  assert.match(run.words, /^2 ok/);
  assert.deepEqual([...run.nodes.keys()].toSorted(), ['web-01@dc1', 'web-02@dc2']);
  await session.screenshot('both-datacenters');
});

scenario('a mistake in the settings is shown in a sentence', async (session) => {
  const { workbench, fleet } = session;
  await session.changeSettings({
    'consulExec.wait': '3s',
    'consulExec.connections': [
      { name: 'good', address: fleet.address },
      { name: 'bad', address: 'https://x.example', tokenSource: 'file' },
    ],
  });
  await workbench.runCommand('Consul Exec: Switch Connection…');
  await workbench.quickPick.waitFor('Consul Connection');
  const rows = (await workbench.quickPick.items()).join('\n');
  assert.match(rows, /good/);
  assert.match(rows, /"tokenSource" is "file", but "tokenFile" is missing/);
  await session.screenshot('mistake');
  await workbench.quickPick.escape();
});
