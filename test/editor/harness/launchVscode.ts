import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../../setup/command.ts';
import { freePort } from '../../setup/freePort.ts';
import { OwnedProcess } from '../../setup/ownedProcess.ts';
import { PlainError } from '../../setup/plainError.ts';
import { nodeFolder } from '../../setup/repository.ts';
import { temporaryFolder } from '../../setup/temporaryFolder.ts';
import { ensureVscodeServer } from '../../setup/vscodeServer.ts';

export interface VscodeOptions {
  /** The folder that the window opens; absolute. */
  readonly workspaceFolder: string;
  /** A packaged extension to install first, as a user would; absolute. */
  readonly vsix?: string;
  /**
   * An extension to load from its source folder; absolute. It takes the smoke test driver, which keeps
   * notifications off the screen: install a vsix to see those.
   */
  readonly extensionDevelopmentPath?: string;
  /** A module whose `run()` the extension host calls; absolute, ends with .js. Modal dialogs are refused then. */
  readonly extensionTestsPath?: string;
  /** On top of settings that keep the window quiet. */
  readonly userSettings?: Readonly<Record<string, unknown>>;
  /** As keybindings.json has them. */
  readonly keybindings?: readonly Keybinding[];
  /** Added to the environment of the extension host; CONSUL_* of the developer is not passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether folders are trusted without a question; true by default, false opens in Restricted Mode. */
  readonly trust?: boolean;
  /** A free one by default. */
  readonly port?: number;
}

export interface Keybinding {
  readonly key: string;
  readonly command: string;
  readonly args?: unknown;
}

interface LogFile {
  /** Relative to the folder of logs. */
  readonly path: string;
  readonly text: string;
}

export interface Vscode {
  /** What a browser opens. */
  readonly url: string;
  readonly port: number;
  readonly serverDataDir: string;
  /** What the server itself printed. */
  serverLog(): Promise<string>;
  /** All log files so far; an extension's log channel is `exthost…/<extension id>/<channel>.log`. */
  logs(): Promise<LogFile[]>;
  /** Ends the server and its extension hosts and removes all its files. */
  stop(): Promise<void>;
}

/** Nothing may pop up that a test did not ask for, and nothing may ask the network. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'security.workspace.trust.startupPrompt': 'never',
  'git.enabled': false,
};

/**
 * Starts a real VS Code server with data folders of its own and waits until it answers.
 * @throws PortTakenError; PlainError when the extension cannot be installed or the server does not start
 */
export async function launchVscode(options: VscodeOptions): Promise<Vscode> {
  const serverMain = await ensureVscodeServer();
  const folder = temporaryFolder('vscode');
  const serverDataDir = join(folder.path, 'server');
  const folders = [
    ...['--server-data-dir', serverDataDir],
    ...['--extensions-dir', join(folder.path, 'extensions')],
  ];
  const env = environment(options.env ?? {});
  const userFolder = join(serverDataDir, 'data', 'User');
  const logFile = join(folder.path, 'server.log');
  let server: OwnedProcess | undefined;
  const stop = async () => {
    await server?.end('SIGTERM', 3_000);
    folder.remove();
  };
  try {
    await mkdir(userFolder, { recursive: true });
    await writeFile(
      join(userFolder, 'settings.json'),
      JSON.stringify({ ...quietSettings, ...options.userSettings }, undefined, 2),
    );
    await writeFile(
      join(userFolder, 'keybindings.json'),
      JSON.stringify(options.keybindings ?? [], undefined, 2),
    );
    if (options.vsix !== undefined) {
      const args = [serverMain, '--install-extension', options.vsix, ...folders];
      await runCommand(process.execPath, args, { env });
    }
    const port = await freePort(options.port ?? 0);
    const developing = options.extensionDevelopmentPath ?? options.extensionTestsPath;
    const args = [
      ...[serverMain, '--host', '127.0.0.1', '--port', String(port), ...folders],
      ...['--without-connection-token', '--accept-server-license-terms'],
      ...['--telemetry-level', 'off'],
      // Without it, a built VS Code ignores the development paths of the URL.
      ...(developing === undefined ? [] : ['--enable-smoke-test-driver']),
      ...(options.trust === false ? [] : ['--disable-workspace-trust']),
    ];
    server = await OwnedProcess.start(process.execPath, args, { cwd: folder.path, env, logFile });
    await waitForAnswer(server, `http://127.0.0.1:${port}/`, logFile);
    return {
      url: windowUrl(port, options),
      port,
      serverDataDir,
      serverLog: () => readFile(logFile, 'utf8'),
      logs: () => readLogs(join(serverDataDir, 'data', 'logs')),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function environment(own: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|CONSUL_|npm_)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    PATH: [nodeFolder, process.env['PATH']].join(delimiter),
    ...own,
  };
}

function windowUrl(port: number, options: VscodeOptions): string {
  const url = new URL(`http://127.0.0.1:${port}/`);
  url.searchParams.set('folder', options.workspaceFolder);
  const payload = (['extensionDevelopmentPath', 'extensionTestsPath'] as const).flatMap((key) => {
    const path = options[key];
    return path === undefined ? [] : [[key, `vscode-remote://127.0.0.1:${port}${path}`]];
  });
  if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

async function waitForAnswer(server: OwnedProcess, url: string, logFile: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok === true) return;
    if (!server.running || performance.now() > deadline) {
      const log = await readFile(logFile, 'utf8');
      throw new PlainError(`The VS Code server did not start:\n${log.slice(-2_000)}`);
    }
    await sleep(100);
  }
}

async function readLogs(folder: string): Promise<LogFile[]> {
  const paths = await readdir(folder, { recursive: true }).catch(() => []);
  return Promise.all(
    paths
      .filter((path) => path.endsWith('.log'))
      .map(async (path) => ({ path, text: await readFile(join(folder, path), 'utf8') })),
  );
}
