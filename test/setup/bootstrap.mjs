// This script runs before anything is installed: plain JavaScript, no dependencies, Node 20 or later.
// It installs the packages if the lock file changed, then starts the task with the toolchain's own Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { takeLock } from './lock.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const modules = join(root, 'node_modules');

const scripts = {
  install: undefined,
  start: ['test/demo/start.ts'],
  test: ['test/run.ts'],
  unit: ['test/run.ts', 'unit'],
  consul: ['test/run.ts', 'consul'],
  editor: ['test/run.ts', 'editor'],
  bench: ['test/bench/bench.ts'],
  certainty: ['test/certainty/certainty.ts'],
  pictures: ['scripts/pictures.ts'],
};

const say = (line) => process.stderr.write(`${line}\n`);

const [task = '', ...rest] = process.argv.slice(2);

const giveUp = (line) => {
  say(line);
  // The last line of a test run is always its count.
  if (scripts[task]?.[0] === 'test/run.ts') process.stdout.write('\n0 passed, 1 failed\n');
  process.exit(1);
};

/** The child process that runs at the moment. It gets our signals. */
let current;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = true;
    // Ctrl-C in a terminal reaches the child as well. It ignores the repeat, and decides how to end.
    current?.kill(signal);
  });
}

/** The packages of a lock file; none if it is missing or incomplete. */
const lockedPackages = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return {};
  }
};

/**
 * Compares the lock file with the one that npm writes as the last step of an install. This ignores packages
 * that were installed by hand, and detects an interrupted install. Packages for other systems are never there.
 */
function installed() {
  const present = lockedPackages(join(modules, '.package-lock.json'));
  return Object.entries(lockedPackages(join(root, 'package-lock.json'))).every(
    ([path, { optional, version }]) =>
      path === '' || optional === true || present[path]?.version === version,
  );
}

/** @returns the exit code, and the text on stderr */
function npm(args) {
  return new Promise((resolve) => {
    current = spawn('npm', args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    current.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    current.on('error', () =>
      giveUp("npm wasn't found. Install Node.js with npm, then try again."),
    );
    current.on('close', (code) => resolve({ code, stderr }));
  });
}

async function install() {
  say('Installing the packages with npm ci (about half a minute)…');
  const { code, stderr } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (interrupted) giveUp('Interrupted. The next start installs the packages again.');
  if (code !== 0) {
    const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(stderr);
    if (!offline) say(stderr.trim());
    giveUp(
      offline
        ? "Couldn't install the packages: the npm registry can't be reached. Check the network and try again."
        : "Couldn't install the packages: npm ci failed with the message above.",
    );
  }
  say('Packages installed.');
}

/** Uses a lock: two commands at once in a fresh clone would delete each other's packages. */
async function installOnce() {
  if (installed()) return;
  const release = await takeLock(modules, (owner) =>
    say(`Waiting for process ${owner}, which is installing the packages…`),
  );
  if (!installed()) await install();
  release();
}

/** The path of the toolchain's real binary: the link in .bin would add a process. */
function toolchainNode() {
  const node = join(modules, 'node', 'bin', 'node');
  if (existsSync(node)) return node;
  const { stdout } = spawnSync('npm', ['config', 'get', 'ignore-scripts'], { encoding: 'utf8' });
  return giveUp(
    stdout?.trim() === 'true'
      ? 'The toolchain\'s Node.js is missing: the install script of the package "node" fetches it, but npm is set to ignore install scripts ("ignore-scripts"). Run this once, then try again:\n\n    npm rebuild node --ignore-scripts=false\n'
      : `The toolchain's Node.js is missing from ${node}. Delete node_modules and try again.`,
  );
}

function run(node, args) {
  current = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      // Tools that start from here need the same Node; the machine's own might be too old.
      PATH: [dirname(node), join(modules, '.bin'), process.env.PATH].join(delimiter),
    },
  });
  current.on('exit', (code, signal) =>
    process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15)),
  );
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  giveUp(`This is Node.js ${process.version}. Install Node.js 20 or later.`);
}
if (!(task in scripts)) {
  giveUp(`There is no task "${task}". Use one of: ${Object.keys(scripts).join(', ')}.`);
}
await installOnce();
const script = scripts[task];
if (script) run(toolchainNode(), [...script, ...rest]);
