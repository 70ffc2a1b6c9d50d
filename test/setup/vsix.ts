import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { runCommand } from './command.ts';
import { takeLock } from './lock.mjs';
import { PlainError } from './plainError.ts';
import { say, step } from './progress.ts';
import { nodeFolder, repository, vsixFile } from './repository.ts';

/**
 * Builds and packages the extension as it ships (`npm run package`). Two builds in one clone take turns, and
 * readers of the file always see it complete: the new file replaces the old one at once.
 * @returns the path of the vsix file
 * @throws PlainError with the output of the build if it fails
 */
export async function buildVsix(): Promise<string> {
  const unlock = await takeLock(vsixFile, (owner) =>
    say(`  waiting for process ${owner}, which is building the extension`),
  );
  try {
    return await step('Building the extension', build);
  } finally {
    unlock();
  }
}

async function build(): Promise<string> {
  await mkdir(dirname(vsixFile), { recursive: true });
  const bin = join(repository, 'node_modules', '.bin');
  const fresh = `${vsixFile}.new`;
  await rm(fresh, { force: true });
  await runCommand('npm', ['run', '--silent', 'package', '--', '--out', fresh], {
    cwd: repository,
    env: { ...process.env, PATH: [nodeFolder, bin, process.env['PATH']].join(delimiter) },
  });
  if (!existsSync(fresh)) throw new PlainError(`npm run package didn't create ${fresh}.`);
  await rename(fresh, vsixFile);
  return vsixFile;
}
