import { existsSync } from 'node:fs';
import { rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { cached } from './cache.ts';
import { runCommand } from './command.ts';
import { ensureDebianPackage } from './debianPackage.ts';
import { PlainError } from './plainError.ts';
import { step } from './progress.ts';
import { nodeFolder } from './repository.ts';

/** What tests run in, and package.json asks for. */
export const vscodeVersion = '1.139.1';
/** The npm build of its server. */
const release = 'code-server@4.139.1';

/** What has to be compiled for this machine; everything else runs as it is. */
const nativeModules = [
  '@vscode/spdlog',
  '@parcel/watcher',
  '@vscode/native-watchdog',
  'node-pty',
  '@vscode/sqlite3',
];

/**
 * A real VS Code that runs without a desktop.
 * @returns the path of its `server-main.js`, to be run with the Node that runs this
 * @throws PlainError with npm's words when it cannot be installed
 */
export async function ensureVscodeServer(): Promise<string> {
  const major = process.versions.node.split('.')[0] ?? '';
  const folder = await cached(`${release.replace('@', '-')}-node${major}`, (building) =>
    step('Installing the VS Code server (once, about two minutes)', () => installServer(building)),
  );
  return join(folder, 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js');
}

async function installServer(folder: string): Promise<void> {
  requirePlainPath(folder);
  await ensureDebianPackage(['g++', 'make', 'python3'], 'g++', 'make', 'python3');
  const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  await writeFile(join(folder, 'package.json'), '{"private":true}\n');
  const headers = await linkNodeHeaders(folder);
  const npm = (cwd: string, ...args: string[]) =>
    runCommand('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      env: npmEnvironment(headers),
    });
  await step('  downloading', () => npm(folder, 'install', '--ignore-scripts', release));
  await step('  its dependencies', () => npm(vscode, 'install', '--omit=dev', '--ignore-scripts'));
  await step('  compiling its native modules', () =>
    // Compiling is their install script, so it must run even where npm is set to ignore those.
    npm(vscode, 'rebuild', '--ignore-scripts=false', ...nativeModules),
  );
  if (headers !== undefined) await rm(headers);
  if (!existsSync(join(vscode, 'out', 'server-main.js'))) {
    throw new PlainError(`${release} does not hold the VS Code server where it used to.`);
  }
}

function npmEnvironment(headers: string | undefined): NodeJS.ProcessEnv {
  return {
    // npm sets these for the script it runs us from; inside another npm they point at the wrong project.
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle)_/.test(name)),
    ),
    PATH: [nodeFolder, process.env['PATH']].join(delimiter),
    ...(headers !== undefined && { npm_config_nodedir: headers }),
  };
}

/** Compiling writes paths into makefiles as they are, where a space or a quote ends them. */
function requirePlainPath(folder: string): void {
  if (!/[\s"'$#\\]/.test(folder)) return;
  throw new PlainError(
    `VS Code's native modules cannot be compiled in ${folder}: name a folder without spaces or quotes in CONSUL_EXEC_CACHE.`,
  );
}

/**
 * A link in `folder` to the folder above Node's `include/node`, so that compiling downloads no headers; the
 * `node` package brings them. A link, because the clone may be in a folder with a space in its name.
 */
async function linkNodeHeaders(folder: string): Promise<string | undefined> {
  const headers = nodeHeaders();
  if (headers === undefined) return undefined;
  const link = join(folder, 'node-headers');
  await symlink(headers, link);
  return link;
}

function nodeHeaders(): string | undefined {
  const arch = `node-${process.platform}-${process.arch}`;
  const places = [
    dirname(nodeFolder),
    join(dirname(nodeFolder), 'node_modules', arch),
    join(dirname(dirname(nodeFolder)), arch),
  ];
  return places.find((place) => existsSync(join(place, 'include', 'node', 'node.h')));
}
