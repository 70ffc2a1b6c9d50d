import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { openBrowser } from '../test/editor/harness/browser.ts';
import { launchVscode } from '../test/editor/harness/launchVscode.ts';
import type { Workbench } from '../test/editor/harness/workbench.ts';
import { eventually } from '../test/editor/support/eventually.ts';
import { RunList } from '../test/editor/support/runList.ts';
import { writeMachineSettings } from '../test/editor/support/settings.ts';
import { TargetPicks } from '../test/editor/support/targetPicks.ts';
import { currentVsix } from '../test/editor/support/vsix.ts';
import { startDemoFleet } from '../test/fleet/demoFleet.ts';
import { repository } from '../test/setup/repository.ts';
import { temporaryFolder } from '../test/setup/temporaryFolder.ts';

/** The folder of the pictures in README.md. */
const pictures = join(repository, 'media', 'screenshots');

/** Hides what the pictures don't need. */
const calmSettings = {
  'breadcrumbs.enabled': false,
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'window.menuBarVisibility': 'hidden',
  'workbench.layoutControl.enabled': false,
  'diffEditor.renderSideBySide': true,
  'diffEditor.useInlineViewWhenSpaceIsLimited': false,
};

/** Widens the side bar by these pixels, so that rows are completely visible. */
const SIDE_BAR_EXTRA_PX = 130;

/** Takes the pictures of README.md, on the demo fleet. */
async function takePictures(workbench: Workbench): Promise<void> {
  const { page, quickPick, tree } = workbench;
  const runs = new RunList(workbench);
  const picks = new TargetPicks(workbench);
  const take = async (name: string) => {
    // Avoids toasts, tooltips, and a highlighted row below the pointer.
    await page.mouse.move(300, 620);
    await page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
    await page.locator('.notifications-toasts:visible').first().waitFor({ state: 'hidden' });
    await page.screenshot({ path: join(pictures, `${name}.png`) });
  };
  const toReview = async (file: string) => {
    await workbench.openFile(file);
    await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
    await picks.toReview({ service: 'Any Service' });
  };
  const run = async (file: string) => {
    await picks.start();
    await runs.ended(file);
  };
  await workbench.runCommand('Notifications: Toggle Do Not Disturb Mode');
  await runs.open();
  await widenSideBar(workbench);
  await workbench.runCommand('Consul Exec: Switch Connection…');
  await quickPick.choose('staging');
  await quickPick.waitUntilClosed();

  await toReview('release.sh');
  await run('release.sh');
  await workbench.runCommand('View: Close All Editors');
  await toReview('service-status.sh');
  await take('review');
  await run('service-status.sh');
  await take('runs');

  await tree.toggle('release.sh');
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('View: Hide Panel');
  await workbench.runCommand('Consul Exec: Group Nodes…');
  await quickPick.choose('By identical output');
  await quickPick.waitUntilClosed();
  await tree.contextMenu('service-status.sh', 'Open Combined Output');
  await page.getByRole('tab', { name: /service-status/, selected: true }).waitFor();
  await tree.waitFor(/replica/);
  await take('groups');

  await workbench.runCommand('View: Close All Editors');
  await tree.toggle('service-status.sh');
  await tree.expand('release.sh');
  await tree.press(/shop-app 2\.4\.0/, 'Compare with Most Common Output');
  await page.getByRole('tab', { name: /^most common/, selected: true }).waitFor();
  await page.locator('.diff-hidden-lines, .line-insert').first().waitFor();
  await take('majority');

  await workbench.runCommand('View: Close All Editors');
  await tree.toggle('release.sh');
  await tree.expand('service-status.sh');
  await tree.contextMenu('service-status.sh', 'Search Run Output…');
  await quickPick.type('active');
  await quickPick.widget.getByText('shop-app').first().waitFor();
  await take('search');

  await quickPick.escape();
  await workbench.runCommand('Consul Exec: Focus on Fleet View');
  await page.getByRole('button', { name: 'Runs Section' }).click();
  for (const service of ['db', 'web']) await tree.expand(new RegExp(`^${service}`));
  for (const node of ['web-02', 'web-03']) await tree.check(new RegExp(`^${node}`));
  await tree.waitFor(/^Run on 2 nodes/);
  await take('fleet');

  await workbench.runCommand('Consul Exec: Focus on Runs View');
  await workbench.openFile('runbook.md');
  await page.locator('.codelens-decoration', { hasText: 'Run on 4 nodes' }).first().waitFor();
  await workbench.selectLines(10, 10);
  await page.keyboard.press('ArrowLeft');
  await workbench.runCommand('Consul Exec: Run at Cursor on Consul Nodes…');
  await picks.untilSelected(['web-01', 'web-02', 'web-03', 'web-04']);
  await run('echo "version');
  await page.locator('.codelens-decoration', { hasText: '3 ok' }).first().waitFor();
  await workbench.runCommand('View: Hide Panel');
  await take('runbook');

  await workbench.runCommand('Consul Exec: Reopen as Runbook');
  await page.locator('.notebookOverlay .code-cell-row').first().waitFor();
  await workbench.runCommand('Notebook: Run All');
  await picks.untilSelected(['web-01', 'web-02', 'web-03', 'web-04']);
  await picks.start();
  await runs.ended('echo "version');
  await page.locator('.cell-status-item', { hasText: 'Compare' }).first().waitFor();
  await page.locator('.notebookOverlay .codicon-notebook-state-error').first().waitFor();
  await take('notebook');

  await workbench.runCommand('View: Close All Editors');
  await propose(workbench);
  await picks.view.says(/^Proposed by an Assistant/);
  await take('proposal');
  await picks.view.cancel();
}

