import assert from 'node:assert/strict';
import { patiently } from './harness/patiently.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { clearRuns } from './support/clearRuns.ts';
import { eventually } from './support/eventually.ts';
import { leave } from './support/leave.ts';
import { assertNothingWritten } from './support/leftovers.ts';
import type { ReviewView } from './support/reviewView.ts';
import { editorSession, type Session } from './support/session.ts';
import { startWebFleet } from './support/webFleet.ts';
import { useConnection } from './support/useConnection.ts';

const scenario = editorSession({
  name: 'review',
  files: {
    'name.sh': '#!/bin/sh\n# Says who it is.\necho "I am $NODE_NAME"\n',
    'other.sh': 'echo other\n',
  },
  settings: { 'consulExec.wait': '5s', 'consulExec.confirmAbove': 0 },
  prepare: (fleet: Fleet) =>
    Promise.resolve({
      settings: {
        'consulExec.connections': [
          { name: 'live', address: fleet.address, tokenSource: 'none', production: true },
        ],
      },
    }),
  startFleet: startWebFleet,
});

/** Opens the review of a service, as a view because of the number of nodes. */
async function review(session: Session, service: string): Promise<ReviewView> {
  const { workbench, picks } = session;
  await clearRuns(session);
  await workbench.openFile('name.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.toReview({ service });
  assert.ok(await picks.view.isOpen());
  return picks.view;
}

scenario(
  'the review opens beside the script, and its row starts the run on what is selected',
  async (session) => {
    const { workbench, runs } = session;
    const view = await review(session, 'web');
    await view.says(/^Run on 3 nodes dc1/);
    await view.says(/^web 3 of 3 selected$/);
    await view.says(/^web10 127\./);
    await eventually(async () => {
      assert.match(await workbench.editor.visibleText(), /# Says who it is\./);
    });
    assert.ok(await view.isChecked(/^web10127/));
    await session.screenshot('open');
    await view.check(/^web10127/);
    await view.says(/^Run on 2 nodes dc1/);
    await view.says(/^web 2 of 3 selected$/);
    assert.ok(!(await view.isChecked(/^web2 of 3/)));
    await session.screenshot('partial');
    // A click on a row does what one on its check box does.
    await view.click(/^web10127/, /^Run on 3 nodes/);
    await view.click(/^web11127/, /^Run on 2 nodes/);
    await view.run(/^Run on 2 nodes/);
    assert.ok(!(await workbench.dialog.isOpen()));
    const run = await runs.ended('name.sh');
    assert.deepEqual([...run.nodes.keys()].toSorted(), ['web1', 'web10']);
    assert.match(run.words, /^2 ok/);
  },
);

scenario(
  'it opens where Enter starts nothing, and works with the keyboard alone',
  async (session) => {
    const { workbench, runs } = session;
    const { keyboard } = workbench.page;
    const view = await review(session, 'web');
    const focused = view.row(/^Script and Options/);
    await eventually(async () =>
      assert.match((await focused.getAttribute('class')) ?? '', /focused/),
    );
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    await view.says(/^web 2 of 3 selected$/);
    assert.ok(!(await view.isChecked(/^web1127/)));
    await keyboard.press('ArrowUp');
    await keyboard.press('Enter');
    await view.says(/^web 3 of 3 selected$/);
    await keyboard.press('ArrowDown');
    await keyboard.press('Space');
    await view.says(/^Run on 2 nodes/);
    await keyboard.press('Home');
    await keyboard.press('Enter');
    await view.waitUntilClosed();
    const run = await runs.ended('name.sh');
    assert.deepEqual([...run.nodes.keys()].toSorted(), ['web10', 'web11']);
  },
);

scenario('it survives other work, and Cancel writes nothing', async (session) => {
  const { workbench, runs, fleet } = session;
  await assertNothingWritten(fleet.address, async () => {
    const view = await review(session, 'Any Service');
    await view.check(/^db1127/);
    await view.says(/^Run on 4 nodes/);
    await workbench.openFile('other.sh');
    await workbench.openView('Explorer');
    await runs.open();
    await workbench.openView('Consul Review');
    await view.says(/^Run on 4 nodes/);
    assert.ok(!(await view.isChecked(/^db1127/)));
    await view.cancel();
    await runs.open();
    assert.deepEqual(await runs.all(), []);
    await workbench.page.getByRole('tab', { name: /^other\.sh/, selected: true }).waitFor();
    await workbench.page
      .getByRole('tab', { name: /^name\.sh.*Review/ })
      .waitFor({ state: 'detached' });
  });
});

scenario('the filter changes nothing that is selected, and says what it hides', async (session) => {
  const { workbench } = session;
  const view = await review(session, 'Any Service');
  await view.says(/^Run on 5 nodes/);
  // The view takes the focus when it opens, which closes an input that opened just before.
  await patiently(async (timeout) => {
    await view.press('Filter Reviewed Nodes…');
    await workbench.quickPick.titled('Filter Reviewed Nodes').waitFor({ timeout });
    await workbench.quickPick.type('db');
    await workbench.quickPick.accept();
    await view.row(/^Run on 5 nodes.*4 not shown/).waitFor({ timeout });
  }, workbench.page);
  await view.says(/^4 selected, not shown Only nodes with "db"/);
  await view.saysNot(/^web1 /);
  await session.screenshot('filter');
  // A group selects and clears only what is shown.
  await view.check(/^db1 of 1/);
  await view.says(/^Run on 4 nodes/);
  // Running asks about what is hidden.
  await view.clickFor(/^Run on 4 nodes/, 'Hidden Nodes');
  await session.screenshot('hidden');
  await workbench.quickPick.choose('Back to the Review');
  await view.says(/^web1 /);
  await view.says(/^Run on 4 nodes/);
  await workbench.runCommand('Consul Exec: Filter Reviewed Nodes…');
  await workbench.quickPick.type('web1');
  await workbench.quickPick.accept();
  await view.says(/^1 selected, not shown/);
  await view.click(/^Clear Those/, /^Run on 3 nodes/);
  await view.says(/^Only nodes with "web1"/);
  await view.click(/^Show All/, /^db1/);
  assert.ok(!(await view.isChecked(/^db1127/)));
  await view.cancel();
});

scenario('a warning has its fix in the next row', async (session) => {
  const { workbench, picks } = session;
  await clearRuns(session);
  await workbench.openFile('name.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.waitFor('service');
  await workbench.quickPick.choose('Any Service');
  await picks.waitFor('nodes');
  await picks.typeExpression('Node Matches…', 'web1');
  await workbench.quickPick.accept();
  await picks.waitFor('review');
  const { view } = picks;
  await view.warns('"web1" also matches web10, web11.');
  await view.says(/^Use any service · nodes matching \/\^web1\$\/ Instead/);
  await session.screenshot('warning');
  await view.click(/^Use any service/, /^Run on 1 node/);
  await view.saysNot(/also matches/);
  await workbench.runCommand('Consul Exec: Review in the Quick Pick');
  await view.waitUntilClosed();
  await picks.untilSelected(['web1']);
  await workbench.quickPick.press('Open as a Review');
  await workbench.quickPick.waitUntilClosed();
  await picks.untilSelected(['web1']);
  await view.cancel();
});

scenario(
  'nodes that leave, return, and fail while it is open are shown as such',
  async (session) => {
    const { fleet, runs } = session;
    const view = await review(session, 'web');
    try {
      await leave(fleet, 'web11');
      await view.warns('No longer in the catalog: web11 (1 of 3)');
      await view.says(/^Run on 2 nodes/);
      await fleet.restart('web11');
      await view.says(/^Run on 3 nodes/, 30_000);
      await view.saysNot(/^No longer/);
      await fleet.agent('web11').kill();
      await view.warns("Selected, but can't respond now: web11 (1 of 3)");
      await view.says(/^web11 gossip can't reach its agent/);
      await view.press('Group Reviewed Nodes by Service or Problem');
      await view.says(/^Gossip can't reach the agent 1 of 1 selected/);
      await view.says(/^No problems 2 of 2 selected/);
      await session.screenshot('problems');
      await view.run(/^Run on 3 nodes/);
      const run = await runs.ended('name.sh');
      assert.match(run.words, /^1 no response · 2 ok/);
    } finally {
      await fleet.restart('web11');
    }
  },
);

scenario(
  'Back from the review and Escape lose nothing, also after it was left',
  async (session) => {
    const { workbench, picks, fleet } = session;
    const { quickPick } = workbench;
    await assertNothingWritten(fleet.address, async () => {
      const view = await review(session, 'web');
      await view.check(/^web10127/);
      await view.says(/^Run on 2 nodes/);
      // From the last step to the first one, whose row is highlighted.
      await workbench.tree.expand(/^Script and Options/);
      await view.clickFor(/^Select Other Nodes…/, 'Run on Nodes: Nodes');
      await quickPick.back();
      await picks.waitFor('tag');
      await quickPick.back();
      await picks.waitFor('service');
      const highlighted = quickPick.widget.locator('.monaco-list-row.focused');
      await eventually(async () => assert.match(await highlighted.innerText(), /^web3 nodes/));
      await session.screenshot('back');
      await workbench.page.keyboard.press('Escape');
      await quickPick.waitUntilClosed();
      await picks.untilSelected(['web1', 'web11']);
      await view.cancel();
      await workbench.openFile('other.sh');
      await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
      await picks.waitFor('service');
      await session.screenshot('left');
      await quickPick.choose('Back to the Review You Left');
      await picks.untilSelected(['web1', 'web11']);
      await view.cancel();
    });
  },
);

scenario('guard, wait, and steps are rows that return to the review', async (session) => {
  const { workbench, runs } = session;
  const { quickPick } = workbench;
  const view = await review(session, 'web');
  await workbench.tree.expand(/^Script and Options/);
  await view.clickFor(/^Change the Wait…/, 'Run on Nodes: Wait');
  await quickPick.type('7s');
  await quickPick.accept();
  await view.says(/^Change the Wait… wait 7\.0 s/);
  await view.clickFor(/^Change the Guard…/, 'Run on Nodes: Guard');
  await quickPick.choose('Guarded, without a time limit');
  await view.says(/^Change the Guard… guarded, no time limit/);
  // The script is what the nodes receive.
  await eventually(async () => {
    assert.match(await workbench.editor.visibleText(), /Guarded run of Consul Exec/);
  });
  await session.screenshot('options');
  await view.clickFor(/^Run in Steps…/, 'Run in Steps');
  await workbench.page.keyboard.press('Escape');
  await quickPick.waitUntilClosed();
  // A click on a row of the review from before the question would be refused.
  await view.clickFor(/^Run in Steps…/, 'Run in Steps');
  await quickPick.choose('1 node, then 2');
  await view.waitUntilClosed();
  const run = await runs.ended('name.sh');
  assert.equal(run.nodes.size, 1);
});

scenario('a command without the row asks first', async (session) => {
  const { workbench, fleet } = session;
  await assertNothingWritten(fleet.address, async () => {
    const view = await review(session, 'db');
    await workbench.runCommand('Consul Exec: Run on the Reviewed Nodes');
    await workbench.dialog.waitFor(/Run on 1 node in dc1/);
    await workbench.dialog.press('Cancel');
    await view.says(/^Run on 1 node /);
    await view.cancel();
  });
});

scenario('on production, the row is confirmed as well', async (session) => {
  const { workbench, fleet } = session;
  await useConnection(session, 'live');
  await assertNothingWritten(fleet.address, async () => {
    const view = await review(session, 'web');
    await view.says(/^Run on 3 nodes dc1 · live \(production\)/);
    await session.screenshot('production');
    await view.row(/^Run on 3 nodes/).click();
    await workbench.dialog.waitFor(/Run on 3 nodes in .*production/);
    await workbench.dialog.press('Cancel');
    await view.says(/^Run on 3 nodes/);
    await view.cancel();
  });
});
