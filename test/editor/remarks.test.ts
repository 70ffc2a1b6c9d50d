import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { clearRuns } from './support/clearRuns.ts';
import { eventually } from './support/eventually.ts';
import { leave } from './support/leave.ts';
import { assertNothingWritten } from './support/leftovers.ts';
import { editorSession, type Session } from './support/session.ts';
import { useConnection } from './support/useConnection.ts';
import { startFleet } from '../fleet/fleet.ts';

const scenario = editorSession({
  name: 'remarks',
  files: {
    'name.sh': 'echo "I am $NODE_NAME"\n',
    'mark.sh': 'echo ran >>mark; echo "I am $NODE_NAME"\n',
  },
  settings: { 'consulExec.wait': '5s' },
  prepare: ({ address }) =>
    Promise.resolve({
      settings: { 'consulExec.connections': [{ name: 'live', address, production: true }] },
    }),
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

scenario('the quick pick lists its warnings one by one, each above its fix', async (s) => {
  const { workbench, picks, runs } = s;
  const { quickPick } = workbench;
  await begin(s);
  await quickPick.choose('Any Service');
  await picks.waitFor('nodes');
  await picks.typeExpression('Node Matches…', 'web1');
  await quickPick.accept();
  await picks.waitFor('review');
  // With a warning, the review is a view, unless the user prefers the quick pick.
  await picks.view.warns('"web1" also matches web10, web11.');
  await workbench.runCommand('Consul Exec: Review in the Quick Pick');
  await picks.view.waitUntilClosed();
  await says(s, /⚠ "web1" also matches web10, web11\./);
  await picks.untilSelected(['web1', 'web10', 'web11']);
  await s.screenshot('wider');
  await quickPick.press('View Warnings and Fixes');
  await quickPick.waitFor('Run on Nodes: Warnings');
  await s.screenshot('wider-list');
  await quickPick.choose('Use any service · nodes matching /^web1$/ Instead');
  await picks.untilSelected(['web1']);
  assert.doesNotMatch(await quickPick.widget.innerText(), /also matches/);
  await s.screenshot('wider-fixed');
  await quickPick.press('Run on 1 node');
  await quickPick.waitUntilClosed();
  const run = await runs.ended('name.sh');
  assert.deepEqual([...run.nodes.keys()], ['web1']);
});

scenario(
  'a service name where agents match IDs is explained, and fixed with one click',
  async (s) => {
    const { workbench, picks, fleet } = s;
    await assertNothingWritten(fleet.address, async () => {
      await begin(s);
      await picks.typeExpression('Service Matches…', '^web$');
      await workbench.quickPick.accept();
      // At once: there is nothing to choose for tags and nodes.
      await workbench.quickPick.waitFor('No Matching Nodes');
      await says(s, /No node matches: agents match service IDs, not names\./);
      await s.screenshot('ids-not-names');
      await workbench.quickPick.choose('Use service web Instead');
      await picks.untilSelected(['web1', 'web10', 'web11']);
      await picks.leave();
    });
  },
);

scenario('a selection from lists has no warnings', async (s) => {
  const { workbench, picks } = s;
  await begin(s);
  await workbench.quickPick.choose('web');
  await picks.waitFor('tag');
  await workbench.quickPick.choose('Any Tag');
  await picks.waitFor('nodes');
  await picks.typeExpression('Node Matches…', '^web10$');
  await workbench.quickPick.accept();
  await picks.waitFor('review');
  assert.deepEqual(await workbench.quickPick.selectedLabels(), ['web10']);
  assert.doesNotMatch(await workbench.quickPick.widget.innerText(), /⚠/);
  await s.screenshot('from-list');
  await workbench.quickPick.escape();
});

/** Opens the review of all of web. Each of these tests leaves the fleet intact. */
async function review(session: Session, file = 'name.sh'): Promise<void> {
  await clearRuns(session);
  await begin(session, file);
  await session.picks.toReview({ service: 'web' });
}

async function untilTitled({ workbench }: Session, title: RegExp): Promise<void> {
  await eventually(async () => assert.match(await workbench.quickPick.title(), title), 30_000);
}

scenario(
  'a node that leaves during the review is not in the run, and a warning says so',
  async (s) => {
    const { workbench, picks, runs, fleet } = s;
    await review(s);
    try {
      await leave(fleet, 'web11');
      await untilTitled(s, /^Run on 2 nodes — dc1/);
      assert.deepEqual(await workbench.quickPick.selectedLabels(), ['web1', 'web10']);
      await says(s, /⚠ No longer in the catalog: web11 \(1 of 3\)/);
      await s.screenshot('left');
      await picks.start();
      const run = await runs.ended('name.sh');
      assert.deepEqual([...run.nodes.keys()].toSorted(), ['web1', 'web10']);
      assert.match(run.words, /^2 ok/);
    } finally {
      await fleet.restart('web11');
    }
  },
);

scenario(
  'a node that matches again is selected again; a node that fails stays, with a warning',
  async (s) => {
    const { workbench, picks, runs, fleet } = s;
    await review(s);
    try {
      const service = `${fleet.agent('web11').httpAddress}/v1/agent/service/deregister/nginx-2`;
      await (await fetch(service, { method: 'PUT' })).body?.cancel();
      await untilTitled(s, /^Run on 2 nodes — dc1/);
      await says(s, /⚠ No longer match the selection: web11 \(1 of 3\)/);
      await fleet.restart('web11');
      await untilTitled(s, /^Run on 3 nodes — dc1/);
      assert.doesNotMatch(await workbench.quickPick.widget.innerText(), /No longer match/);
      await fleet.agent('web11').kill();
      await says(s, /⚠ Selected, but can't respond now: web11 \(1 of 3\)/);
      await s.screenshot('failed');
      await picks.start();
      const run = await runs.ended('name.sh');
      assert.match(run.words, /^1 no response · 2 ok/);
      assert.equal(run.nodes.get('web11'), 'no response');
    } finally {
      await fleet.restart('web11');
    }
  },
);

scenario('a node that fails while the question is open has no response in the run', async (s) => {
  const { workbench, picks, runs, fleet } = s;
  await useConnection(s, 'live');
  await review(s);
  await picks.start();
  await workbench.dialog.waitFor(/Run on 3 nodes in dc1/);
  try {
    await fleet.agent('web10').kill();
    await workbench.dialog.press('Run on 3 nodes');
    const run = await runs.ended('name.sh');
    assert.match(run.words, /^1 no response · 2 ok/);
    assert.equal(run.nodes.get('web10'), 'no response');
  } finally {
    await fleet.restart('web10');
  }
});

scenario(
  'a node that joins after the review does not run, however the nodes were selected',
  async (s) => {
    const { workbench, picks, runs, fleet } = s;
    const { quickPick, dialog } = workbench;
    const hasRun = (name: string) => existsSync(join(fleet.agent(name).workFolder, 'mark'));
    await clearRuns(s);
    await leave(fleet, 'web10');
    try {
      await begin(s, 'mark.sh');
      await quickPick.choose('Any Service');
      await picks.waitFor('nodes');
      await picks.typeExpression('Node Matches…', 'web');
      await eventually(async () => assert.match(await quickPick.message(), /Matches 2 of 3 nodes/));
      await quickPick.accept();
      await picks.untilSelected(['web1', 'web11']);
      await picks.start();
      await dialog.waitFor(/Run on 2 nodes in dc1/);
      // By now all agents know it, and the typed expression matches it.
      await fleet.restart('web10');
      await dialog.press('Run on 2 nodes');
      const run = await runs.ended('mark.sh');
      assert.match(run.words, /^2 ok/);
      assert.deepEqual([...run.nodes.keys()].toSorted(), ['web1', 'web11']);
      assert.ok(hasRun('web1') && hasRun('web11') && !hasRun('web10'));
    } finally {
      if (!fleet.agent('web10').running) await fleet.restart('web10');
    }
  },
);
