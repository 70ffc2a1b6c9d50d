import assert from 'node:assert/strict';
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

/** Ways into each step, after which Escape must leave nothing. */
const depths: Readonly<Record<string, (session: Session) => Promise<void>>> = {
  'the service step': () => Promise.resolve(),
  'the service expression': async ({ picks }) => {
    await picks.typeExpression('Service matches…', '^nginx-');
  },
  'the tag step': async ({ workbench, picks }) => {
    await workbench.quickPick.choose('web');
    await picks.waitFor('tag');
  },
  'the node step': async ({ workbench, picks }) => {
    await workbench.quickPick.choose('Any service');
    await picks.waitFor('nodes');
  },
  'the list of nodes': async ({ workbench, picks }) => {
    await workbench.quickPick.choose('Any service');
    await picks.waitFor('nodes');
    await workbench.quickPick.choose('Tick nodes…');
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
  await workbench.quickPick.choose('Any service');
  await picks.waitFor('nodes');
  await workbench.quickPick.back();
  await picks.waitFor('service');
  await picks.typeExpression('Service matches…', '^nginx-');
  await workbench.quickPick.accept();
  await picks.waitFor('tag');
  await workbench.quickPick.escape();
});

scenario('Back out of an expression and out of ticking returns to the step’s rows', async (s) => {
  const { workbench, picks } = s;
  await begin(s);
  await workbench.quickPick.choose('Service matches…');
  await workbench.quickPick.back();
  await workbench.quickPick.row('Any service').waitFor();
  await workbench.quickPick.choose('Any service');
  await picks.waitFor('nodes');
  await workbench.quickPick.choose('Tick nodes…');
  await workbench.quickPick.row('web-01').waitFor();
  await workbench.quickPick.back();
  await workbench.quickPick.row('Node matches…').waitFor();
  await workbench.quickPick.escape();
});

scenario('services are listed with their nodes and tags', async (session) => {
  const { workbench } = session;
  await begin(session);
  const rows = await workbench.quickPick.items();
  const row = (name: string) => rows.find((label) => label.startsWith(`${name},`)) ?? '';
  assert.match(row('web'), /3 nodes/);
  assert.match(row('web'), /eu-west, primary, secondary, us-east/);
  assert.match(row('db'), /1 node\b/);
  assert.match(row('Any service'), /5 nodes/);
  await workbench.quickPick.escape();
});

scenario('an expression that agents refuse is told while it is typed and not taken', async (s) => {
  const { workbench, picks } = s;
  await begin(s);
  await picks.typeExpression('Service matches…', '(?=nginx)');
  await eventually(async () => {
    assert.match(
      await workbench.quickPick.message(),
      /“\(\?=nginx\)” is not a regular expression Consul understands \(RE2\)/,
    );
  });
  await s.screenshot('bad-expression');
  await workbench.quickPick.accept();
  await workbench.page.waitForTimeout(500);
  assert.ok(await workbench.quickPick.isOpen());
  assert.match(await workbench.quickPick.message(), /not a regular expression/);
  // A good one tells its reach and goes on.
  await workbench.quickPick.type('nginx-[12]');
  await eventually(async () => {
    assert.match(await workbench.quickPick.message(), /Reaches 2 of 5 nodes\./);
  });
  await workbench.quickPick.accept();
  await picks.waitFor('tag');
  await workbench.quickPick.escape();
});

scenario('a choice that nobody matches is told before anything is written', async (session) => {
  const { workbench, picks, fleet } = session;
  await assertNothingWritten(fleet.address, async () => {
    await begin(session);
    await workbench.quickPick.choose('Any service');
    await picks.waitFor('nodes');
    await picks.typeExpression('Node matches…', '^mainframe');
    await eventually(async () => {
      assert.match(await workbench.quickPick.message(), /Reaches no node/);
    });
    await workbench.quickPick.accept();
    await workbench.quickPick.waitFor('Nobody Would Run It');
    const told = await workbench.quickPick.widget.innerText();
    assert.match(told, /No node has a name that the node expression fits\. Nothing was run\./);
    await session.screenshot('nobody');
    // The way goes on where another choice can be made.
    await workbench.quickPick.choose('Choose other nodes');
    await picks.waitFor('nodes');
    await workbench.quickPick.escape();
  });
});

scenario('what is unticked in the review does not run, and its button counts along', async (s) => {
  const { workbench, picks, runs } = s;
  await begin(s);
  await picks.toReview({ service: 'web' });
  assert.match(await workbench.quickPick.title(), /Run on 3 nodes — dc1/);
  assert.deepEqual(await workbench.quickPick.ticked(), ['web-01', 'web-02', 'web-03']);
  await workbench.quickPick.toggle('web-02');
  await eventually(async () => {
    assert.match(await workbench.quickPick.title(), /Run on 2 nodes — dc1/);
  });
  await s.screenshot('unticked');
  await workbench.quickPick.press('Run on 2 nodes');
  await workbench.quickPick.waitUntilClosed();
  const run = await runs.ended('name.sh');
  assert.deepEqual([...run.nodes.keys()].sort(), ['web-01', 'web-03']);
});

scenario('the last choice is offered first, one Enter from its review', async (session) => {
  const { workbench, picks, runs } = session;
  await begin(session);
  await picks.run({ service: 'web', tag: 'primary' });
  await runs.until('name.sh', ({ nodes }) => assert.deepEqual([...nodes.keys()], ['web-01']));
  await runs.ended('name.sh');
  await begin(session);
  const [first = ''] = await workbench.quickPick.items();
  assert.match(first, /^Same as last time, service web · tag primary · 1 node/);
  await session.screenshot('same-as-last-time');
  await workbench.quickPick.accept();
  await picks.waitFor('review');
  assert.deepEqual(await workbench.quickPick.ticked(), ['web-01']);
  await workbench.quickPick.escape();
});

scenario('what was unticked last time stays unticked', async (session) => {
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
  assert.match(first, /^Same as last time, service web · 2 nodes/);
  await quickPick.accept();
  await picks.waitFor('review');
  assert.deepEqual(await quickPick.ticked(), ['web-01', 'web-03']);
  await quickPick.escape();
});

scenario('the review shows what will run, and what is ticked outlives reading it', async (s) => {
  const { workbench, picks } = s;
  const { quickPick } = workbench;
  await begin(s);
  await picks.toReview({ service: 'web' });
  const told = await quickPick.widget.innerText();
  assert.match(told, /name\.sh · 1 line · script · wait 5\.0 s · about 13 Raft writes/);
  assert.match(told, /echo "I am \$NODE_NAME"/);
  await quickPick.toggle('web-02');
  await eventually(async () => {
    assert.match(await quickPick.widget.innerText(), /about 10 Raft writes/);
  });
  await quickPick.press('Show the whole text that will run');
  await quickPick.waitFor('Run on Nodes: Text');
  assert.match((await quickPick.items()).join('\n'), /^1 {2}echo "I am \$NODE_NAME"/);
  await s.screenshot('text');
  await quickPick.accept();
  await picks.waitFor('review');
  assert.deepEqual(await quickPick.ticked(), ['web-01', 'web-03']);
  await quickPick.escape();
});
