import assert from 'node:assert/strict';
import { after } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAddress } from '../../src/consul/endpoint/address.ts';
import { Consul } from '../../src/consul/consul.ts';
import { lockSteps } from '../../src/exec/ramp/stepsLock.ts';
import { type FaultProxy, startFaultProxy } from '../consul/support/faultProxy.ts';
import { clearRuns } from './support/clearRuns.ts';
import { eventually } from './support/eventually.ts';
import { assertNothingLeft, assertNothingWritten } from './support/leftovers.ts';
import { editorSession, type Session } from './support/session.ts';
import { useConnection } from './support/useConnection.ts';

/** Announces nothing. */
let proxy: FaultProxy;

const scenario = editorSession({
  name: 'ramp',
  files: {
    'deploy.sh': 'echo deployed\n',
    // The first node is the canary; it is the only one with this output.
    'canary.sh': '[ "$NODE_NAME" = web-01 ] && echo old || echo new\n',
    'third.sh': '[ "$NODE_NAME" = web-03 ] && exit 3; echo deployed\n',
    'slow.sh': 'sleep 9; echo deployed\n',
  },
  settings: { 'consulExec.wait': '5s', 'consulExec.confirmAbove': 1000 },
  prepare: async ({ address }) => {
    proxy = await startFaultProxy(address);
    const body = 'Permission denied';
    proxy.faults = ({ url }) =>
      url.startsWith('/v1/event/fire') ? { kind: 'answer', status: 403, body } : undefined;
    return {
      settings: {
        'consulExec.connections': [
          { name: 'live', address, production: true },
          { name: 'free', address, production: true, rampWithoutAsking: true },
          { name: 'test', address },
          { name: 'team', address, lockSteps: true },
          { name: 'refusing', address: proxy.address, lockSteps: true },
        ],
      },
    };
  },
});
after(() => proxy.close());

/** VS Code in a browser saves the state of a window only every five seconds. */
const STATE_SAVED_MS = 6000;

const ONE_BY_ONE = '1 node, then 1, then 1';

/** Opens the quick pick with the rule for steps of one node each. */
async function toRule({ workbench, picks, runs }: Session, file: string): Promise<void> {
  const { quickPick } = workbench;
  await runs.open();
  await workbench.openFile(file);
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.toReview({ service: 'web' });
  await picks.startInSteps();
  await quickPick.choose('Steps on Their Own…');
  await quickPick.waitFor('Run in Steps on Their Own');
  await quickPick.choose(ONE_BY_ONE);
  await quickPick.row('Continue with This Rule').waitFor();
}

async function setPause({ workbench: { quickPick } }: Session, pause: string): Promise<void> {
  await quickPick.choose('Pause Between Steps: 10 s');
  await quickPick.widget.getByText('How long to wait after each step').waitFor();
  await quickPick.type(pause);
  await quickPick.accept();
  await quickPick.row('Continue with This Rule').waitFor();
}

async function start(session: Session, file: string, pause?: string, said = /^/): Promise<void> {
  const { workbench } = session;
  await clearRuns(session);
  await toRule(session, file);
  if (pause !== undefined) await setPause(session, pause);
  await workbench.quickPick.choose('Continue with This Rule');
  await workbench.dialog.waitFor(/Run on 3 nodes in .*, in 3 steps\?/);
  assert.match(await workbench.dialog.text(), said);
  await workbench.dialog.press('Run in 3 Steps');
}

async function untilRuns({ runs }: Session, count: number, timeoutMs = 30_000): Promise<void> {
  await eventually(async () => assert.equal(await runs.jobs(), count), timeoutMs);
}

