import { glob } from 'node:fs/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { ensureChromium } from './setup/chromium.ts';
import { ensureConsul } from './setup/consul.ts';
import { PlainError } from './setup/plainError.ts';
import { say } from './setup/progress.ts';
import { repository } from './setup/repository.ts';
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

/** Ctrl-C ends the test files too, which then end their agents and windows. */
const interruption = new AbortController();

/** @returns the counts; a level without tests counts as one failure, since it proves nothing */
async function runLevel(name: string, level: Level): Promise<Counts> {
  say(`\n== ${name} tests`);
  const files: string[] = [];
  for await (const file of glob(`test/${name}/**/*.test.ts`, { cwd: repository })) files.push(file);
  if (files.length === 0) {
    say(`There is no test/${name}/**/*.test.ts.`);
    return { passed: 0, failed: 1 };
  }
  await level.prepare();
  const stream = run({
    files: files.sort(),
    cwd: repository,
    concurrency: level.concurrency,
    timeout: level.timeoutMs,
    signal: interruption.signal,
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

async function main(): Promise<void> {
  const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(levels);
  const total = { passed: 0, failed: 0 };
  for (const name of names) {
    const level = levels[name];
    if (!level)
      throw new PlainError(`There is no level "${name}", only ${Object.keys(levels).join(', ')}.`);
    if (interruption.signal.aborted) break;
    const { passed, failed } = await runLevel(name, level).catch((error: unknown) => {
      if (!(error instanceof PlainError)) throw error;
      say(error.message);
      return { passed: 0, failed: 1 };
    });
    total.passed += passed;
    total.failed += failed;
  }
  process.stdout.write(`\n${total.passed} passed, ${total.failed} failed\n`);
  process.exitCode = total.failed > 0 || interruption.signal.aborted ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => interruption.abort());
}
try {
  await main();
} catch (error) {
  if (!(error instanceof PlainError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
