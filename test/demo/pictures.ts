import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser } from '../editor/harness/browser.ts';
import { launchVscode } from '../editor/harness/launchVscode.ts';
import type { Workbench } from '../editor/harness/workbench.ts';
import { RunList } from '../editor/support/runList.ts';
import { writeMachineSettings } from '../editor/support/settings.ts';
import { TargetPicks } from '../editor/support/targetPicks.ts';
import { currentVsix } from '../editor/support/vsix.ts';
import { startDemoFleet } from '../fleet/demoFleet.ts';
import { repository } from '../setup/repository.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';

/** Where README.md takes them from. */
const pictures = join(repository, 'media', 'screenshots');

/** Nothing in them but what they are about. */
const calmSettings = {
  'breadcrumbs.enabled': false,
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'window.menuBarVisibility': 'hidden',
  'workbench.layoutControl.enabled': false,
  'diffEditor.renderSideBySide': true,
  'diffEditor.useInlineViewWhenSpaceIsLimited': false,
};

/** Pixels by which the side bar is wider than VS Code makes it, so that rows are shown whole. */
const WIDER = 130;

/** Takes the pictures of README.md anew, on the demo fleet. */
async function takePictures(workbench: Workbench): Promise<void> {
  const { page, quickPick, tree } = workbench;
  const runs = new RunList(workbench);
  const picks = new TargetPicks(workbench);
  const take = async (name: string) => {
    // Neither a toast nor a tooltip, nor a row that the pointer happens to rest on.
    await page.mouse.move(300, 620);
    await page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
    await page.locator('.notifications-toasts:visible').first().waitFor({ state: 'hidden' });
    await page.screenshot({ path: join(pictures, `${name}.png`) });
  };
  const toReview = async (file: string) => {
    await workbench.openFile(file);
    await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
    await picks.toReview({ service: 'Any service' });
  };
  const run = async (file: string) => {
    await quickPick.accept();
    await quickPick.waitUntilClosed();
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
  await tree.contextMenu('service-status.sh', 'Open All Outputs of the Run');
  await page.getByRole('tab', { name: /service-status/, selected: true }).waitFor();
  await tree.waitFor(/replica/);
  await take('groups');

  await workbench.runCommand('View: Close All Editors');
  await tree.toggle('service-status.sh');
  await tree.expand('release.sh');
  await tree.press(/shop-app 2\.4\.0/, 'Compare with the Majority');
  await page.getByRole('tab', { name: /^majority/, selected: true }).waitFor();
  await page.locator('.diff-hidden-lines, .line-insert').first().waitFor();
  await take('majority');

  await workbench.runCommand('View: Close All Editors');
  await tree.toggle('release.sh');
  await tree.expand('service-status.sh');
  await tree.contextMenu('service-status.sh', 'Search Outputs of the Run…');
  await quickPick.type('active');
  await quickPick.widget.getByText('shop-app').first().waitFor();
  await take('search');
}

/** Drags the border of the side bar. */
async function widenSideBar({ page }: Workbench): Promise<void> {
  const box = await page.locator('.part.sidebar').boundingBox();
  if (!box) throw new Error('there is no side bar');
  const [border, middle] = [box.x + box.width + 2, box.y + box.height / 2];
  await page.mouse.move(border, middle);
  await page.mouse.down();
  await page.mouse.move(border + WIDER, middle, { steps: 5 });
  await page.mouse.up();
}

const vsix = await currentVsix();
const folder = temporaryFolder('pictures');
const workspaceFolder = join(folder.path, 'scripts');
await cp(join(import.meta.dirname, 'workspace'), workspaceFolder, { recursive: true });
await mkdir(pictures, { recursive: true });
const fleet = await startDemoFleet(8);
try {
  const vscode = await launchVscode({ vsix, workspaceFolder, userSettings: calmSettings });
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
