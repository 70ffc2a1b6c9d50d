import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { patiently } from './harness/patiently.ts';
import { clearRuns } from './support/clearRuns.ts';
import { eventually } from './support/eventually.ts';
import { editorSession, type Session } from './support/session.ts';

const RUNBOOK = [
  '---\r\ntitle: x\r\n---\r\n\r\n### Disk is full\r\n',
  '1. Look  \r\n\r\n   ```bash title="a"\r\n   [[ $NODE_NAME = web-* ]] && echo web || echo other\r\n   ```\r\n',
  '2. Fail\r\n~~~sh consul-exec: service=db\r\nexit 3\r\n~~~\r\n',
  '\r\n```sh\r\necho never\r\n```\r\n\r\n```json\r\n{}\r\n```',
].join('');

const scenario = editorSession({
  name: 'runbook',
  files: { 'disk.md': RUNBOOK, 'sleep.md': '```sh\nsleep 5\n```\n' },
  settings: { 'consulExec.wait': '5s' },
});

const cells = ({ workbench }: Session): Locator =>
  workbench.page.locator('.notebookOverlay .code-cell-row');

async function openRunbook(session: Session, file: string): Promise<void> {
  const { workbench } = session;
  await workbench.openFile(file);
  await workbench.runCommand('Consul Exec: Reopen as Runbook');
  await cells(session).first().waitFor({ timeout: 60_000 });
}

const fileText = ({ workspaceFolder }: Session, file: string) =>
  readFile(join(workspaceFolder, file), 'utf8');

/** The output of the cells, which the editor draws in a frame of its own. */
async function outputText({ workbench }: Session): Promise<string> {
  const texts: string[] = [];
  for (const frame of workbench.page.frames()) {
    const outputs = frame.locator('.output_container');
    texts.push(...(await outputs.allInnerTexts().catch(() => [])));
  }
  return texts.join('\n');
}

scenario('cells of a Markdown file run through the review, until one fails', async (session) => {
  const { workbench, picks, runs } = session;
  await runs.open();
  await openRunbook(session, 'disk.md');
  await eventually(async () => assert.equal(await cells(session).count(), 3));
  await session.screenshot('opened');
  await workbench.runCommand('Notebook: Run All');
  await picks.toReview({ service: 'Any Service' });
  await session.screenshot('review');
  await picks.start();
  await picks.untilSelected(['db-01']);
  await eventually(async () => {
    assert.match(await outputText(session), /5 ok[^]*web-\[01-03\]: exited 0\s+web\b/);
  });
  await session.screenshot('next');
  await picks.start();
  const second = await runs.ended('exit 3');
  assert.match(second.words, /^1 failed/);
  await eventually(async () => assert.match(await outputText(session), /db-01: exited 3/));
  await session.screenshot('ran');
  assert.equal(await runs.jobs(), 2);
  assert.ok(!(await workbench.quickPick.widget.isVisible()));
  assert.equal(await fileText(session, 'disk.md'), RUNBOOK);
});

scenario('the outputs of a cell can be compared', async ({ workbench }) => {
  const { page } = workbench;
  await patiently(async (timeout) => {
    await page.locator('.cell-status-item', { hasText: 'Compare' }).first().click({ timeout });
    await page.locator('.part.editor .monaco-diff-editor').waitFor({ timeout });
  }, page);
  await workbench.runCommand('View: Close Editor');
});

scenario('saving changes only the cell that was edited', async (session) => {
  const { workbench } = session;
  const { page } = workbench;
  const cell = cells(session).nth(1);
  await patiently(async (timeout) => {
    await cell.locator('.monaco-editor .view-line').first().click({ timeout });
    await cell.locator('.monaco-editor.focused').waitFor({ timeout });
  }, page);
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' # was 2');
  await workbench.runCommand('File: Save');
  const expected = RUNBOOK.replace('exit 3\r\n', 'exit 3 # was 2\r\n');
  await eventually(async () => assert.equal(await fileText(session, 'disk.md'), expected));
});

scenario('after a reload the notebook is open, and its outputs are nowhere', async (session) => {
  const { runs } = session;
  const before = await fileText(session, 'disk.md');
  // In a browser, VS Code saves which editors are open every five seconds.
  await session.workbench.page.waitForTimeout(6_000);
  await session.reload();
  await cells(session).first().waitFor({ timeout: 60_000 });
  assert.equal(await cells(session).count(), 3);
  assert.doesNotMatch(await outputText(session), /exited/);
  await session.screenshot('reloaded');
  await runs.open();
  await eventually(async () => assert.equal(await runs.jobs(), 2));
  assert.equal(await fileText(session, 'disk.md'), before);
});

scenario('a run outlives its cell, and a review that was left starts none', async (session) => {
  const { workbench, picks, runs } = session;
  await clearRuns(session);
  // The cells of another notebook would stay in the window.
  await workbench.runCommand('View: Close All Editors');
  await openRunbook(session, 'sleep.md');
  await workbench.runCommand('Notebook: Run All');
  await picks.waitFor('service');
  await workbench.quickPick.escape();
  await workbench.runCommand('Notebook: Run All');
  await picks.run({ service: 'db' });
  await runs.until('sleep 5', ({ words }) => assert.match(words, /^0 of 1 done/));
  await workbench.runCommand('Notebook: Delete Cell');
  await workbench.dialog.press('Delete');
  await cells(session).first().waitFor({ state: 'detached' });
  assert.match((await runs.ended('sleep 5')).words, /^1 ok/);
  assert.equal(await runs.jobs(), 1);
});