scenario('three steps run on their own after one confirmation', async (session) => {
  const { workbench, runs } = session;
  const { quickPick, dialog } = workbench;
  await clearRuns(session);
  await toRule(session, 'deploy.sh');
  await session.screenshot('rule');
  await quickPick.choose('Error Budget: 0 of 3 nodes');
  await quickPick.widget.getByText('How many nodes can have errors').waitFor();
  await quickPick.type('4');
  await quickPick.widget.getByText('"4" is more than all nodes.').waitFor();
  await quickPick.type('10%');
  await quickPick.widget.getByText('The first error stops the steps.').waitFor();
  await session.screenshot('budget');
  await quickPick.type('1');
  await quickPick.accept();
  await quickPick.row('Error Budget: 1 of 3 nodes').waitFor();
  await setPause(session, '3s');
  await quickPick.row('Different Output than the First Step').click();
  await quickPick.widget.getByText("doesn't count").waitFor();
  await quickPick.choose('Continue with This Rule');
  await dialog.waitFor(/Run on 3 nodes in dc1.*, in 3 steps\?/);
  const text = await dialog.text();
  assert.match(text, /echo deployed/);
  assert.match(text, /Step 1: web-01\s+Step 2: web-02\s+Step 3: web-03/);
  assert.match(text, /Each later step starts on its own, 3\.0 s after the one before\./);
  assert.match(text, /Nothing further starts when more than 1 node has errors/);
  assert.doesNotMatch(text, /differs/);
  await session.screenshot('question');
  await dialog.press('Run in 3 Steps');
  await runs.until('deploy.sh', ({ words }) => {
    assert.match(words, /^1 ok · step 1 of 3 · next in \d s · /);
  });
  await workbench.notification(/step 1 of 3 finished, 1 ok\. The next step starts in 3\.0 s\./);
  await session.screenshot('pausing');
  await untilRuns(session, 3, 60_000);
  await workbench.notification(/deploy\.sh: All 3 steps finished\./);
  await runs.until('deploy.sh', ({ words }) => assert.match(words, /^3 ok · step 3 of 3 · /));
  assert.equal((await runs.all()).length, 1);
  const steps = await runs.steps('deploy.sh');
  assert.equal(steps.length, 3);
  for (const step of steps) assert.match(step, /^Step [123] 1 ok · \d/);
  await session.screenshot('done');
});

scenario('a canary with different output stops the steps', async (session) => {
  const { workbench, runs, fleet } = session;
  await start(session, 'canary.sh', '1s');
  const stopped = /Stopped after step 2 of 3: 1 with different output, the budget is 0\./;
  await workbench.notification(stopped);
  const messages = await workbench.notifications();
  assert.ok(!messages.some((message) => message.includes('step 1 of 3 finished')));
  const run = await runs.until('canary.sh', ({ words }) => {
    assert.match(words, /^2 ok · stopped after step 2 of 3: 1 with different output, budget 0/);
  });
  assert.equal(run.label.startsWith('canary.sh'), true);
  await session.screenshot('canary');
  await assertNothingLeft(fleet.address);
  await assertNothingWritten(fleet.address, () => sleep(3000));
  assert.equal(await runs.jobs(), 2);
  // The run says why.
  assert.match(await workbench.outputText(), stopped);
  // By hand, it can continue.
  await workbench.tree.contextMenu('canary.sh', 'Run Next Step…');
  await session.picks.untilSelected(['web-03']);
  await session.picks.leave();
});

scenario('Pause, Continue, and Stop, from the row and from the notification', async (session) => {
  const { workbench, runs, fleet } = session;
  await start(session, 'deploy.sh', '20s');
  await runs.until('deploy.sh', ({ words }) => assert.match(words, /next in \d+ s/));
  const entries = await workbench.tree.openMenu('deploy.sh');
  await session.screenshot('menu');
  assert.ok(!entries.some((entry) => entry.includes('Run Next Step')), entries.join());
  await workbench.page.keyboard.press('Escape');
  await assertNothingLeft(fleet.address);
  await assertNothingWritten(fleet.address, async () => {
    await workbench.tree.contextMenu('deploy.sh', 'Pause the Steps');
    await runs.until('deploy.sh', ({ words }) => assert.match(words, /step 1 of 3 · paused/));
    await sleep(21_000);
    assert.equal(await runs.jobs(), 1);
  });
  await session.screenshot('paused');
  await workbench.tree.contextMenu('deploy.sh', 'Continue the Steps');
  await untilRuns(session, 2);
  const toast = await workbench.notification(/step 2 of 3 finished, 1 ok\. The next step/);
  await toast.getByRole('button', { name: 'Pause', exact: true }).click();
  const paused = await workbench.notification(/Paused after step 2 of 3\./);
  await assertNothingLeft(fleet.address);
  await assertNothingWritten(fleet.address, async () => {
    await paused.getByRole('button', { name: 'Stop', exact: true }).click();
    await runs.until('deploy.sh', ({ words }) => assert.match(words, /step 2 of 3 · stopped/));
    await sleep(2000);
  });
  await workbench.runCommand('Consul Exec: Continue the Steps');
  await workbench.notification(/no steps that start on their own/);
  assert.equal(await runs.jobs(), 2);
});

