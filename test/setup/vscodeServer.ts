import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { cached } from './cache.ts';
import { runCommand } from './command.ts';
import { PlainError } from './plainError.ts';
import { step } from './progress.ts';
import { nodeFolder } from './repository.ts';

/** The npm build of VS Code's server; 4.139.1 carries VS Code 1.139.1. */
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
  const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  await writeFile(join(folder, 'package.json'), '{"private":true}\n');
  const npm = (cwd: string, ...args: string[]) =>
    runCommand('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      env: npmEnvironment(),
    });
  await step('  downloading', () => npm(folder, 'install', '--ignore-scripts', release));
  await step('  its dependencies', () => npm(vscode, 'install', '--omit=dev', '--ignore-scripts'));
  await step('  compiling its native modules', () => npm(vscode, 'rebuild', ...nativeModules));
  if (!existsSync(join(vscode, 'out', 'server-main.js'))) {
    throw new PlainError(`${release} does not hold the VS Code server where it used to.`);
  }
}

function npmEnvironment(): NodeJS.ProcessEnv {
  const headers = nodeHeaders();
  return {
    // npm sets these for the script it runs us from; inside another npm they point at the wrong project.
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle)_/.test(name)),
    ),
    PATH: [nodeFolder, process.env['PATH']].join(delimiter),
    ...(headers !== undefined && { npm_config_nodedir: headers }),
  };
}

/** The folder above `include/node`, so that compiling downloads no headers; the `node` package brings them. */
function nodeHeaders(): string | undefined {
  const arch = `node-${process.platform}-${process.arch}`;
  const places = [
    dirname(nodeFolder),
    join(dirname(nodeFolder), 'node_modules', arch),
    join(dirname(dirname(nodeFolder)), arch),
  ];
  return places.find((place) => existsSync(join(place, 'include', 'node', 'node.h')));
}
