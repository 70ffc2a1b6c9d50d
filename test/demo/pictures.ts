import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser } from '../editor/harness/browser.ts';
import { launchVscode } from '../editor/harness/launchVscode.ts';
import type { Workbench } from '../editor/harness/workbench.ts';
import { RunList } from '../editor/support/runList.ts';
import { TargetPicks } from '../editor/support/targetPicks.ts';
import { currentVsix } from '../editor/support/vsix.ts';
import { startDemoFleet } from '../fleet/demoFleet.ts';
import { repository } from '../setup/repository.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';

/** Where README.md takes them from. */
const pictures = join(repository, 'media', 'screenshots');

/** Takes the pictures of README.md anew, on the demo fleet. */
async function takePictures(workbench: Workbench): Promise<void> {
  const runs = new RunList(workbench);
  const picks = new TargetPicks(workbench);
  const take = (name: string) => workbench.page.screenshot({ path: join(pictures, `${name}.png`) });
  const run = async (file: string) => {
    await workbench.openFile(file);
    await workbench.runCommand('Consul Exec: Run File on Consul Nodes…');
  };
  await runs.open();
  await run('app-version.sh');
  await picks.run({ service: 'web', tag: 'secondary' });
  await runs.ended('app-version.sh');
  await run('service-status.sh');
  await picks.toReview({ service: 'Any service' });
  await take('review');
  await workbench.quickPick.accept();
  await workbench.quickPick.waitUntilClosed();
  await runs.ended('service-status.sh');
  const close = workbench.page.getByRole('button', { name: /^Clear Notification/ });
  if (await close.first().isVisible()) await close.first().click();
  await take('runs');
}

const vsix = await currentVsix();
const folder = temporaryFolder('pictures');
const workspaceFolder = join(folder.path, 'scripts');
await cp(join(import.meta.dirname, 'workspace'), workspaceFolder, { recursive: true });
await mkdir(pictures, { recursive: true });
const fleet = await startDemoFleet(8);
try {
  const env = { CONSUL_HTTP_ADDR: fleet.address };
  const vscode = await launchVscode({ vsix, workspaceFolder, env });
  const browser = await openBrowser({ viewport: { width: 1200, height: 700 } });
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
