import assert from 'node:assert/strict';
import { patiently } from './harness/patiently.ts';
import { eventually } from './support/eventually.ts';
import { editorSession, type Session } from './support/session.ts';
import { startWebFleet } from './support/webFleet.ts';

const scenario = editorSession({
  name: 'fleetView',
  files: { 'name.sh': '#!/bin/sh\necho "I am $NODE_NAME"\n' },
  settings: { 'consulExec.wait': '5s' },
  startFleet: startWebFleet,
});

/** The visible rows: label, a space, description. */
async function rows({ workbench }: Session): Promise<string[]> {
  return (await workbench.tree.rows()).map(({ text }) => text);
}

async function says(session: Session, row: RegExp): Promise<void> {
  await eventually(async () => {
    const all = await rows(session);
    assert.ok(
      all.some((text) => row.test(text)),
      `no row ${String(row)} in ${all.join(' | ')}`,
    );
  }, 30_000);
}

async function saysNot(session: Session, row: RegExp): Promise<void> {
  await eventually(async () => {
    assert.ok(!(await rows(session)).some((text) => row.test(text)), String(row));
  }, 30_000);
}

/** Gives the Fleet view the height of the side bar, or shares it with the Runs view again. */
async function setRunsExpanded({ workbench }: Session, isExpanded: boolean): Promise<void> {
  const header = workbench.page.getByRole('button', { name: 'Runs Section' });
  await patiently(async (timeout) => {
    if ((await header.getAttribute('aria-expanded')) === String(isExpanded)) return;
    await header.click({ timeout });
    const changed = workbench.page.locator(`[aria-expanded="${String(isExpanded)}"]`);
    await header.and(changed).waitFor({ timeout });
  }, workbench.page);
}

async function openFleet(session: Session): Promise<void> {
  await session.workbench.runCommand('Consul Exec: Focus on Fleet View');
  await setRunsExpanded(session, false);
}

