import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { repository } from '../setup/repository.ts';
import { clearRuns } from './support/clearRuns.ts';
import { eventually } from './support/eventually.ts';
import { hostileSettings, startTrap } from './support/hostileWorkspace.ts';
import { editorSession } from './support/session.ts';

const trap = await startTrap();
after(() => trap.close());

/** A trusted window on a folder whose own settings want everything to be otherwise. */
const scenario = editorSession({
  name: 'workspace-settings',
  files: {
    '.vscode/settings.json': JSON.stringify(hostileSettings(trap), undefined, 2),
    'pause.sh': 'sleep 3\necho "done on $NODE_NAME"\n',
  },
  settings: { 'consulExec.confirmAbove': 2, 'consulExec.wait': '5s' },
});

/** Settings that change what is seen and nothing else. */
const HARMLESS = ['consulExec.showOutputOnRun'];

test('every setting that matters is among those the workspace tries', async () => {
  const manifest = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
    contributes: { configuration: { properties: object } };
  };
  const all = Object.keys(manifest.contributes.configuration.properties);
  const tried = Object.keys(hostileSettings(trap));
  assert.deepEqual(
    all.filter((id) => !tried.includes(id) && !HARMLESS.includes(id)),
    [],
  );
});

scenario('connections of a trusted workspace are not offered', async (session) => {
  const { workbench, fleet } = session;
  await session.runs.open();
  await eventually(async () => {
    const status = (await workbench.statusBar()).join(' | ');
    assert.ok(status.includes(fleet.address), status);
  });
  await workbench.runCommand('Consul Exec: Switch Connection…');
  await workbench.quickPick.waitFor('Consul Connection');
  const rows = (await workbench.quickPick.items()).join(' | ');
  assert.ok(rows.includes(fleet.address), rows);
  assert.doesNotMatch(rows, /trap/);
  assert.ok(!rows.includes(trap.address), rows);
  await workbench.quickPick.escape();
});

scenario('a trusted workspace spares no confirmation and moves no run', async (session) => {
  const { workbench, picks, runs, fleet } = session;
  await runs.open();
  await workbench.openFile('pause.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'web' });
  await workbench.dialog.waitFor(/Run on 3 nodes/);
  await workbench.dialog.press('Run on 3 nodes');
  const keys = await eventually(async () => {
    const response = await fetch(`${fleet.address}/v1/kv/?keys`);
    assert.equal(response.status, 200);
    const found = (await response.json()) as string[];
    assert.notEqual(found.length, 0);
    return found;
  });
  assert.deepEqual([...new Set(keys.map((key) => key.split('/')[0]))], ['_rexec']);
  const run = await runs.ended('pause.sh');
  assert.match(run.words, /^3 ok/);
  assert.deepEqual(trap.requests, []);
});

scenario('exactly as many nodes as the limit says run without a question', async (session) => {
  const { workbench, picks, runs } = session;
  await clearRuns(session);
  await workbench.openFile('pause.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.run({ service: 'web', tag: 'secondary' });
  const run = await runs.until('pause.sh', ({ nodes }) => assert.equal(nodes.size, 2));
  assert.deepEqual([...run.nodes.keys()].toSorted(), ['web-02', 'web-03']);
  assert.equal(await workbench.dialog.isOpen(), false);
  assert.match((await runs.ended('pause.sh')).words, /^2 ok/);
});

scenario('a trusted workspace does not switch the history off', async (session) => {
  const { workbench, runs } = session;
  await runs.open();
  await runs.ended('pause.sh');
  await workbench.reload();
  await runs.open();
  const kept = await eventually(() => runs.ended('pause.sh'), 60_000);
  assert.match(kept.words, /^2 ok/);
  assert.deepEqual(trap.requests, []);
});