scenario('a reload pauses, also while a step runs', async (session) => {
  const { workbench, runs, fleet } = session;
  await start(session, 'deploy.sh', '12s');
  await runs.until('deploy.sh', ({ words }) => assert.match(words, /next in \d+ s/));
  await sleep(STATE_SAVED_MS);
  await session.reload();
  // A toast hides again after a while.
  const told = workbench.notification(/Paused after step 1 of 3, because the window/);
  await runs.open();
  await runs.until('deploy.sh', ({ words }) => assert.match(words, /step 1 of 3 · paused/));
  await told;
  await assertNothingLeft(fleet.address);
  await session.screenshot('reloaded');
  await assertNothingWritten(fleet.address, () => sleep(6000));
  assert.equal(await runs.jobs(), 1);
  await workbench.tree.contextMenu('deploy.sh', 'Continue the Steps');
  await untilRuns(session, 3, 60_000);
  await runs.until('deploy.sh', ({ words }) => assert.match(words, /^3 ok · step 3 of 3 · /));

  await start(session, 'slow.sh', '1s');
  await untilRuns(session, 1);
  await sleep(STATE_SAVED_MS);
  await session.reload();
  await runs.open();
  await runs.until('slow.sh', ({ words }) => assert.match(words, /^1 ok · step 1 of 3 · paused/));
  await sleep(3000);
  assert.equal(await runs.jobs(), 1);
  await workbench.tree.contextMenu('slow.sh', 'Continue the Steps');
  await untilRuns(session, 3, 60_000);
  await runs.until('slow.sh', ({ words }) => assert.match(words, /^3 ok · step 3 of 3 · /));
});

scenario('another connection pauses the steps, and production asks at each', async (session) => {
  const { workbench, runs, fleet } = session;
  const { dialog } = workbench;
  await useConnection(session, 'test');
  await start(session, 'deploy.sh', '8s');
  await runs.until('deploy.sh', ({ words }) => assert.match(words, /next in \d s/));
  await useConnection(session, 'live');
  await workbench.notification(/These steps use the connection "test", but "live" is active\./);
  await runs.until('deploy.sh', ({ words }) => assert.match(words, /step 1 of 3 · paused/));
  await session.screenshot('connection');
  assert.equal(await runs.jobs(), 1);
  await workbench.tree.contextMenu('deploy.sh', 'Stop the Steps');

  await start(session, 'deploy.sh');
  const toast = await workbench.notification(/Step 1 of 3 finished\. Confirm the next step\./);
  await runs.until('deploy.sh', ({ words }) => assert.match(words, /waits for confirmation/));
  await session.screenshot('asks');
  await assertNothingLeft(fleet.address);
  await assertNothingWritten(fleet.address, async () => {
    await sleep(2000);
    await toast.getByRole('button', { name: 'Run on 1 node…' }).click();
    await dialog.waitFor(/Run on 1 node in dc1 · live \(production\)\?/);
    assert.match(await dialog.text(), /web-02/);
    await dialog.press('Cancel');
  });
  await workbench.tree.contextMenu('deploy.sh', 'Continue the Steps');
  await dialog.press('Run on 1 node');
  await untilRuns(session, 2);
  await runs.until('deploy.sh', ({ words }) => {
    assert.match(words, /^2 ok · step 2 of 3 · waits for confirmation/);
  });
  await workbench.tree.contextMenu('deploy.sh', 'Stop the Steps');

  await useConnection(session, 'free');
  await start(session, 'deploy.sh', '0s');
  await untilRuns(session, 3, 60_000);
});

