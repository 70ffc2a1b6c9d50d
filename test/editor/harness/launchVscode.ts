import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommand } from '../../setup/command.ts';
import { freePort } from '../../setup/freePort.ts';
import { OwnedProcess } from '../../setup/ownedProcess.ts';
import { PlainError } from '../../setup/plainError.ts';
import { temporaryFolder } from '../../setup/temporaryFolder.ts';
import { givenRelease, type VscodeRelease } from '../../setup/vscodeReleases.ts';
import { ensureVscodeServer } from '../../setup/vscodeServer.ts';

export interface VscodeOptions {
  /** The newest by default, or the one that CONSUL_EXEC_VSCODE names. */
  readonly release?: VscodeRelease | undefined;
  /** The folder that the window opens; absolute. */
  readonly workspaceFolder: string;
  /** A packaged extension to install first, as a user would; absolute. */
  readonly vsix?: string;
  /** Further packaged extensions to install; absolute. */
  readonly otherExtensions?: readonly string[];
  /**
   * An extension to load from its source folder; absolute. That needs the smoke test driver, which
   * hides notifications: install a vsix to see them.
   */
  readonly extensionDevelopmentPath?: string;
  /** A module whose `run()` the extension host calls; absolute, ends with .js. VS Code then refuses modal dialogs. */
  readonly extensionTestsPath?: string;
  /** Added to settings that disable everything that pops up. */
  readonly userSettings?: Readonly<Record<string, unknown>>;
  /** The entries of keybindings.json. */
  readonly keybindings?: readonly Keybinding[];
  /** Added to the environment of the extension host, without the developer's CONSUL_* variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether to trust all folders; true by default. With false, the window opens in Restricted Mode. */
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
  /** Relative to the log folder. */
  readonly path: string;
  readonly text: string;
}

export interface Vscode {
  /** The URL for a browser. */
  readonly url: string;
  readonly port: number;
  readonly serverDataDir: string;
  /** The output of the server process. */
  serverLog(): Promise<string>;
  /** All log files so far; an extension's log channel is `exthost…/<extension id>/<channel>.log`. */
  logs(): Promise<LogFile[]>;
  /** Stops the server and its extension hosts, and deletes all its files. */
  stop(): Promise<void>;
}

/** Prevents popups and network requests that a test didn't cause. */
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
 * Starts a real VS Code server with its own data folders and waits until it responds.
 * @throws PortTakenError; PlainError when the extension cannot be installed or the server does not start
 */
export async function launchVscode(options: VscodeOptions): Promise<Vscode> {
  const { main, nodeFolder } = await ensureVscodeServer(options.release ?? givenRelease());
  const node = join(nodeFolder, 'node');
  const folder = temporaryFolder('vscode');
  const serverDataDir = join(folder.path, 'server');
  const folders = [
    ...['--server-data-dir', serverDataDir],
    ...['--extensions-dir', join(folder.path, 'extensions')],
  ];
  const temporary = join(folder.path, 'tmp');
  const env = environment(nodeFolder, temporary, options.env ?? {});
  const userFolder = join(serverDataDir, 'data', 'User');
  const logFile = join(folder.path, 'server.log');
  let server: OwnedProcess | undefined;
  const stop = async () => {
    await server?.end('SIGTERM', 3_000);
    folder.remove();
  };
  try {
    await mkdir(temporary);
    await mkdir(userFolder, { recursive: true });
    await writeFile(
      join(userFolder, 'settings.json'),
      JSON.stringify({ ...quietSettings, ...options.userSettings }, undefined, 2),
    );
    await writeFile(
      join(userFolder, 'keybindings.json'),
      JSON.stringify(options.keybindings ?? [], undefined, 2),
    );
    const extensions = [options.vsix ?? [], options.otherExtensions ?? []].flat();
    for (const extension of extensions) {
      await runCommand(node, [main, '--install-extension', extension, ...folders], { env });
    }
    const port = await freePort(options.port ?? 0);
    const developmentPath = options.extensionDevelopmentPath ?? options.extensionTestsPath;
    const args = [
      ...[main, '--host', '127.0.0.1', '--port', String(port), ...folders],
      ...['--without-connection-token', '--accept-server-license-terms'],
      ...['--telemetry-level', 'off'],
      // Without it, a built VS Code ignores the development paths of the URL.
      ...(developmentPath === undefined ? [] : ['--enable-smoke-test-driver']),
      ...(options.trust === false ? [] : ['--disable-workspace-trust']),
    ];
    server = await OwnedProcess.start(node, args, { cwd: folder.path, env, logFile });
    await waitForResponse(server, `http://127.0.0.1:${port}/`, logFile);
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

/** @param temporary the folder for temporary files: VS Code leaves its `vscode-ipc-*.sock` files there */
function environment(
  nodeFolder: string,
  temporary: string,
  added: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    // VS Code prefers XDG_RUNTIME_DIR to TMPDIR for its sockets.
    ([name]) => !/^(VSCODE_|CONSUL_|npm_|XDG_RUNTIME_DIR$)/.test(name),
  );
  return {
    ...Object.fromEntries(inherited),
    PATH: [nodeFolder, process.env['PATH']].join(delimiter),
    TMPDIR: temporary,
    ...added,
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

async function waitForResponse(server: OwnedProcess, url: string, logFile: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) }).catch(
      () => undefined,
    );
    await response?.body?.cancel();
    if (response?.ok === true) return;
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
