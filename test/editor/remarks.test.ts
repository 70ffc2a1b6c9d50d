import assert from 'node:assert/strict';
import { eventually } from './support/eventually.ts';
import { assertNothingWritten } from './support/leftovers.ts';
import { editorSession, type Session } from './support/session.ts';
import { startFleet } from '../fleet/fleet.ts';

const scenario = editorSession({
  name: 'remarks',
  files: { 'name.sh': 'echo "I am $NODE_NAME"\n' },
  settings: { 'consulExec.wait': '5s' },
  startFleet: () =>
    startFleet({
      clients: ['web1', 'web10', 'web11'].map((name, i) => ({
        name,
        services: [{ id: `nginx-${i}`, name: 'web', tags: [] }],
        env: { NODE_NAME: name },
      })),
    }),
});

async function begin({ workbench, picks, runs }: Session): Promise<void> {
  await runs.open();
  await workbench.openFile('name.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.waitFor('service');
}

async function says({ workbench }: Session, words: RegExp): Promise<void> {
  await eventually(async () => {
    assert.match(await workbench.quickPick.widget.innerText(), words);
  });
}

scenario(
  'an expression that fits more than it names is told, with its fix one click away',
  async (s) => {
    const { workbench, picks, runs } = s;
    await begin(s);
    await workbench.quickPick.choose('Any service');
    await picks.waitFor('nodes');
    await picks.typeExpression('Node matches…', 'web1');
    await workbench.quickPick.accept();
    await picks.waitFor('review');
    await says(s, /“web1” also fits web10, web11, so web10, web11 would run too\./);
    assert.deepEqual(await workbench.quickPick.ticked(), ['web1', 'web10', 'web11']);
    await s.screenshot('wider');
    await workbench.quickPick.press('Use any service · nodes matching /^web1$/ instead');
    await eventually(async () => {
      assert.match(await workbench.quickPick.title(), /Run on 1 node — dc1/);
    });
    assert.deepEqual(await workbench.quickPick.ticked(), ['web1']);
    assert.doesNotMatch(await workbench.quickPick.widget.innerText(), /also fits/);
    await s.screenshot('wider-fixed');
    await workbench.quickPick.press('Run on 1 node');
    await workbench.quickPick.waitUntilClosed();
    const run = await runs.ended('name.sh');
    assert.deepEqual([...run.nodes.keys()], ['web1']);
  },
);

scenario('a service name where agents match IDs is told, and mended with one click', async (s) => {
  const { workbench, picks, fleet } = s;
  await assertNothingWritten(fleet.address, async () => {
    await begin(s);
    await picks.typeExpression('Service matches…', '^web$');
    await workbench.quickPick.accept();
    await picks.waitFor('tag');
    await workbench.quickPick.choose('Any tag');
    await picks.waitFor('nodes');
    await picks.allNodes();
    await workbench.quickPick.waitFor('Nobody Would Run It');
    await says(s, /This reaches nobody because agents match service IDs, not names\./);
    await s.screenshot('ids-not-names');
    await workbench.quickPick.choose('Use service web instead');
    await picks.waitFor('review');
    assert.deepEqual(await workbench.quickPick.ticked(), ['web1', 'web10', 'web11']);
    await workbench.quickPick.escape();
  });
});

scenario('what is picked from lists is judged by what will be sent', async (s) => {
  const { workbench, picks } = s;
  await begin(s);
  await workbench.quickPick.choose('web');
  await picks.waitFor('tag');
  await workbench.quickPick.choose('Any tag');
  await picks.waitFor('nodes');
  await picks.typeExpression('Node matches…', '^web10$');
  await workbench.quickPick.accept();
  await picks.waitFor('review');
  assert.deepEqual(await workbench.quickPick.ticked(), ['web10']);
  assert.doesNotMatch(await workbench.quickPick.widget.innerText(), /⚠/);
  await s.screenshot('from-list');
  await workbench.quickPick.escape();
});
