// The one script that runs before anything is installed: plain JavaScript, no dependencies, Node 20 or later.
// It installs the packages when the lock file asks for it, then hands over to the toolchain's own Node.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
};

const say = (line) => process.stderr.write(`${line}\n`);

const giveUp = (line) => {
  say(line);
  process.exit(1);
};

/** The packages of a lock file; none when it is missing or was left half written. */
const lockedPackages = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return {};
  }
};

/**
 * npm notes what it installed in a lock file of its own, as its last act. Comparing the two leaves alone
 * what somebody installed by hand, and sees an interrupted install. Packages for other systems are never there.
 */
function installed() {
  const present = lockedPackages(join(modules, '.package-lock.json'));
  return Object.entries(lockedPackages(join(root, 'package-lock.json'))).every(
    ([path, { optional, version }]) =>
      path === '' || optional === true || present[path]?.version === version,
  );
}

function install() {
  say('Installing the packages (npm ci), about half a minute…');
  // npm is a .cmd file on Windows, which only a shell can run.
  const result = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (result.error) {
    giveUp('npm was not found: install Node.js together with npm, then try again.');
  }
  if (result.status !== 0) {
    const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(result.stderr);
    if (!offline) say(result.stderr.trim());
    giveUp(
      offline
        ? 'The packages could not be installed: the npm registry cannot be reached. Check the network and try again.'
        : 'The packages could not be installed: npm ci failed with the message above.',
    );
  }
  say('The packages are installed.');
}

/** The folder of the toolchain's real binary: a link in .bin would be one more process or a .cmd file. */
function toolchainNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = join(modules, 'node', 'bin', name);
  if (!existsSync(node)) {
    giveUp(`The toolchain's Node.js is missing from ${node}: delete node_modules and try again.`);
  }
  return node;
}

function run(node, args) {
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      // Tools started from here need the same Node; the machine's own may be too old for them.
      PATH: [dirname(node), join(modules, '.bin'), process.env.PATH].join(delimiter),
    },
  });
  // Ctrl-C reaches the child from the terminal as well; it is up to the child how to end, so we only wait.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('exit', (code, signal) =>
    process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15)),
  );
}

const [task = '', ...rest] = process.argv.slice(2);
if (Number(process.versions.node.split('.')[0]) < 20) {
  giveUp(`Node.js 20 or later is needed to start; this is ${process.version}.`);
}
if (!(task in scripts)) {
  giveUp(`Unknown task "${task}". Known: ${Object.keys(scripts).join(', ')}.`);
}
if (!installed()) install();
const script = scripts[task];
if (script) run(toolchainNode(), [...script, ...rest]);
