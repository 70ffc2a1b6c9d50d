// The one script that runs before anything is installed: plain JavaScript, no dependencies, Node 20 or later.
// It installs the packages when the lock file asks for it, then hands over to the toolchain's own Node.
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
  pictures: ['test/demo/pictures.ts'],
};

const say = (line) => process.stderr.write(`${line}\n`);

const [task = '', ...rest] = process.argv.slice(2);

const giveUp = (line) => {
  say(line);
  // The last line of a test run is its count, whatever came of it.
  if (scripts[task]?.[0] === 'test/run.ts') process.stdout.write('\n0 passed, 1 failed\n');
  process.exit(1);
};

/** What passes our signals on to whatever runs at the moment. */
let current;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    interrupted = true;
    // Ctrl-C in a terminal reaches the child as well, which takes one for all; how to end is up to it.
    current?.kill(signal);
  });
}

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

/** @returns how it ended, and what it wrote to stderr */
function npm(args) {
  return new Promise((resolve) => {
    current = spawn('npm', args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    current.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    current.on('error', () =>
      giveUp('npm was not found: install Node.js together with npm, then try again.'),
    );
    current.on('close', (code) => resolve({ code, stderr }));
  });
}

async function install() {
  say('Installing the packages (npm ci), about half a minute…');
  const { code, stderr } = await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (interrupted) giveUp('Interrupted: the next start installs the packages anew.');
  if (code !== 0) {
    const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(stderr);
    if (!offline) say(stderr.trim());
    giveUp(
      offline
        ? 'The packages could not be installed: the npm registry cannot be reached. Check the network and try again.'
        : 'The packages could not be installed: npm ci failed with the message above.',
    );
  }
  say('The packages are installed.');
}

/** Two commands at once in a fresh clone would delete each other's packages. */
async function installOnce() {
  if (installed()) return;
  const release = await takeLock(modules, (owner) =>
    say(`Waiting for process ${owner}, which is installing the packages…`),
  );
  if (!installed()) await install();
  release();
}

/** The toolchain's real binary: the link in .bin would be one more process. */
function toolchainNode() {
  const node = join(modules, 'node', 'bin', 'node');
  if (existsSync(node)) return node;
  const { stdout } = spawnSync('npm', ['config', 'get', 'ignore-scripts'], { encoding: 'utf8' });
  return giveUp(
    stdout?.trim() === 'true'
      ? 'The toolchain\'s Node.js is missing: npm is set to ignore the install scripts of packages ("ignore-scripts"), and that of "node" fetches it. Run this once, then try again:\n\n    npm rebuild node --ignore-scripts=false\n'
      : `The toolchain's Node.js is missing from ${node}: delete node_modules and try again.`,
  );
}

function run(node, args) {
  current = spawn(node, ['--disable-warning=ExperimentalWarning', ...args], {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      // Tools started from here need the same Node; the machine's own may be too old for them.
      PATH: [dirname(node), join(modules, '.bin'), process.env.PATH].join(delimiter),
    },
  });
  current.on('exit', (code, signal) =>
    process.exit(code ?? 128 + (constants.signals[signal ?? 'SIGTERM'] ?? 15)),
  );
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  giveUp(`Node.js 20 or later is needed to start; this is ${process.version}.`);
}
if (!(task in scripts)) {
  giveUp(`Unknown task "${task}". Known: ${Object.keys(scripts).join(', ')}.`);
}
await installOnce();
const script = scripts[task];
if (script) run(toolchainNode(), [...script, ...rest]);
