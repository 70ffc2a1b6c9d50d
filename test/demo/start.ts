import { spawn } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { launchVscode, type Vscode } from '../editor/harness/launchVscode.ts';
import { failingNode, outdatedNode, refusingNode, startDemoFleet } from '../fleet/demoFleet.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { findOnPath } from '../setup/command.ts';
import { ensureConsul } from '../setup/consul.ts';
import { PortTakenError } from '../setup/freePort.ts';
import { PlainError } from '../setup/plainError.ts';
import { say, step } from '../setup/progress.ts';
import { temporaryFolder } from '../setup/temporaryFolder.ts';
import { givenRelease } from '../setup/vscodeReleases.ts';
import { ensureVscodeServer } from '../setup/vscodeServer.ts';
import { buildVsix } from '../setup/vsix.ts';
import { type DemoOptions, parseDemoOptions, preferredPort, usage } from './options.ts';

async function main(): Promise<void> {
  const options = parseDemoOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  await ensureConsul();
  await ensureVscodeServer(givenRelease());
  const vsix = await buildVsix();
  const fleet = await step(`Starting ${options.nodes + 1} Consul agents`, () =>
    startDemoFleet(options.nodes),
  );
  const vscode = await step('Starting VS Code with the extension', () =>
    startVscode(options, vsix, fleet),
  );
  describe(fleet, vscode);
  if (options.openBrowser) openInBrowser(vscode.url);
  // The agents and the server don't keep this process running. Ctrl-C ends it, and its cleanups end them.
  setInterval(() => undefined, 60_000);
}

async function startVscode(options: DemoOptions, vsix: string, fleet: Fleet): Promise<Vscode> {
  const folder = temporaryFolder('demo');
  const workspaceFolder = join(folder.path, 'scripts');
  // A copy, so that edits of the scripts don't change the clone.
  await cp(join(import.meta.dirname, 'workspace'), workspaceFolder, { recursive: true });
  const launch = (port: number) =>
    launchVscode({
      vsix,
      workspaceFolder,
      port,
      env: { CONSUL_HTTP_ADDR: fleet.address },
      userSettings: { 'files.eol': '\n', 'consulExec.assistants': 'propose' },
    });
  if (options.port !== 0) return launch(options.port);
  return launch(preferredPort).catch((error: unknown) => {
    if (error instanceof PortTakenError) return launch(0);
    throw error;
  });
}

function describe(fleet: Fleet, vscode: Vscode): void {
  const special: Record<string, string> = {
    [refusingNode]: 'ignores remote exec: no response',
    [failingNode]: 'its health check fails; it still runs jobs',
    [outdatedNode]: 'runs an older version than the others',
  };
  const nodes = fleet.nodes.slice(1).map(({ name, services = [] }) => {
    const service = services.map(
      ({ name, id, tags = [] }) => `${name} (id ${id}: ${tags.join(', ')})`,
    );
    const note = special[name] === undefined ? '' : `  <- ${special[name]}`;
    return `  ${name.padEnd(9)}${service.join(', ')}${note}`;
  });
  process.stdout.write(`
Consul ${fleet.datacenter} at ${fleet.address}, ${fleet.agents.length} agents:
  server-1
${nodes.join('\n')}

VS Code is ready:

    ${vscode.url}

Open uptime.sh and run it on the nodes from the editor's context menu. Press Ctrl-C here to end everything.
`);
}

function openInBrowser(url: string): void {
  const opener = findOnPath('xdg-open') ?? findOnPath('open');
  if (opener === undefined) return;
  // This fails without a desktop; the address is printed for that case.
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

try {
  await main();
} catch (error) {
  if (!(error instanceof PlainError)) throw error;
  say(error.message);
  process.exit(1);
}
