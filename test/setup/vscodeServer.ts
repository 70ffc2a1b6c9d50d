import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { cached } from './cache.ts';
import { runCommand } from './command.ts';
import { ensureDebianPackage } from './debianPackage.ts';
import { PlainError } from './plainError.ts';
import { step } from './progress.ts';
import { nodeFolder } from './repository.ts';
import type { VscodeRelease } from './vscodeReleases.ts';

export interface VscodeServer {
  /** The path of its `server-main.js`. */
  readonly main: string;
  /** The folder of the Node that runs it. */
  readonly nodeFolder: string;
}

/**
 * Makes sure that a real VS Code exists that runs without a desktop.
 * @throws PlainError with npm's output if it can't be installed
 */
export async function ensureVscodeServer(release: VscodeRelease): Promise<VscodeServer> {
  const node = release.node ?? process.versions.node.split('.')[0] ?? '';
  const name = `${release.npmPackage.replace('@', '-')}-node${node}`;
  const folder = await cached(name, (building) =>
    step(`Installing the server of VS Code ${release.version} (once, about two minutes)`, () =>
      installServer(release, building),
    ),
  );
  return {
    main: join(serverFolder(folder), 'out', 'server-main.js'),
    nodeFolder: nodeFolderOf(release, folder),
  };
}

function serverFolder(folder: string): string {
  return join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
}

function nodeFolderOf({ node }: VscodeRelease, folder: string): string {
  return node === undefined
    ? nodeFolder
    : join(ownNodeFolder(folder), 'node_modules', 'node', 'bin');
}

function ownNodeFolder(folder: string): string {
  return join(folder, 'node');
}

async function installServer(release: VscodeRelease, folder: string): Promise<void> {
  requirePlainPath(folder);
  await ensureDebianPackage(['g++', 'make', 'python3'], 'g++', 'make', 'python3');
  const vscode = serverFolder(folder);
  await writeFile(join(folder, 'package.json'), '{"private":true}\n');
  if (release.node !== undefined) await installNode(release.node, ownNodeFolder(folder));
  const node = nodeFolderOf(release, folder);
  const headers = await linkNodeHeaders(node, folder);
  const env = npmEnvironment(node, headers);
  await step('  downloading', () =>
    npm(env, folder, 'install', '--ignore-scripts', release.npmPackage),
  );
  await replaceDependencies(release.replaced ?? {}, vscode);
  await step('  installing its dependencies', () =>
    npm(env, vscode, 'install', '--omit=dev', '--ignore-scripts'),
  );
  if (release.lacksRipgrep === true) await addRipgrep(vscode);
  await step('  compiling its native modules', () =>
    // Their install scripts compile them, so these must run even if npm is set to ignore install scripts.
    npm(env, vscode, 'rebuild', '--ignore-scripts=false', ...release.nativeModules),
  );
  if (headers !== undefined) await rm(headers);
  if (!existsSync(join(vscode, 'out', 'server-main.js'))) {
    throw new PlainError(
      `${release.npmPackage} doesn't have the VS Code server in the expected folder.`,
    );
  }
  const product = await readFile(join(vscode, 'product.json'), 'utf8');
  const { version } = JSON.parse(product) as { readonly version: string };
  if (version !== release.version) {
    throw new PlainError(`${release.npmPackage} has VS Code ${version}, not ${release.version}.`);
  }
}

async function installNode(version: string, folder: string): Promise<void> {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{"private":true}\n');
  await step(`  installing Node ${version}`, () =>
    // Its install script fetches the binary from npm.
    npm(npmEnvironment(nodeFolder), folder, 'install', '--ignore-scripts=false', `node@${version}`),
  );
}

/** Changes what a package asks for, and removes it from its lock file. */
async function replaceDependencies(
  replaced: Readonly<Record<string, string>>,
  folder: string,
): Promise<void> {
  if (Object.keys(replaced).length === 0) return;
  interface Manifest {
    readonly dependencies: Readonly<Record<string, string>>;
  }
  const edit = async <T>(name: string, change: (content: T) => T): Promise<void> => {
    const file = join(folder, name);
    const content = JSON.parse(await readFile(file, 'utf8')) as T;
    await writeFile(file, JSON.stringify(change(content), undefined, 2));
  };
  const withReplaced = <T extends Manifest>(manifest: T): T => ({
    ...manifest,
    dependencies: { ...manifest.dependencies, ...replaced },
  });
  await edit<Manifest>('package.json', withReplaced);
  await edit<{ readonly packages: Readonly<Record<string, Manifest>> }>(
    'npm-shrinkwrap.json',
    (lock) => {
      const kept = Object.entries(lock.packages).flatMap(([path, entry]) => {
        if (path === '') return [[path, withReplaced(entry)] as const];
        return path.replace('node_modules/', '') in replaced ? [] : [[path, entry] as const];
      });
      return { ...lock, packages: Object.fromEntries(kept) };
    },
  );
}

/** A copy, because the cache can be used on another machine. */
async function addRipgrep(vscode: string): Promise<void> {
  const program = await ensureDebianPackage('ripgrep', 'rg');
  const folder = join(vscode, 'node_modules', '@vscode', 'ripgrep', 'bin');
  await mkdir(folder, { recursive: true });
  await copyFile(program, join(folder, 'rg'));
}

async function npm(env: NodeJS.ProcessEnv, cwd: string, ...args: string[]): Promise<void> {
  await runCommand('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env });
}

function npmEnvironment(node: string, headers?: string): NodeJS.ProcessEnv {
  return {
    // npm sets these variables for the script that runs this; for another npm they name the wrong project.
    ...Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle)_/.test(name)),
    ),
    PATH: [node, process.env['PATH']].join(delimiter),
    ...(headers !== undefined && { npm_config_nodedir: headers }),
  };
}

/** Makefiles contain paths unescaped, so a space or a quote would end them. */
function requirePlainPath(folder: string): void {
  if (!/[\s"'$#\\]/.test(folder)) return;
  throw new PlainError(
    `Can't compile VS Code's native modules in ${folder}. Set CONSUL_EXEC_CACHE to a folder without spaces or quotes.`,
  );
}

/**
 * Creates a link in `folder` to the folder above Node's `include/node`, so that compiling doesn't download
 * headers; the `node` package has them. A link, because the path of the clone can contain a space.
 */
async function linkNodeHeaders(node: string, folder: string): Promise<string | undefined> {
  const headers = nodeHeaders(node);
  if (headers === undefined) return undefined;
  const link = join(folder, 'node-headers');
  await symlink(headers, link);
  return link;
}

function nodeHeaders(node: string): string | undefined {
  const arch = `node-${process.platform}-${process.arch}`;
  const candidates = [
    dirname(node),
    join(dirname(node), 'node_modules', arch),
    join(dirname(dirname(node)), arch),
  ];
  return candidates.find((folder) => existsSync(join(folder, 'include', 'node', 'node.h')));
}
