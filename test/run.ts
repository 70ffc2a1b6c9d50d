import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { inspect } from 'node:util';
import { PROFILES } from './fleet/newerConsul.ts';
import { ensureChromium } from './setup/chromium.ts';
import { ensureConsul } from './setup/consul.ts';
import { PlainError } from './setup/plainError.ts';
import { say } from './setup/progress.ts';
import { repository } from './setup/repository.ts';
import { untilInterrupted } from './setup/shutdown.ts';
import { newestVscode, oldestVscode } from './setup/vscodeReleases.ts';
import { ensureVscodeServer } from './setup/vscodeServer.ts';
import { buildVsix } from './setup/vsix.ts';

interface Level {
  /** The time limit for one test, or one `describe` around several; milliseconds. */
  readonly timeoutMs: number;
  /** Number of test files that run at a time: windows would slow each other down on two cores. */
  readonly concurrency: number | true;
  /** Versions of Consul that its tests also meet, through the proxies of `test/fleet/newerConsul.ts`. */
  readonly profiles?: readonly string[];
  /** Fetches and builds what the tests need. */
  readonly prepare: () => Promise<void>;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Outcome extends Counts {
  readonly interrupted: boolean;
}

/** One test that fails before its cleanup must not keep all others from running. */
const endHanging = join(repository, 'test/setup/endHanging.ts');

/** The outcome of a level that proves nothing. */
const unsound: Outcome = { passed: 0, failed: 1, interrupted: false };

const levels: Readonly<Record<string, Level>> = {
  unit: { timeoutMs: 60_000, concurrency: true, prepare: () => Promise.resolve() },
  consul: {
    timeoutMs: 180_000,
    // Agents mostly wait.
    concurrency: 3,
    profiles: Object.keys(PROFILES),
    prepare: async () => {
      await ensureConsul();
    },
  },
  editor: {
    timeoutMs: 300_000,
    concurrency: 1,
    prepare: async () => {
      await ensureConsul();
      await ensureVscodeServer(newestVscode);
      await ensureVscodeServer(oldestVscode);
      await ensureChromium();
      await buildVsix();
    },
  },
};

/** @returns the counts; a level without tests counts as one failure, because it proves nothing */
async function runLevel(name: string, level: Level): Promise<Outcome> {
  say(`\n== ${name} tests`);
  const files: string[] = [];
  for await (const file of glob(`test/${name}/**/*.test.ts`, { cwd: repository })) files.push(file);
  if (files.length === 0) {
    say(`No files match test/${name}/**/*.test.ts.`);
    return unsound;
  }
  // Ctrl-C ends a preparation at once, but test files get time to end their agents and windows.
  await level.prepare();
  return untilInterrupted(async (signal) => {
    const counts = await runProfiles(files.sort(), level, signal);
    return { ...counts, interrupted: signal.aborted };
  });
}

/** All files as the agents are, and then once for each version that proxies imitate. */
async function runProfiles(files: string[], level: Level, signal: AbortSignal): Promise<Counts> {
  let { passed, failed } = await runFiles(files, level, signal);
  for (const profile of imitated(level)) {
    if (signal.aborted) break;
    say(`\n== The agents look like Consul ${profile}.`);
    process.env[PROFILE] = profile;
    const counts = await runFiles(files, level, signal);
    Reflect.deleteProperty(process.env, PROFILE);
    passed += counts.passed;
    failed += counts.failed;
  }
  return { passed, failed };
}

const PROFILE = 'CONSUL_EXEC_PROFILE';

/** A single profile or another binary leaves nothing to imitate. */
function imitated({ profiles = [] }: Level): readonly string[] {
  const { CONSUL_BIN: binary, [PROFILE]: given } = process.env;
  return binary === undefined && given === undefined ? profiles : [];
}

async function runFiles(files: string[], level: Level, signal: AbortSignal): Promise<Counts> {
  const options = {
    files,
    // Not in the types, which are those of Node 22.
    cwd: repository,
    concurrency: level.concurrency,
    timeout: level.timeoutMs,
    execArgv: ['--import', endHanging],
    signal,
  };
  const stream = run(options);
  let counts: Counts = { passed: 0, failed: 1 };
  stream.on('test:summary', ({ counts: sum, file, success }) => {
    if (file !== undefined) return;
    const failed = sum.tests - sum.passed - sum.skipped - sum.todo;
    // A hook that fails after the last test doesn't fail a test, but fails the run.
    const sound = success && sum.tests > 0;
    counts = { passed: sum.passed, failed: sound ? failed : Math.max(failed, 1) };
  });
  for await (const text of stream.compose(new spec())) process.stdout.write(String(text));
  return counts;
}

/** Prints any error in full and counts it as a failure, so that the last line is always the count. */
async function attempt(name: string): Promise<Outcome> {
  const level = levels[name];
  try {
    if (level) return await runLevel(name, level);
    say(`There is no level "${name}". Use one of: ${Object.keys(levels).join(', ')}.`);
  } catch (error) {
    say(error instanceof PlainError ? error.message : inspect(error));
  }
  return unsound;
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(levels);
let passed = 0;
let failed = 0;
for (const name of names) {
  const outcome = await attempt(name);
  passed += outcome.passed;
  failed += outcome.failed;
  if (outcome.interrupted) {
    say('\nInterrupted.');
    failed = Math.max(failed, 1);
    break;
  }
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 ? 1 : 0;
