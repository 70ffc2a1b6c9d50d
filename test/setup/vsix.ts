import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { runCommand } from './command.ts';
import { step } from './progress.ts';
import { nodeFolder, repository, vsixFile } from './repository.ts';
import { PlainError } from './plainError.ts';

/**
 * Builds and packages the extension as it ships (`npm run package`).
 * @returns the vsix file's path
 * @throws PlainError with what the build printed when it fails
 */
export function buildVsix(): Promise<string> {
  return step('Building the extension', async () => {
    await mkdir(dirname(vsixFile), { recursive: true });
    const bin = join(repository, 'node_modules', '.bin');
    await runCommand('npm', ['run', '--silent', 'package'], {
      cwd: repository,
      env: { ...process.env, PATH: [nodeFolder, bin, process.env['PATH']].join(delimiter) },
    });
    if (!existsSync(vsixFile)) throw new PlainError(`npm run package left no ${vsixFile}.`);
    return vsixFile;
  });
}