scenario('one run in steps at a time for each service, in the whole team', async (session) => {
  const { workbench, runs, fleet } = session;
  const consul = new Consul({ endpoint: parseAddress(fleet.address) });
  const key = `${fleet.address}/v1/kv/_rexec/steps/web.lock`;
  await useConnection(session, 'team');
  const place = { consul, prefix: '_rexec', sessionNode: undefined };
  const alice = { user: 'alice', host: 'laptop', title: 'update.sh', since: Date.now() };
  const other = await lockSteps(place, ['web'], alice);
  await start(
    session,
    'deploy.sh',
    undefined,
    /no other steps on their own can start on web where/,
  );
  await workbench.notification(
    /A run in steps on the service "web" is in progress: alice on laptop started "update\.sh" at .*Try again/,
  );
  await session.screenshot('locked');
  assert.equal(await runs.jobs(), 0);
  await other.destroy();
  await assertNothingLeft(fleet.address);

  await start(session, 'deploy.sh', '12s');
  await runs.until('deploy.sh', ({ words }) => assert.match(words, /next in \d+ s/));
  await assert.rejects(lockSteps(place, ['web'], alice), { name: 'StepsLockedError' });
  await sleep(STATE_SAVED_MS);
  await session.reload();
  await runs.open();
  await runs.until('deploy.sh', ({ words }) => assert.match(words, /step 1 of 3 · paused/));
  await workbench.tree.contextMenu('deploy.sh', 'Continue the Steps');
  await untilRuns(session, 2);
  assert.match(await (await fetch(`${key}?raw`)).text(), /"title":"deploy\.sh"/);
  await workbench.tree.contextMenu('deploy.sh', 'Stop the Steps');
  await eventually(() => assertNothingLeft(fleet.address));
  await consul.close();
});

scenario('a run that never begins, or is deleted, lets its lock go', async (session) => {
  const { workbench, runs, fleet } = session;
  await useConnection(session, 'refusing');
  await start(session, 'deploy.sh');
  await workbench.notification(/event:write/);
  await assertNothingLeft(fleet.address);
  await eventually(async () => assert.equal(await runs.jobs(), 0));

  await useConnection(session, 'team');
  await start(session, 'deploy.sh', '60s');
  await runs.until('deploy.sh', ({ words }) => assert.match(words, /next in \d+ s/));
  await assert.rejects(assertNothingLeft(fleet.address));
  await workbench.tree.contextMenu('deploy.sh', 'Pause the Steps');
  await clearRuns(session);
  await eventually(() => assertNothingLeft(fleet.address), 60_000);
});

scenario('steps that were reviewed on another connection start nowhere', async (session) => {
  const { workbench, picks, runs, fleet } = session;
  const { quickPick, dialog } = workbench;
  await useConnection(session, 'live');
  await clearRuns(session);
  await workbench.openFile('deploy.sh');
  await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  await picks.toReview({ service: 'web' });
  // The view takes the focus when it opens, which closes a quick pick.
  await sleep(2000);
  await useConnection(session, 'test');
  await assertNothingWritten(fleet.address, async () => {
    await picks.startInSteps();
    await quickPick.choose('Steps on Their Own…');
    await quickPick.choose(ONE_BY_ONE);
    await quickPick.choose('Continue with This Rule');
    await dialog.press('Run in 3 Steps');
    await workbench.notification(/You reviewed these steps on "live", but "test" is active\./);
    await sleep(1000);
  });
  assert.equal(await runs.jobs(), 0);
});

scenario('a node that left is skipped and named; an error stops the steps', async (session) => {
  const { workbench, runs, fleet } = session;
  await start(session, 'third.sh', '20s');
  await runs.until('third.sh', ({ words }) => assert.match(words, /next in \d+ s/));
  // Servers can take a while to remove a node that left.
  await workbench.tree.contextMenu('third.sh', 'Pause the Steps');
  await fleet.agent('web-02').stop();
  await eventually(async () => {
    const node = await fetch(`${fleet.address}/v1/catalog/node/web-02`);
    assert.equal(await node.json(), null);
  }, 120_000);
  await workbench.tree.contextMenu('third.sh', 'Continue the Steps');
  await runs.until('third.sh', ({ words }) => assert.match(words, /step 2 of 3/), 60_000);
  await workbench.notification(
    /step 2 of 3 finished.*Skipped, because the catalog no longer lists them: web-02\./,
  );
  await session.screenshot('skipped');
  await runs.until('third.sh', ({ words }) => assert.match(words, /^1 failed/), 60_000);
  await workbench.notification(/Stopped after step 3 of 3: 1 failed, the budget is 0\./);
  assert.equal(await runs.jobs(), 2);
  await fleet.agent('web-02').start();
});
