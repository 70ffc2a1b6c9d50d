import { glob } from 'node:fs/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { inspect } from 'node:util';
import { ensureChromium } from './setup/chromium.ts';
import { ensureConsul } from './setup/consul.ts';
import { PlainError } from './setup/plainError.ts';
import { say } from './setup/progress.ts';
import { repository } from './setup/repository.ts';
import { untilInterrupted } from './setup/shutdown.ts';
import { ensureVscodeServer } from './setup/vscodeServer.ts';
import { buildVsix } from './setup/vsix.ts';

interface Level {
  /** What one test, or one `describe` around several, may take; milliseconds. */
  readonly timeoutMs: number;
  /** Test files at a time: fleets and windows would slow each other down on two cores. */
  readonly concurrency: number | true;
  /** Fetches and builds what the tests expect to be there. */
  readonly prepare: () => Promise<void>;
}

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Outcome extends Counts {
  readonly interrupted: boolean;
}

/** Of a level that proved nothing. */
const unsound: Outcome = { passed: 0, failed: 1, interrupted: false };

const levels: Readonly<Record<string, Level>> = {
  unit: { timeoutMs: 60_000, concurrency: true, prepare: () => Promise.resolve() },
  consul: {
    timeoutMs: 180_000,
    concurrency: 1,
    prepare: async () => {
      await ensureConsul();
    },
  },
  editor: {
    timeoutMs: 300_000,
    concurrency: 1,
    prepare: async () => {
      await ensureConsul();
      await ensureVscodeServer();
      await ensureChromium();
      await buildVsix();
    },
  },
};

/** @returns the counts; a level without tests counts as one failure, since it proves nothing */
async function runLevel(name: string, level: Level): Promise<Outcome> {
  say(`\n== ${name} tests`);
  const files: string[] = [];
  for await (const file of glob(`test/${name}/**/*.test.ts`, { cwd: repository })) files.push(file);
  if (files.length === 0) {
    say(`There is no test/${name}/**/*.test.ts.`);
    return unsound;
  }
  // Ctrl-C ends a preparation on the spot, but lets test files end their agents and windows.
  await level.prepare();
  return untilInterrupted(async (signal) => {
    const counts = await runFiles(files.sort(), level, signal);
    return { ...counts, interrupted: signal.aborted };
  });
}

async function runFiles(files: string[], level: Level, signal: AbortSignal): Promise<Counts> {
  const stream = run({
    files,
    cwd: repository,
    concurrency: level.concurrency,
    timeout: level.timeoutMs,
    signal,
  });
  let counts: Counts = { passed: 0, failed: 1 };
  stream.on('test:summary', ({ counts: sum, file, success }) => {
    if (file !== undefined) return;
    const failed = sum.tests - sum.passed - sum.skipped - sum.todo;
    // A hook that fails after the last test fails no test, yet the run.
    const sound = success && sum.tests > 0;
    counts = { passed: sum.passed, failed: sound ? failed : Math.max(failed, 1) };
  });
  for await (const text of stream.compose(new spec())) process.stdout.write(String(text));
  return counts;
}

/** Whatever goes wrong is told in full and counts as a failure: the last line is always the count. */
async function attempt(name: string): Promise<Outcome> {
  const level = levels[name];
  try {
    if (level) return await runLevel(name, level);
    say(`There is no level "${name}", only ${Object.keys(levels).join(', ')}.`);
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
