import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { assertNothingWritten } from './support/leftovers.ts';
import { editorSession, type Session } from './support/session.ts';

const scenario = editorSession({
  name: 'pick',
  files: { 'name.sh': 'echo "I am $NODE_NAME"\n' },
  settings: { 'consulExec.wait': '5s' },
});

async function begin({ workbench, picks, runs }: Session): Promise<void> {
  await runs.open();
  await workbench.openFile('name.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.waitFor('service');
}

/** How to get to each step. Escape there must leave nothing behind. */
const depths: Readonly<Record<string, (session: Session) => Promise<void>>> = {
  'the service step': () => Promise.resolve(),
  'the service expression': async ({ picks }) => {
    await picks.typeExpression('Service Matches…', '^nginx-');
  },
  'the tag step': async ({ workbench, picks }) => {
    await workbench.quickPick.choose('web');
    await picks.waitFor('tag');
  },
  'the node step': async ({ workbench, picks }) => {
    await workbench.quickPick.choose('Any Service');
    await picks.waitFor('nodes');
  },
  'the list of nodes': async ({ workbench, picks }) => {
    await workbench.quickPick.choose('Any Service');
    await picks.waitFor('nodes');
    await workbench.quickPick.choose('Select Nodes…');
    await workbench.quickPick.row('web-01').waitFor();
  },
  'the review': ({ picks }) => picks.toReview({ service: 'web' }),
};

for (const [where, goThere] of Object.entries(depths)) {
  scenario(`Escape in ${where} leaves nothing, and nothing was written`, async (session) => {
    const { workbench, runs, fleet } = session;
    await assertNothingWritten(fleet.address, async () => {
      await begin(session);
      await goThere(session);
      await workbench.quickPick.escape();
      assert.deepEqual(await runs.all(), []);
    });
  });
}

scenario('Back leads from the review to the first step, one step at a time', async (session) => {
  const { workbench, picks } = session;
  await begin(session);
  await session.screenshot('service');
  await workbench.quickPick.choose('web');
  await picks.waitFor('tag');
  await session.screenshot('tag');
  await workbench.quickPick.choose('secondary');
  await picks.waitFor('nodes');
  await session.screenshot('nodes');
  await picks.allNodes();
  await picks.waitFor('review');
  await session.screenshot('review');
  for (const step of ['nodes', 'tag', 'service'] as const) {
    await workbench.quickPick.back();
    await picks.waitFor(step);
  }
  await workbench.quickPick.escape();
});

scenario('only a service has a tag step', async (session) => {
  const { workbench, picks } = session;
  await begin(session);
  await workbench.quickPick.choose('Any Service');
  await picks.waitFor('nodes');
  await workbench.quickPick.back();
  await picks.waitFor('service');
  await picks.typeExpression('Service Matches…', '^nginx-');
  await workbench.quickPick.accept();
  await picks.waitFor('tag');
  await workbench.quickPick.escape();
});

scenario(
  'Back from an expression and from the list of nodes returns to the rows of the step',
  async (s) => {
    const { workbench, picks } = s;
    await begin(s);
    await workbench.quickPick.choose('Service Matches…');
    await workbench.quickPick.back();
    await workbench.quickPick.row('Any Service').waitFor();
    await workbench.quickPick.choose('Any Service');
    await picks.waitFor('nodes');
    await workbench.quickPick.choose('Select Nodes…');
    await workbench.quickPick.row('web-01').waitFor();
    await workbench.quickPick.back();
    await workbench.quickPick.row('Node Matches…').waitFor();
    await workbench.quickPick.escape();
  },
);

scenario('services are listed with their nodes and tags', async (session) => {
  const { workbench } = session;
  await begin(session);
  const rows = await workbench.quickPick.items();
  const row = (name: string) => rows.find((label) => label.startsWith(`${name},`)) ?? '';
  assert.match(row('web'), /3 nodes/);
  assert.match(row('web'), /eu-west, primary, secondary, us-east/);
  assert.match(row('db'), /1 node\b/);
  assert.match(row('Any Service'), /5 nodes/);
  await workbench.quickPick.escape();
});

scenario(
  'an expression that agents refuse shows an error while typing and is not accepted',
  async (s) => {
    const { workbench, picks } = s;
    await begin(s);
    await picks.typeExpression('Service Matches…', '(?=nginx)');
    await eventually(async () => {
      assert.match(
        await workbench.quickPick.message(),
        /"\(\?=nginx\)" is not a valid regular expression \(RE2\)/,
      );
    });
    await s.screenshot('bad-expression');
    await workbench.quickPick.accept();
    await workbench.page.waitForTimeout(500);
    assert.ok(await workbench.quickPick.isOpen());
    assert.match(await workbench.quickPick.message(), /not a valid regular expression/);
    // A valid one shows how many nodes it matches, and is accepted.
    await workbench.quickPick.type('nginx-[12]');
    await eventually(async () => {
      assert.match(await workbench.quickPick.message(), /Matches 2 of 5 nodes\./);
    });
    await workbench.quickPick.accept();
    await picks.waitFor('tag');
    await workbench.quickPick.escape();
  },
);

scenario(
  'a selection that matches no node is reported before anything is written',
  async (session) => {
    const { workbench, picks, fleet } = session;
    await assertNothingWritten(fleet.address, async () => {
      await begin(session);
      await workbench.quickPick.choose('Any Service');
      await picks.waitFor('nodes');
      await picks.typeExpression('Node Matches…', '^mainframe');
      await eventually(async () => {
        assert.match(await workbench.quickPick.message(), /Matches no node/);
      });
      await workbench.quickPick.type('^(web|main)');
      await eventually(async () => {
        assert.match(await workbench.quickPick.message(), /Matches \d of 5 nodes: web-01, /);
      });
      await session.screenshot('match-names');
      await workbench.quickPick.type('^mainframe');
      await workbench.quickPick.accept();
      await workbench.quickPick.waitFor('No Matching Nodes');
      const text = await workbench.quickPick.widget.innerText();
      assert.match(text, /No node name matches the node expression\. Nothing was run\./);
      await session.screenshot('no-match');
      // The user can continue with another selection.
      await workbench.quickPick.choose('Select Other Nodes');
      await picks.waitFor('nodes');
      await workbench.quickPick.escape();
    });
  },
);

scenario(
  'a node cleared in the review does not run, and the button shows the new count',
  async (s) => {
    const { workbench, picks, runs } = s;
    await begin(s);
    await picks.toReview({ service: 'web' });
    assert.match(await workbench.quickPick.title(), /Run on 3 nodes — dc1/);
    assert.deepEqual(await workbench.quickPick.selectedLabels(), ['web-01', 'web-02', 'web-03']);
    await workbench.quickPick.toggle('web-02');
    await eventually(async () => {
      assert.match(await workbench.quickPick.title(), /Run on 2 nodes — dc1/);
    });
    await s.screenshot('cleared');
    await workbench.quickPick.press('Run on 2 nodes');
    await workbench.quickPick.waitUntilClosed();
    const run = await runs.ended('name.sh');
    assert.deepEqual([...run.nodes.keys()].sort(), ['web-01', 'web-03']);
  },
);

scenario('the last selection is offered first, one Enter from its review', async (session) => {
  const { workbench, picks, runs } = session;
  await begin(session);
  await picks.run({ service: 'web', tag: 'primary' });
  await runs.until('name.sh', ({ nodes }) => assert.deepEqual([...nodes.keys()], ['web-01']));
  await runs.ended('name.sh');
  await begin(session);
  const [first = ''] = await workbench.quickPick.items();
  assert.match(first, /^Same as Last Time, service web · tag primary · 1 node/);
  await session.screenshot('same-as-last-time');
  await workbench.quickPick.accept();
  await picks.waitFor('review');
  assert.deepEqual(await workbench.quickPick.selectedLabels(), ['web-01']);
  await workbench.quickPick.escape();
});

scenario('nodes cleared last time stay cleared', async (session) => {
  const { workbench, picks, runs } = session;
  const { quickPick } = workbench;
  await begin(session);
  await picks.toReview({ service: 'web' });
  await quickPick.toggle('web-02');
  await eventually(async () => assert.match(await quickPick.title(), /Run on 2 nodes/));
  await quickPick.press('Run on 2 nodes');
  await quickPick.waitUntilClosed();
  await runs.ended('name.sh');
  await begin(session);
  const [first = ''] = await quickPick.items();
  assert.match(first, /^Same as Last Time, service web · 2 nodes/);
  await quickPick.accept();
  await picks.waitFor('review');
  assert.deepEqual(await quickPick.selectedLabels(), ['web-01', 'web-03']);
  await quickPick.escape();
});

scenario('the review shows what will run, and the selection survives reading it', async (s) => {
  const { workbench, picks } = s;
  const { quickPick } = workbench;
  await begin(s);
  await picks.toReview({ service: 'web' });
  const text = await quickPick.widget.innerText();
  assert.match(text, /Whole file name\.sh, 1 line · script run by the agents' shell · wait 5\.0 s/);
  // A few writes need no thought.
  assert.doesNotMatch(text, /Raft writes/);
  assert.match(text, /echo "I am \$NODE_NAME"/);
  await quickPick.toggle('web-01');
  await eventually(async () => {
    assert.match(await quickPick.title(), /^Run on 2 nodes/);
  });
  await quickPick.press('View Full Text');
  await quickPick.waitFor('Run on Nodes: Text');
  assert.match((await quickPick.items()).join('\n'), /^1 {2}echo "I am \$NODE_NAME"/);
  await s.screenshot('text');
  // Escape does as Enter: it doesn't lose the selection.
  await workbench.page.keyboard.press('Escape');
  await picks.untilSelected(['web-02', 'web-03']);
  await quickPick.escape();
  // A review that was left is offered again, after the selection of the last run.
  await begin(s);
  const [first = '', second = ''] = await quickPick.items();
  assert.match(first, /^Same as Last Time, /);
  assert.match(second, /^Back to the Review You Left, service web · 2 nodes/);
  await quickPick.choose('Back to the Review You Left');
  await picks.untilSelected(['web-02', 'web-03']);
  await quickPick.escape();
});

scenario('nodes where a filter expression is true run, and no others', async (session) => {
  const { workbench, picks, runs } = session;
  const { quickPick } = workbench;
  await begin(session);
  await quickPick.choose('Any Service');
  await picks.waitFor('nodes');
  await quickPick.choose('Nodes Where…');
  await quickPick.waitFor('Meta.rack');
  // A completion continues the expression.
  await quickPick.type('Meta.ra');
  await quickPick.choose('Meta.rack');
  await quickPick.row('==').waitFor();
  // Half an expression is refused in the servers' words.
  await quickPick.type('Meta.rack = r1');
  await quickPick.widget
    .getByText(/Consul refused the expression at position 11, "= r1": no match found/)
    .waitFor();
  await session.screenshot('where-refused');
  await quickPick.type('Meta.rack == "r1" and Node matches "^web"');
  await quickPick.row('Choose 2 of 5 nodes').waitFor();
  await session.screenshot('where');
  await quickPick.choose('Choose 2 of 5 nodes');
  await picks.waitFor('review');
  await picks.untilSelected(['web-01', 'web-03']);
  await picks.start();
  const run = await runs.ended('name.sh');
  assert.deepEqual([...run.nodes.keys()].sort(), ['web-01', 'web-03']);
});

scenario('a range with an exclusion is a choice that others can change', async (session) => {
  const { workbench, picks, runs } = session;
  const { quickPick } = workbench;
  await begin(session);
  await quickPick.choose('Any Service');
  await picks.waitFor('nodes');
  await picks.typeExpression('Node Matches…', 'web-[01-03],!web-02');
  await quickPick.widget.getByText('As names: 2 nodes: web-01, web-03.').waitFor();
  await quickPick.accept();
  await picks.waitFor('review');
  await picks.untilSelected(['web-01', 'web-03']);
  // Add another one.
  await backToRows(session);
  await session.screenshot('chosen-before');
  await quickPick.choose('Add Nodes to Them…');
  await quickPick.waitFor('Select which nodes to add');
  await picks.typeExpression('Node Matches…', '^db-01$');
  await quickPick.widget.getByText(/^Matches 1 of 5 nodes: db-01/).waitFor();
  await quickPick.accept();
  await picks.waitFor('review');
  await picks.untilSelected(['db-01', 'web-01', 'web-03']);
  // Leave one for each rack: web-01 and web-03 are in the same.
  await backToRows(session);
  await quickPick.choose('Leave Only Some of Them…');
  await quickPick.waitFor('Select which nodes to leave chosen');
  await quickPick.choose('One Node per…');
  await quickPick.row('One per rack of the node').waitFor();
  await session.screenshot('one-per');
  await quickPick.choose('One per rack of the node');
  await picks.waitFor('review');
  await picks.untilSelected(['db-01', 'web-01']);
  // Draw from these two only.
  await backToRows(session);
  await quickPick.choose('Leave Only Some of Them…');
  await quickPick.waitFor('Select which nodes to leave chosen');
  await quickPick.choose('Nodes at Random…');
  await quickPick.widget.getByText(/^1 of 2: (?:db-01|web-01)$/).waitFor();
  await quickPick.type('100%');
  await quickPick.widget.getByText('2 of 2: db-01, web-01').waitFor();
  await session.screenshot('at-random');
  await quickPick.accept();
  await picks.waitFor('review');
  await picks.untilSelected(['db-01', 'web-01']);
  await picks.start();
  // Earlier runs have the same title.
  await eventually(async () => {
    const run = await runs.ended('name.sh');
    assert.deepEqual([...run.nodes.keys()].sort(), ['db-01', 'web-01']);
  }, 30_000);
});

/** Back from the review leads to the list of nodes, and from there to the rows of the step. */
async function backToRows({ workbench: { quickPick } }: Session): Promise<void> {
  await quickPick.back();
  await quickPick.waitFor('Select the nodes to run on');
  await quickPick.back();
  await quickPick.row('Add Nodes to Them…').waitFor();
}

scenario(
  'a rule that is saved in the workspace is used from the list of nodes',
  async (session) => {
    const { workbench, picks, workspaceFolder } = session;
    const { quickPick } = workbench;
    await begin(session);
    await quickPick.choose('Any Service');
    await picks.waitFor('nodes');
    await picks.typeExpression('Node Matches…', 'web-*,!web-02');
    await quickPick.accept();
    await picks.untilSelected(['web-01', 'web-03']);
    await quickPick.press('Save These Nodes as a Set');
    await quickPick.waitFor('Select what to save');
    await quickPick.row('The Rule').waitFor();
    await session.screenshot('save-rule');
    await quickPick.choose('The Rule');
    await quickPick.waitFor('Select where to save the set');
    await quickPick.choose('Workspace Settings');
    await quickPick.widget.getByText('Name the set.').waitFor();
    await quickPick.type('odd web nodes');
    await quickPick.accept();
    await workbench.notification(/Saved the set "odd web nodes"\./);
    await picks.untilSelected(['web-01', 'web-03']);
    await quickPick.escape();
    const file = join(workspaceFolder, '.vscode', 'settings.json');
    const { 'consulExec.sets': sets } = JSON.parse(await readFile(file, 'utf8')) as {
      'consulExec.sets': unknown[];
    };
    assert.equal(sets.length, 1);
    const [set] = sets as Record<string, unknown>[];
    assert.equal(set?.['name'], 'odd web nodes');
    assert.doesNotMatch(JSON.stringify(set), /web-01/);

    await begin(session);
    await quickPick.choose('Any Service');
    await picks.waitFor('nodes');
    await quickPick.choose('Saved Sets…');
    await quickPick.waitFor('Select a saved set');
    await quickPick.choose('odd web nodes');
    // A set of the workspace is told, so the review is a view.
    await picks.view.warns('The set "odd web nodes" is from the settings of this workspace');
    await picks.untilSelected(['web-01', 'web-03']);
    await picks.view.cancel();
  },
);
