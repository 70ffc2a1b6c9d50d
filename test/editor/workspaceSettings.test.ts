import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { repository } from '../setup/repository.ts';
import { clearRuns } from './support/clearRuns.ts';
import { eventually } from './support/eventually.ts';
import { hostileSettings, startTrap } from './support/hostileWorkspace.ts';
import { editorSession, type Session } from './support/session.ts';

const trap = await startTrap();
after(() => trap.close());

/** A trusted window on a folder whose settings try to change everything. */
const scenario = editorSession({
  name: 'workspace-settings',
  files: {
    '.vscode/settings.json': JSON.stringify(hostileSettings(trap), undefined, 2),
    'pause.sh': 'sleep 3\necho "done on $NODE_NAME"\n',
  },
  settings: { 'consulExec.confirmAbove': 2, 'consulExec.wait': '5s' },
});

/** Settings that only change what is shown. */
const HARMLESS = ['consulExec.showOutputOnRun', 'consulExec.lenses'];

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

scenario(
  'a trusted workspace can neither skip a confirmation nor redirect a run',
  async (session) => {
    const { workbench, picks, runs, fleet } = session;
    await runs.open();
    await workbench.openFile('pause.sh');
    await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
    await picks.toReview({ service: 'web' });
    // More nodes than the user's limit are not reviewed in the quick pick, as the workspace would have it.
    await picks.view.says(/^Run on 3 nodes dc1/);
    await picks.start();
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
  },
);

scenario(
  'a set of the workspace only fills in the review, which says whose it is',
  async (session) => {
    const { workbench, picks } = session;
    const { quickPick } = workbench;
    await openSets(session);
    const rows = await quickPick.items();
    const says = (text: RegExp) =>
      assert.ok(
        rows.some((row) => text.test(row)),
        rows.join(' | '),
      );
    says(/trap.*web-01,gone-99.*This set is of connection prod, datacenter dc9/s);
    says(/where Meta\.rack == "none"/);
    says(/Set "everything": It has no nodes/);
    says(/Set "wrong": "nodes": A \] is missing/);
    await session.screenshot('sets');
    // A set without any node says why, and leads nowhere.
    await quickPick.choose('$(shield) [safe](command:consulExec.runReviewed)');
    await quickPick.widget.getByText('No node here is in the set').waitFor();
    await quickPick.choose('trap');
    await picks.view.warns('The set "trap" is from the settings of this workspace');
    await picks.view.warns('This set is of connection prod, datacenter dc9');
    await picks.view.warns('Was 2 nodes, 1 now. Gone: gone-99.');
    await picks.untilSelected(['web-01']);
    await session.screenshot('set-in-review');
    await workbench.runCommand('Consul Exec: Save Reviewed Nodes as a Set…');
    await quickPick.waitFor('Select where to save the set');
    await quickPick.choose('User Settings');
    await quickPick.widget.getByText('Name the set.').waitFor();
    await quickPick.type('mine');
    await quickPick.accept();
    await workbench.notification(/Saved the set "mine"\./);
    await picks.untilSelected(['web-01']);
    await picks.view.cancel();

    await openSets(session);
    await quickPick.choose('mine');
    await picks.untilSelected(['web-01']);
    // It is of this connection and has the same node, so that there is nothing to warn about.
    assert.ok(!(await picks.view.isOpen()));
    assert.match(await quickPick.title(), /^Run on 1 node — dc1/);
    await quickPick.escape();
  },
);

async function openSets({ workbench, picks, runs }: Session): Promise<void> {
  await runs.open();
  await workbench.openFile('pause.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.waitFor('service');
  await workbench.quickPick.choose('Saved Sets…');
  await workbench.quickPick.waitFor('Select a saved set');
}

scenario('a run on exactly as many nodes as the limit needs no confirmation', async (session) => {
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

scenario('a trusted workspace cannot turn off the history', async (session) => {
  const { workbench, runs } = session;
  await runs.open();
  await runs.ended('pause.sh');
  await workbench.reload();
  await runs.open();
  const restored = await eventually(() => runs.ended('pause.sh'), 60_000);
  assert.match(restored.words, /^2 ok/);
  assert.deepEqual(trap.requests, []);
});
