import { findOnPath, runCommand } from './command.ts';
import { hasApt } from './debianArchive.ts';
import { PlainError } from './plainError.ts';
import { step } from './progress.ts';

/**
 * A program that a Debian package brings, such as nginx; installed when it is missing and we are root.
 * @param packages what to install, the program's package first
 * @returns the program's full path
 * @throws PlainError that says what to install when we cannot
 */
export async function ensureDebianPackage(
  packages: string | readonly string[],
  command: string,
): Promise<string> {
  const found = findOnPath(command);
  if (found) return found;
  const names = [packages].flat();
  if (!hasApt() || process.getuid?.() !== 0) {
    throw new PlainError(`${command} is missing: install ${names.join(' and ')} and try again.`);
  }
  await step(`Installing ${names.join(' and ')} (once)`, async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await runCommand('apt-get', ['-q', 'update'], { env });
    await runCommand('apt-get', ['-qy', 'install', '--no-install-recommends', ...names], { env });
  });
  const installed = findOnPath(command);
  if (!installed) throw new PlainError(`${names.join(', ')} brought no program ${command}.`);
  return installed;
}
