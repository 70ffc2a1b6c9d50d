import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fleet, startFleet } from '../fleet/fleet.ts';
import { eventually } from './support/eventually.ts';
import { assertNothingWritten } from './support/leftovers.ts';
import { editorSession } from './support/session.ts';
import { useConnection } from './support/useConnection.ts';

const web = (number: number) => ({
  name: `web-0${number}`,
  services: [{ id: `nginx-${number}`, name: 'web' }],
});

/** Two federated datacenters as one fleet: the first is spoken to, both are stopped together. */
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

scenario('a connection is added step by step and put to use by a click', async (session) => {
  const { workbench, fleet, vscode } = session;
  const { quickPick } = workbench;
  await workbench.runCommand('Consul Exec: Add Connection…');
  await quickPick.waitFor('Add a Consul Connection');
  await quickPick.type('live');
  await quickPick.accept();
  await quickPick.waitFor('127.0.0.1:8500');
  await quickPick.type('htp://nowhere');
  await eventually(async () => assert.match(await quickPick.message(), /htp/));
  await session.screenshot('add-mistake');
  await quickPick.type(fleet.address);
  await quickPick.accept();
  await quickPick.waitFor('Where does its ACL token come from?');
  await session.screenshot('add-token');
  await quickPick.choose('No token');
  await quickPick.waitFor('Is it production?');
  await quickPick.choose('Production');
  const toast = await workbench.notification('The connection “live” is in your settings.');
  await session.screenshot('added');
  await toast.getByRole('button', { name: 'Use It' }).click();
  await eventually(async () => {
    assert.match((await workbench.statusBar()).join(' | '), /live/);
  });
  const settings = join(vscode.serverDataDir, 'data', 'Machine', 'settings.json');
  const written = JSON.parse(await readFile(settings, 'utf8')) as Record<string, unknown>;
  assert.deepEqual(written['consulExec.connections'], [
    { name: 'live', address: fleet.address, tokenSource: 'none', production: true },
  ]);
});

scenario('production stands out, and every run there is confirmed', async (session) => {
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
    await workbench.quickPick.accept();
    await workbench.dialog.waitFor(/Run on 1 node in .*production/);
    await session.screenshot('production-question');
    assert.match(await workbench.dialog.text(), /web-01/);
    await workbench.dialog.press('Cancel');
  });
});

scenario('the way back to the environment is one choice', async (session) => {
  const { workbench, fleet } = session;
  await useConnection(session, 'The environment’s');
  await eventually(async () => {
    const status = (await workbench.statusBar()).join(' | ');
    assert.ok(status.includes(fleet.address), status);
    assert.doesNotMatch(status, /live/);
  });
  await workbench.runCommand('Consul Exec: Test Connection');
  await workbench.notification(/works: Consul .*, dc1 with 2 nodes\. Your token may run jobs\./);
  await session.screenshot('tested');
});

scenario('one run reaches both datacenters', async (session) => {
  const { workbench, picks, runs } = session;
  const { quickPick } = workbench;
  await runs.open();
  await workbench.openFile('where.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.waitFor('service');
  await quickPick.press('Choose datacenters');
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

scenario('a mistake in the settings is told in a sentence', async (session) => {
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
  assert.match(rows, /“tokenSource” is file, but “tokenFile” is missing/);
  await session.screenshot('mistake');
  await workbench.quickPick.escape();
});