/** What an assistant does that is connected through MCP. */
async function propose(workbench: Workbench): Promise<void> {
  await workbench.runCommand('Consul Exec: Copy the Address of the MCP Server');
  const { url, headers } = await eventually(async () => {
    const copied = await workbench.page.evaluate<string>('navigator.clipboard.readText()');
    return JSON.parse(copied) as { url: string; headers: Record<string, string> };
  });
  const client = new Client({ name: 'pictures', version: '1' });
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }),
  );
  const input = {
    service: 'web',
    script: '#!/bin/sh\n# Prints the version of the application.\necho "version $APP_VERSION"\n',
    reason: 'To see which web nodes run an older version.',
  };
  // Ends when the review is left, or with the window.
  void client
    .callTool({ name: 'propose_run', arguments: input })
    .catch(() => undefined)
    .finally(() => client.close());
}

/** Drags the border of the side bar. */
async function widenSideBar({ page }: Workbench): Promise<void> {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (!box) throw new Error('the side bar is not visible');
  const [border, middle] = [box.x + box.width + 2, box.y + box.height / 2];
  await page.mouse.move(border, middle);
  await page.mouse.down();
  await page.mouse.move(border + SIDE_BAR_EXTRA_PX, middle, { steps: 5 });
  await page.mouse.up();
}

const vsix = await currentVsix();
const folder = temporaryFolder('pictures');
const workspaceFolder = join(folder.path, 'scripts');
await cp(join(repository, 'test', 'demo', 'workspace'), workspaceFolder, { recursive: true });
await mkdir(pictures, { recursive: true });
const fleet = await startDemoFleet(8);
try {
  const userSettings = { ...calmSettings, 'consulExec.assistants': 'propose' };
  const vscode = await launchVscode({ vsix, workspaceFolder, userSettings });
  await writeMachineSettings(vscode.serverDataDir, {
    'consulExec.connections': [{ name: 'staging', address: fleet.address }],
  });
  const browser = await openBrowser({ viewport: { width: 1200, height: 660 } });
  try {
    await takePictures(await browser.open(vscode.url));
  } finally {
    await browser.close();
    await vscode.stop();
  }
} finally {
  await fleet.stop();
  folder.remove();
}
