import { openBrowser } from '../../editor/harness/browser.ts';
import { launchVscode } from '../../editor/harness/launchVscode.ts';
import type { Workbench } from '../../editor/harness/workbench.ts';
import { RunList } from '../../editor/support/runList.ts';
import { TargetPicks } from '../../editor/support/targetPicks.ts';
import { startFleet } from '../../fleet/fleet.ts';
import { buildVsix } from '../../setup/vsix.ts';
import { temporaryFolder } from '../../setup/temporaryFolder.ts';
import { enterNodes } from '../catalogFleet.ts';
import { inChild } from '../child.ts';
import { type Figures, printTable, rounded } from '../figures.ts';
import { forgedNames } from '../forgedFleet.ts';
import { cliForgedRun } from '../forgedRuns.ts';
import { type LoopMeter, loopMeter } from '../loopMeter.ts';

const FLEETS = [1000, 10_000];
const BYTES = 1024;

/**
 * Measures a run over a forged fleet in a real VS Code, started through its quick picks: the longest time
 * that the extension host's event loop was blocked, measured by another extension in the same host. By the
 * clock, this includes waiting for a processor, which Consul, the forger, VS Code's server, and the browser
 * keep busy; the wait of an idle host is reported next to it.
 */
export async function editor(): Promise<Figures> {
  const vsix = await buildVsix();
  const folder = temporaryFolder('bench');
  const meter = await loopMeter(folder.path);
  const rows: Figures[] = [];
  try {
    for (const nodes of FLEETS) rows.push(await measure(vsix, folder.path, meter, nodes));
  } finally {
    folder.remove();
  }
  const title = 'editor: a run in VS Code, longest block of the extension host in ms';
  printTable(title, rows);
  return { cases: rows };
}

async function measure(
  vsix: string,
  workspaceFolder: string,
  meter: LoopMeter,
  nodes: number,
): Promise<Figures> {
  const fleet = await startFleet({ clients: [] });
  const vscode = await launchVscode({
    vsix,
    workspaceFolder,
    extensionDevelopmentPath: meter.folder,
    env: { CONSUL_HTTP_ADDR: fleet.address },
  });
  const browser = await openBrowser({ timeoutMs: 120_000 });
  try {
    const workbench = await browser.open(vscode.url);
    const runs = new RunList(workbench);
    await runs.open();
    await meter.longestBlock();
    const order = { nodes, bytesPerNode: BYTES };
    // Measures how long the machine blocks an idle extension host: `consul exec` collects the same keys,
    // while the window does nothing.
    await cliForgedRun(fleet.address, order);
    const idle = await meter.longestBlock();
    await enterNodes(fleet.address, forgedNames(order));
    const fleetDrawn = await openFleetView(workbench);
    const fleetView = await meter.longestBlock();
    const picks = await toReview(workbench);
    const targets = await meter.longestBlock();
    const forging = inChild('forge', {
      ...order,
      address: fleet.address,
      prefix: '_rexec',
      keysAtOnce: 48,
    });
    await picks.start();
    await forging;
    // The server is also a target, and the only real one.
    await runs.ended('true');
    const run = await meter.longestBlock();
    const open = await openTree(workbench);
    const tree = await meter.longestBlock();
    return {
      nodes,
      'idle: wall': rounded(idle.wall),
      'idle: cpu': rounded(idle.cpu),
      'fleet view: wall': rounded(fleetView.wall),
      'fleet view: cpu': rounded(fleetView.cpu),
      'fleet view drawn after': rounded(fleetDrawn),
      'choosing: wall': rounded(targets.wall),
      'choosing: cpu': rounded(targets.cpu),
      'run: wall': rounded(run.wall),
      'run: cpu': rounded(run.cpu),
      'tree: wall': rounded(tree.wall),
      'tree: cpu': rounded(tree.cpu),
      'tree drawn after': rounded(open),
    };
  } finally {
    await browser.close();
    await vscode.stop();
    await fleet.stop();
  }
}

async function toReview(workbench: Workbench): Promise<TargetPicks> {
  await workbench.runCommand('Consul Exec: Run Command on Consul Nodes…');
  await workbench.quickPick.waitFor('Run Command on Consul Nodes');
  await workbench.quickPick.type('true');
  await workbench.quickPick.accept();
  const picks = new TargetPicks(workbench);
  await picks.toReview({ service: 'Any Service' });
  return picks;
}

/**
 * Shows the Fleet view with all nodes of one service, and closes it again, because it reads while it is visible.
 * @returns milliseconds from the click that shows the view until the nodes are drawn
 */
async function openFleetView(workbench: Workbench): Promise<number> {
  const service = /^No service\d+ nodes/;
  await workbench.runCommand('Consul Exec: Focus on Fleet View');
  await workbench.tree.waitFor(service, 60_000);
  await workbench.tree.expand(service);
  const header = workbench.page.getByRole('button', { name: /^Fleet .*Section$/ });
  // Its middle can have a button.
  const toggle = () => header.click({ position: { x: 30, y: 10 } });
  await toggle();
  await workbench.tree.row(service).waitFor({ state: 'hidden' });
  await workbench.page.waitForTimeout(1000);
  const from = performance.now();
  await toggle();
  await workbench.tree.waitFor(/healthy/);
  const drawn = performance.now() - from;
  await toggle();
  await workbench.tree.row(service).waitFor({ state: 'hidden' });
  return drawn;
}

/** @returns milliseconds from the click that opens a run's row until its nodes are drawn */
async function openTree(workbench: Workbench): Promise<number> {
  await workbench.tree.toggle('true');
  await workbench.page.waitForTimeout(1000);
  const from = performance.now();
  await workbench.tree.toggle('true');
  await workbench.tree.waitFor(/exited/);
  return performance.now() - from;
}