scenario(
  'the nodes are below their services, with health, and what changes shows',
  async (session) => {
    const { workbench, fleet } = session;
    await openFleet(session);
    await says(session, /^web 3 nodes$/);
    await says(session, /^db 1 node$/);
    await workbench.tree.expand(/^web/);
    await says(session, /^web10 healthy · 127\./);
    await session.screenshot('open');
    // What is expanded stays so while the view is hidden.
    await workbench.runCommand('View: Show Explorer');
    await workbench.runCommand('Consul Exec: Focus on Fleet View');
    await says(session, /^web10 healthy · 127\./);
    const agent = fleet.agent('web10').httpAddress;
    const failing = { Name: 'disk', TTL: '10h', Status: 'critical' };
    const register = { method: 'PUT', body: JSON.stringify(failing) };
    await (await fetch(`${agent}/v1/agent/check/register`, register)).body?.cancel();
    await says(session, /^web10 failing: disk · 127\./);
    await says(session, /^web 3 nodes · 1 needs attention$/);
    await fleet.agent('web11').kill();
    await says(session, /^web11 gossip can't reach its agent/);
    await session.screenshot('problems');
    await fleet.restart('web11');
    await says(session, /^web11 healthy/);
    const remove = { method: 'PUT' };
    const service = `${fleet.agent('db1').httpAddress}/v1/agent/service/deregister/db1-3`;
    await (await fetch(service, remove)).body?.cancel();
    await says(session, /^No service 1 node/);
    await saysNot(session, /^db 1 node/);
  },
);

scenario(
  'selected nodes run a script after the review, and the view shows their results',
  async (session) => {
    const { workbench, runs } = session;
    const { quickPick } = workbench;
    await workbench.openFile('name.sh');
    await openFleet(session);
    await workbench.tree.expand(/^web/);
    await workbench.tree.check(/^web11healthy/);
    await workbench.runCommand('Consul Exec: Show Fleet by Service or by Name');
    await workbench.tree.check(/^web1healthy/);
    await says(session, /^Run on 2 nodes…/);
    await workbench.runCommand('Consul Exec: Filter Fleet…');
    await quickPick.waitFor('Filter Fleet');
    await quickPick.type('db');
    await quickPick.accept();
    await says(session, /^Only nodes with "db" 1 node · 2 selected, not shown$/);
    await session.screenshot('filter');
    await patiently(async (timeout) => {
      await workbench.tree.click(/^Run on 2 nodes/);
      await quickPick.titled('Run on Selected Nodes').waitFor({ timeout });
    }, workbench.page);
    await quickPick.choose('name.sh');
    await quickPick.waitFor(/Run on 2 nodes/);
    await quickPick.accept();
    await runs.open();
    await setRunsExpanded(session, true);
    const run = await runs.ended('name.sh');
    assert.deepEqual([...run.nodes.keys()].toSorted(), ['web1', 'web11']);
    await openFleet(session);
    await workbench.tree.click(/^Only nodes with "db"/);
    await says(session, /^web1 healthy · ok .*127\./);
    await workbench.tree.contextMenu(/^web1healthy/, 'Runs on This Node…');
    await quickPick.waitFor('Runs on web1');
    await session.screenshot('runs');
    await quickPick.choose('name.sh');
    await eventually(async () => {
      assert.match(await workbench.editor.visibleText(), /I am web1/);
    });
  },
);

scenario('the keyboard alone selects nodes and runs on them', async (session) => {
  const { workbench, picks, runs } = session;
  const { quickPick, tree } = workbench;
  const { keyboard } = workbench.page;
  await workbench.openFile('name.sh');
  await openFleet(session);
  await says(session, /^web10 /);
  await workbench.runCommand('Consul Exec: Clear Fleet Selection');
  await saysNot(session, /^Run on/);
  const isAt = async (row: RegExp) =>
    ((await tree.row(row).getAttribute('class')) ?? '').includes('focused');
  const goTo = async (row: RegExp) => {
    await eventually(async () => {
      await workbench.runCommand('Consul Exec: Focus on Fleet View');
      await keyboard.press('Home');
      for (let i = 0; i < 12 && !(await isAt(row)); i++) await keyboard.press('ArrowDown');
      assert.ok(await isAt(row));
    });
  };
  await goTo(/^web10/);
  await keyboard.press('Space');
  await says(session, /^Run on 1 node…/);
  await goTo(/^web1(?!\d)/);
  await keyboard.press('Enter');
  await says(session, /^Run on 2 nodes…/);
  const boxes = await tree.rows();
  for (const { text, ariaLabel } of boxes) {
    if (text.startsWith('web1')) assert.match(ariaLabel, /^web1\d?: (?:healthy|failing)/);
  }
  await goTo(/^Run on 2 nodes…/);
  await keyboard.press('Enter');
  await quickPick.titled('Run on Selected Nodes').waitFor();
  await quickPick.choose('name.sh');
  await picks.untilSelected(['web1', 'web10']);
  // A check of web10 fails, so that the review is a view. It opens where Enter starts nothing.
  await picks.view.says(/^Health checks are failing/);
  await eventually(async () => assert.ok(await isAt(/^Health checks are failing/)));
  await keyboard.press('Home');
  await keyboard.press('Enter');
  await picks.view.waitUntilClosed();
  await runs.open();
  await setRunsExpanded(session, true);
  await runs.until('name.sh', ({ nodes }) =>
    assert.deepEqual([...nodes.keys()].toSorted(), ['web1', 'web10']),
  );
  await runs.ended('name.sh');
  await openFleet(session);
});

scenario('a renamed node shows under its new name', async (session) => {
  const { fleet } = session;
  const register = async (Node: string) => {
    const node = { ID: '6d1f0a52-0c1e-4c7e-9b58-3f0a2f0f7a11', Node, Address: '127.0.0.9' };
    const request = { method: 'PUT', body: JSON.stringify(node) };
    await (await fetch(`${fleet.address}/v1/catalog/register`, request)).body?.cancel();
  };
  await openFleet(session);
  await register('before');
  await says(session, /^before no agent/);
  await register('after');
  await says(session, /^after no agent/);
  await saysNot(session, /^before/);
});
