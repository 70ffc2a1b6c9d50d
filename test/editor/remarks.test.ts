import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { clearRuns } from './support/clearRuns.ts';
import { eventually } from './support/eventually.ts';
import { assertNothingWritten } from './support/leftovers.ts';
import { editorSession, type Session } from './support/session.ts';
import { type Fleet, startFleet } from '../fleet/fleet.ts';

const scenario = editorSession({
  name: 'remarks',
  files: {
    'name.sh': 'echo "I am $NODE_NAME"\n',
    'mark.sh': 'echo ran >>mark; echo "I am $NODE_NAME"\n',
  },
  settings: { 'consulExec.wait': '5s', 'consulExec.confirmAbove': 1 },
  startFleet: () =>
    startFleet({
      clients: ['web1', 'web10', 'web11'].map((name, i) => ({
        name,
        services: [{ id: `nginx-${i}`, name: 'web', tags: [] }],
        env: { NODE_NAME: name },
      })),
    }),
});

async function begin({ workbench, picks, runs }: Session, file = 'name.sh'): Promise<void> {
  await runs.open();
  await workbench.openFile(file);
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

/** The review of all of web; each of these tests leaves the fleet whole. */
async function review(session: Session, file = 'name.sh'): Promise<void> {
  await clearRuns(session);
  await begin(session, file);
  await session.picks.toReview({ service: 'web' });
}

/** An agent that leaves goes out of the catalog, but its last news may bring the node back there. */
async function leave(fleet: Fleet, name: string): Promise<void> {
  const { address } = fleet;
  await fleet.agent(name).stop();
  const deregister = { method: 'PUT', body: JSON.stringify({ Node: name }) };
  await eventually(async () => {
    const response = await fetch(`${address}/v1/catalog/node/${name}`);
    if ((await response.json()) === null) return;
    await (await fetch(`${address}/v1/catalog/deregister`, deregister)).body?.cancel();
    throw new Error(`${name} is still in the catalog`);
  });
}

async function untilTitled({ workbench }: Session, title: RegExp): Promise<void> {
  await eventually(async () => assert.match(await workbench.quickPick.title(), title), 30_000);
}

scenario('a node that leaves during its review is out of the run, and told of', async (s) => {
  const { workbench, runs, fleet } = s;
  await review(s);
  try {
    await leave(fleet, 'web11');
    await untilTitled(s, /^Run on 2 nodes — dc1/);
    assert.deepEqual(await workbench.quickPick.ticked(), ['web1', 'web10']);
    await says(s, /⚠ Not in the catalog any more: web11 \(1 of 3\)/);
    await s.screenshot('left');
    await workbench.quickPick.accept();
    await workbench.dialog.waitFor(/Run on 2 nodes in dc1/);
    await workbench.dialog.press('Run on 2 nodes');
    const run = await runs.ended('name.sh');
    assert.deepEqual([...run.nodes.keys()].toSorted(), ['web1', 'web10']);
    assert.match(run.words, /^2 ok/);
  } finally {
    await fleet.restart('web11');
  }
});

scenario(
  'one that comes to fit again is ticked again; one that fails stays, and is told of',
  async (s) => {
    const { workbench, runs, fleet } = s;
    await review(s);
    try {
      const service = `${fleet.agent('web11').httpAddress}/v1/agent/service/deregister/nginx-2`;
      await (await fetch(service, { method: 'PUT' })).body?.cancel();
      await untilTitled(s, /^Run on 2 nodes — dc1/);
      await says(s, /⚠ No longer among what was chosen: web11 \(1 of 3\)/);
      await fleet.restart('web11');
      await untilTitled(s, /^Run on 3 nodes — dc1/);
      assert.doesNotMatch(await workbench.quickPick.widget.innerText(), /No longer among/);
      await fleet.agent('web11').kill();
      await says(s, /⚠ Ticked, but cannot answer now: web11 \(1 of 3\)/);
      await s.screenshot('failed');
      await workbench.quickPick.accept();
      await workbench.dialog.press('Run on 3 nodes');
      const run = await runs.ended('name.sh');
      assert.match(run.words, /^2 ok · 1 silent/);
      assert.equal(run.nodes.get('web11'), 'never answered');
    } finally {
      await fleet.restart('web11');
    }
  },
);

scenario('a node that fails while the question is open is silent in the run', async (s) => {
  const { workbench, runs, fleet } = s;
  await review(s);
  await workbench.quickPick.accept();
  await workbench.dialog.waitFor(/Run on 3 nodes in dc1/);
  try {
    await fleet.agent('web10').kill();
    await workbench.dialog.press('Run on 3 nodes');
    const run = await runs.ended('name.sh');
    assert.match(run.words, /^2 ok · 1 silent/);
    assert.equal(run.nodes.get('web10'), 'never answered');
  } finally {
    await fleet.restart('web10');
  }
});

scenario('a node that joins after the review does not run, however it was chosen', async (s) => {
  const { workbench, picks, runs, fleet } = s;
  const { quickPick, dialog } = workbench;
  const hasRun = (name: string) => existsSync(join(fleet.agent(name).workFolder, 'mark'));
  await clearRuns(s);
  await leave(fleet, 'web10');
  try {
    await begin(s, 'mark.sh');
    await quickPick.choose('Any service');
    await picks.waitFor('nodes');
    await picks.typeExpression('Node matches…', 'web');
    await eventually(async () => assert.match(await quickPick.message(), /Reaches 2 of 3 nodes/));
    await quickPick.accept();
    await picks.waitFor('review');
    assert.deepEqual(await quickPick.ticked(), ['web1', 'web11']);
    await quickPick.accept();
    await dialog.waitFor(/Run on 2 nodes in dc1/);
    // All agents know it by now, and the expression that was typed fits it.
    await fleet.restart('web10');
    await dialog.press('Run on 2 nodes');
    const run = await runs.ended('mark.sh');
    assert.match(run.words, /^2 ok/);
    assert.deepEqual([...run.nodes.keys()].toSorted(), ['web1', 'web11']);
    assert.ok(hasRun('web1') && hasRun('web11') && !hasRun('web10'));
  } finally {
    if (!fleet.agent('web10').running) await fleet.restart('web10');
  }
});
